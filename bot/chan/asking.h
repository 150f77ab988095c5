/*
 * asking.h - requests made one after the other by a command: the loop runs until the answer
 * is there. Not for the daemon, which never waits.
 */
#ifndef CREDBOT_CHAN_ASKING_H
#define CREDBOT_CHAN_ASKING_H

#include <stdint.h>

#include "credbot/base/buf.h"
#include "credbot/base/config.h"
#include "credbot/base/err.h"
#include "credbot/base/rc.h"
#include "credbot/io/http.h"
#include "credbot/io/loop.h"

struct asking {
	struct loop *loop;
	struct http *http;
	int64_t took_ms; /* by the last answer */
	/* The last answer, until the next request. */
	struct http_answer answer;
	struct buf body, error;
};

/* Borrows l. RC_INVALID: an option of the configuration (http.*) cannot be right. */
enum rc asking_init(struct asking *a, struct loop *l, const struct config *cf,
    struct err *err);
void asking_fini(struct asking *a);

/* Waits for the answer, which is borrowed. Times and sizes that are 0 get defaults. */
const struct http_answer *asking_send(struct asking *a, struct http_request rq);
/* GET, and POST of JSON; token NULL: none is sent. */
const struct http_answer *asking_get(struct asking *a, const char *url,
    const char *token);
const struct http_answer *asking_post(struct asking *a, const char *url,
    const char *token, struct str json);
/* Waits. */
void asking_pause(struct asking *a, int64_t ms);

#endif
