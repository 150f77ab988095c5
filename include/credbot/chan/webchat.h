/*
 * webchat.h - the web chat: a page for students and the channel behind it.
 *
 * Serves GET / (the whole conversation, also without JavaScript), POST /say (for browsers
 * without it), /ws (for those with it) and the page's files, on web.listen. A student is
 * known by a cookie that only her browser has; the account that flow sees is a hash of it,
 * so the database holds no key to any conversation.
 *
 * The WebSocket speaks "credbot.v1", one JSON object a message:
 *
 *   page                                       server
 *   {"t":"hello","seen":N}                     {"t":"welcome","name":"...","epoch":"...",
 *                                               "last":N}
 *                                              the lines behind N (see below)
 *                                              {"t":"ready"}
 *   {"t":"say","id":"...","text":"..."}        {"t":"took","id":"...","seq":N}   on disk
 *   {"t":"edit","id":"...","of":"...",         {"t":"later","id":"...","after":MS,
 *    "text":"..."}                              "why":"busy"}                    send it again
 *                                              {"t":"no","id":"...","why":"..."} never
 *
 * hello comes first, within 10 seconds, and again whenever the page misses a line. An id has
 * 1 to 64 characters of A-Z a-z 0-9 _ -; a message that is sent again keeps its id and is
 * taken once. of is the id of the message that an edit replaces; took says seq 0 if the
 * message was changed in its place (then its line follows), else the edit is a line of its
 * own. why is "empty", "long" or "bad".
 *
 * A line is {"t":"line","seq":N,"at":MS,"mine":true,"id":"...","text":"..."} or
 * {"t":"line","seq":N,"at":MS,"mine":false,"body":[...],"text":"...","buttons":["..."]};
 * body is what markup_json() writes, text the same as plain text. With files it has
 * "files":[{"name":"...","type":"...","size":"12 KB","href":"/document/TOKEN"}]; who asks for
 * one must bring the session's cookie. Lines go to all open
 * pages of the student, in the order of seq, each page's own messages too. epoch names the
 * session: with another one, or if last is less than what the page has seen, the page
 * starts clean.
 */
#ifndef CREDBOT_CHAN_WEBCHAT_H
#define CREDBOT_CHAN_WEBCHAT_H

#include <stddef.h>

#include "credbot/flow/channel.h"
#include "credbot/io/web.h"

struct channel *webchat_new(void);
/* Before start: its web server serves these as well, for networks that call us. Borrowed
 * until it is stopped; each needs an arg of its own. */
void webchat_serve(struct channel *ch, const struct web_route *others, size_t n);
/* After flow_free(). Stops it first if that was not done. NULL is fine. */
void webchat_free(struct channel *ch);

/* The port it listens on; 0: a UNIX socket, or web.listen is "off". */
int webchat_port(const struct channel *ch);
/* Open connections. */
size_t webchat_connections(const struct channel *ch);

#endif
