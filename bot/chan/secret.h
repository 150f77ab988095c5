/*
 * secret.h - tokens and passwords out of files that nobody else can read.
 */
#ifndef CREDBOT_CHAN_SECRET_H
#define CREDBOT_CHAN_SECRET_H

#include "credbot/base/buf.h"
#include "credbot/base/err.h"
#include "credbot/base/rc.h"

/* Appends what the file holds, without the white space around it. RC_INVALID: it cannot be
 * read, or everybody can read it. */
enum rc secret_read_file(const char *path, struct buf *out, struct err *err);

/* The same of systemd's credential of that name. RC_NOTFOUND: there is none. */
enum rc secret_read_credential(const char *name, struct buf *out, struct err *err);

#endif
