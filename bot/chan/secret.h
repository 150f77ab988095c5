/*
 * secret.h - tokens and passwords out of files that nobody else can read.
 */
#ifndef CREDBOT_CHAN_SECRET_H
#define CREDBOT_CHAN_SECRET_H

#include "credbot/base/buf.h"
#include "credbot/base/err.h"
#include "credbot/base/rc.h"

/*
 * The token of a network, added to out: given, else what is in the file path, else systemd's
 * credential. Empty strings are not set. RC_NOTFOUND: none is; RC_INVALID: as below.
 */
enum rc secret_read(const char *given, const char *path, const char *credential,
    struct buf *out, struct err *err);

/* Appends what the file holds, without the white space around it. RC_INVALID: it cannot be
 * read, or everybody can read it. */
enum rc secret_read_file(const char *path, struct buf *out, struct err *err);

#endif
