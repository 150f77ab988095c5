/*
 * matrix_priv.h - what the parts of the Matrix channel share.
 *
 *   matrix.c           life cycle: how it begins and ends
 *   matrix_api.c       one request, and what its answer means
 *   matrix_session.c   the steps that lead to a session, see matrix_session_priv.h
 *   matrix_server.c    which server
 *   matrix_login.c     a session by user and password
 *   matrix_renew.c     tokens: kept, renewed, lost
 *   matrix_whoami.c    who we are there
 *   matrix_filter.c    what /sync shall tell
 *   matrix_token.c     where token and password come from
 *   matrix_sync.c      /sync, again and again; the next when the last is on disk
 *   matrix_news.c      reads an answer of /sync while it arrives
 *   matrix_gap.c       what a /sync has left out
 *   matrix_event.c     reads one event
 *   matrix_take.c      what the news of a room lead to
 *   matrix_run.c       who writes without a pause, as bots do
 *   matrix_room.c      what is known of rooms, over restarts
 *   matrix_errand.c    rooms to join, to refuse, to leave: until it is done
 *   matrix_invite.c    which invitations are accepted
 *   matrix_send.c      one message of the outbox as events
 *   matrix_media.c     files, on their way to the server
 *   matrix_signal.c    how far we have read, that we are writing
 *   matrix_tap.c       choices that can be tapped
 *   matrix_profile.c   our name and picture
 *   matrix_text.c      a reply as contents of events
 *   matrix_gate.c      how often we may write
 *   matrix_id.c        ids, in accounts, in paths and of what leaves
 *
 * "The specification" is the Client-Server API of Matrix.
 */
#ifndef CREDBOT_CHAN_MATRIX_PRIV_H
#define CREDBOT_CHAN_MATRIX_PRIV_H

#include <stdint.h>

#include "credbot/base/arena.h"
#include "credbot/base/bucket.h"
#include "credbot/base/buf.h"
#include "credbot/base/json.h"
#include "credbot/base/map.h"
#include "credbot/chan/matrix.h"
#include "credbot/flow/flow.h"
#include "credbot/io/http.h"

#define MATRIX_ID_MAX 255
/* 32 hexadecimal digits. */
#define MATRIX_TXN_SIZE 33
#define CLIENT_API "/_matrix/client/v3"

struct errands;
struct gap;
struct job;
struct matrix_call;
struct news;
struct room_news;
struct sending_room;
struct sync;
struct taps;
struct values;

struct matrix_gate {
	struct bucket bucket;
	int64_t closed_until_ms; /* monotonic */
	int refill_ms;           /* learnt: a message each; 0: no limit is known */
	int per_minute;          /* our own limit; 0: none */
	struct bucket own;
	int64_t eased_ms; /* when it was last made easier */
	int64_t taken_ms; /* when the server took the last message; 0: never */
	bool failing;     /* a message a second, until one arrives */
	/* Until more went through than Synapse allows by default, one asks at a time. */
	struct bucket usual;
	bool wide;
	int64_t asking_ms; /* when the last one left without an answer yet; 0: none */
};

/* How tokens of OAuth are renewed and ended; all NULL: they are of the older API. */
struct session_oauth {
	char *token_url, *revoke_url; /* revoke_url may be empty or NULL */
	char *client;
};

/* Who we are, and by what right. */
struct session {
	char *
	    homeserver; /* where requests go, without a slash at the end; NULL: not known */
	char *token;   /* NULL: none yet */
	char *refresh; /* NULL: the token needs none */
	struct session_oauth oauth;
	int64_t expires_ms;  /* wall; 0: never */
	unsigned generation; /* of the token */
	char *user;
	char *device;
	char *pending; /* tokens on their way to the disk, as they are kept */
	bool known;    /* whoami has told */
	bool busy;     /* with a step */
	bool refreshing;
	bool lost; /* the server does not take the token; soft: but knows the device */
	bool soft;
	bool kept;  /* no token is configured: those that we got and kept count */
	int logins; /* that failed */
	int tries;  /* of the step under way */
	struct timer *retry, *renew;
};

struct matrix {
	struct channel ch;
	const struct matrix_words *words;
	const struct config *config;
	struct http *http;
	struct matrix_call *calls;
	struct session session;
	char *filter;      /* NULL: not known */
	char *filter_hash; /* of the filter that it is */
	struct sync *sync;
	struct map *rooms;    /* by id: struct room */
	struct map *ignored;  /* people, by id: ourselves as the value */
	struct map *runs;     /* by account: struct matrix_run */
	struct map *inviters; /* by user: struct bucket; NULL: nobody yet */
	struct errands *errands;
	struct taps *taps;
	struct matrix_gate gate;
	struct map *sending;     /* by room: struct sending_room */
	struct job *line;        /* messages that wait for the gate, by age */
	struct timer *next_call; /* when the first of them may try */
	uint64_t tickets;
	struct progress *progress; /* of messages whose rest must wait */
	int64_t upload_max;        /* bytes; 0: not asked yet; INT64_MAX: unsaid */
	bool draining;
	bool off; /* until the next start: nothing is sent or asked any more */
};

/* --- matrix_api.c */

enum matrix_result {
	MATRIX_OK,
	MATRIX_REFUSED,   /* status and errcode say why */
	MATRIX_NOT_SENT,  /* the server has not seen it */
	MATRIX_UNCERTAIN, /* it may have been carried out */
};

struct matrix_reply {
	enum matrix_result result;
	int status;
	char errcode[64];       /* "" if the answer is no error of Matrix */
	char description[161];  /* for the log */
	int64_t retry_after_ms; /* -1: unsaid */
	bool soft_logout;
	const struct json *value; /* of MATRIX_OK; borrowed for the call */
};

typedef void matrix_done_fn(void *arg, const struct matrix_reply *r);

struct matrix_request {
	enum http_lane lane;
	const char *method;
	const char *path;  /* behind the homeserver, percent-encoded, with the query */
	struct str body;   /* JSON, or of type; p NULL: none */
	const char *type;  /* NULL: JSON */
	bool anonymous;    /* without the token */
	int timeout_ms;    /* 0: as usual */
	size_t answer_max; /* 0: as usual */
	/* If set, gets the body of the answer as it comes; the reply has no value. */
	bool (*on_data)(void *arg, struct str piece);
};

struct matrix_call *matrix_send(struct matrix *m, const struct matrix_request *rq,
    matrix_done_fn *done, void *arg);
void matrix_cancel(struct matrix_call *c); /* NULL is fine */
/* When m's client is gone: frees what was under way. */
void matrix_forget_calls(struct matrix *m);
/* Makes a reply of an answer; *tree, to be freed, holds its value. */
void matrix_read(const struct http_answer *a, struct json **tree,
    struct matrix_reply *out);

/* --- matrix_session.c */

/* Does what is missing before the first /sync, a step after the other. */
void session_begin(struct matrix *m);
void session_end(struct matrix *m);
/* A value that was kept; true if it belongs here. */
bool session_load(struct matrix *m, struct str key, struct str value);
/* Whether requests can be made in our name. */
bool session_ready(const struct matrix *m);

/* --- matrix_renew.c */

/* The server does not know the token of that generation any more, or the account. */
void session_refused(struct matrix *m, unsigned generation,
    const struct matrix_reply *r);

/* --- matrix_filter.c */

/* The server knows our filter no more. */
void session_lose_filter(struct matrix *m);

/* --- matrix_server.c */

/* What an answer of /.well-known/matrix/client says: RC_OK, and the address in out.
 * RC_NOTFOUND: nothing, the server is at its name. RC_INVALID: err says what is wrong. */
enum rc session_read_well_known(int status, struct str body, struct buf *out,
    struct err *err);

/* --- matrix_token.c */

/* RC_NOTFOUND: none is set. */
enum rc matrix_token(const struct config *cf, struct buf *out, struct err *err);
enum rc matrix_password(const struct config *cf, struct buf *out, struct err *err);

/* --- matrix.c */

/* Ends the channel until the next start. why names no secret. */
void matrix_off(struct matrix *m, const char *why);
/* Milliseconds to wait after so many failures: 1 s doubling to a minute, and up to a fifth
 * more. */
int64_t matrix_backoff_ms(int tries);

/* --- matrix_sync.c */

struct sync *sync_new(struct matrix *m);
void sync_free(struct sync *s); /* NULL is fine */
void sync_load(struct sync *s, struct str since);
void sync_begin(struct sync *s);
void sync_stop(struct sync *s);
/* Whether the first answer since the start is on disk: before, nobody knows which rooms are
 * encrypted by now. */
bool sync_caught_up(const struct sync *s);
/* Whether something will wake it: a request, which ends in time, or a wait. */
bool sync_is_alive(const struct sync *s);
/* The types of events that we read in timelines, as JSON strings with commas. */
extern const char matrix_timeline_types[];

/* --- matrix_event.c */

struct matrix_self {
	const char *user;
};

enum event_kind {
	EVENT_NOTHING, /* why says what it was */
	EVENT_MESSAGE,
	EVENT_REACTION,
	EVENT_REDACTION,
	EVENT_MEMBER,
	EVENT_ENCRYPTION, /* the room is encrypted */
	EVENT_TOMBSTONE,
	EVENT_CREATE,
};

struct event {
	struct event *next;
	enum event_kind kind;
	const char *why;
	struct str id, sender;
	int64_t ts;  /* of the sender's server, ms */
	int64_t age; /* as our server tells, ms; -1: it does not */
	/* EVENT_MESSAGE */
	enum message_kind message;
	struct str text;
	struct str thread;   /* its first event; empty: none */
	struct str reply_to; /* empty: none */
	struct str edit_of;
	bool names_us;
	/* EVENT_REACTION, EVENT_REDACTION: to which event; text is what stands there */
	struct str target;
	/* EVENT_MEMBER: of whom, and what she was before, if that is told */
	struct str user, membership, before;
	bool direct;
	/* EVENT_TOMBSTONE */
	struct str replacement;
	/* EVENT_CREATE: predecessor may be empty */
	bool space;
	struct str predecessor;
	/* where it came from, see matrix_news.c */
	bool is_old; /* from before the timeline */
};

/* Texts live in the json. stripped: of an invitation, without id and time. */
void event_read(const struct json *json, const struct matrix_self *self, bool stripped,
    struct event *e);
/* With copies of all texts. */
struct event *event_copy(struct arena *a, const struct event *e);

/* --- matrix_news.c */

enum news_kind { NEWS_JOINED, NEWS_INVITED, NEWS_LEFT };

struct event_list {
	struct event *first, **last;
};

struct room_news {
	struct room_news *next;
	enum news_kind kind;
	struct str id;
	bool limited;
	struct str prev_batch;
	struct event_list timeline;
	struct event_list state;       /* before the timeline; or of the invitation */
	struct event_list state_after; /* behind it */
	bool has_state_after;
	int64_t members; /* joined and invited; -1: unsaid */
};

struct news {
	struct arena *arena;
	struct room_news *first, **last;
	struct str next_batch;
	struct str *ignored; /* people */
	size_t n_ignored;
	bool has_ignored;
	int n_bad; /* events that could not be read */
};

struct news_reader;
/* first: nothing of what was said is wanted. */
struct news_reader *news_reader_new(const struct matrix_self *self, bool first);
void news_reader_free(struct news_reader *r); /* NULL is fine */
bool news_feed(struct news_reader *r, struct str piece);
/* NULL: the answer is not whole, or says not where to go on. Else r's until it is freed. */
struct news *news_end(struct news_reader *r);
void event_add(struct event_list *l, struct event *e);

/* --- matrix_gap.c */

/* Calls done when all is there, or all that can be. */
struct gap *gap_fill(struct matrix *m, struct news *n, struct str since, loop_fn *done,
    void *arg);
void gap_free(struct gap *g); /* NULL is fine */

/* --- matrix_take.c */

/* Puts what is for us, and adds what must be kept with it to v. first: nothing is
 * answered. */
void news_take(struct matrix *m, const struct news *n, bool first, struct values *v);
/* Who is ignored, as it was kept; true if the value is that. */
bool ignored_load(struct matrix *m, struct str key, struct str value);

/* --- matrix_signal.c */

/* When the news are on disk: tells how far we have read. */
void news_confirm(struct matrix *m);

/* That we are writing, in one room. */
struct typing {
	struct matrix *matrix;
	const char *room;    /* borrowed */
	struct timer *again; /* NULL: it is not shown */
};
/* Shown until it ends; nothing if it is shown already, or may not be told now. */
void typing_begin(struct typing *t);
void typing_end(struct typing *t);
/* Without telling. */
void typing_forget(struct typing *t);

/* --- matrix_profile.c */

/* Sets what is configured. */
void matrix_profile_begin(struct matrix *m);

/* --- matrix_tap.c */

struct taps *taps_new(struct matrix *m);
void taps_stop(struct taps *t);
void taps_free(struct taps *t); /* NULL is fine */
/* So many messages of ours are on their way. */
void taps_count(struct taps *t, int n);
/* Our event shows n numbered choices. */
void taps_offer(struct taps *t, struct str room, struct str event, size_t n);
/* Whether an event of the room is under way: matrix_go_on_sending() is called behind it. */
bool taps_use(const struct taps *t, struct str room);
/* Which choice a reaction is, from 1; 0: it is none. */
size_t tap_read(struct str key);

/* --- matrix_run.c */

/* Messages of an account without a pause. */
struct matrix_run {
	int n;
	int64_t last_ms; /* monotonic */
};
/* One more at now_ms. False: they were too many, it is likely a bot's. */
bool run_count(struct matrix_run *run, int64_t now_ms);
/* One more message of the account. False: it is passed over; the log says so once. */
bool run_goes_on(struct matrix *m, struct str account);
void runs_free(struct map *runs); /* NULL is fine */

/* --- matrix_room.c */

struct room {
	char *id;
	bool joined;
	bool direct;     /* as who invited us said */
	bool encrypted;  /* for ever */
	int64_t members; /* joined and invited; -1: not known */
	/* How far we have read, to be told: the id of the last event, and its thread. */
	char *read, *read_thread;
	/* Upgrades: the room that this one was replaced by, and which one it says to replace;
	 * NULL: none. */
	char *successor, *predecessor;
};

/* What is to be kept with the next flow_keep(). */
struct values {
	struct flow_value *v;
	size_t n, cap;
	struct arena *arena;
};
void values_init(struct values *v);
void values_fini(struct values *v);
/* Both are copied. value.p NULL: forgotten. */
void values_add(struct values *v, const char *prefix, struct str name,
    struct str value);

struct room *room_get(struct matrix *m, struct str id, bool make);
bool room_load(struct matrix *m, struct str key, struct str value);
void room_keep(const struct room *r, struct values *v);
void rooms_free(struct matrix *m);
/* Upgrades: r was replaced by a room, r says to replace one. When both say the same of each
 * other, the conversations move. True: r is to be kept. */
bool room_replaced(struct matrix *m, struct room *r, struct str by);
bool room_replaces(struct matrix *m, struct room *r, struct str what);
size_t rooms_joined(const struct matrix *m);
/* Two people, we being one of them. */
bool room_is_direct(const struct room *r);

/* --- matrix_errand.c */

enum errand_kind {
	ERRAND_JOIN,
	ERRAND_REFUSE, /* an invitation */
	ERRAND_TELL,   /* that we cannot read it; then leave */
	ERRAND_LEAVE,
	ERRAND_ALONE, /* to leave, unless somebody comes; then forget */
	ERRAND_FORGET,
};

struct errands *errands_new(struct matrix *m);
void errands_free(struct errands *es); /* NULL is fine */
bool errands_load(struct errands *es, struct str key, struct str value);
/* Replaces another errand to that room, but not one of the same kind. via: a server that
 * knows the room; may be empty. direct: as room.direct. */
void errands_add(struct errands *es, enum errand_kind kind, struct str room,
    struct str via, bool direct, struct values *v);
/* How many are in the room, as far as that is known: whether we are alone there. */
void errands_alone(struct errands *es, struct str room, bool alone, struct values *v);
/* We are not in the room any more. */
void errands_left(struct errands *es, struct str room, struct values *v);
/* What there was to do has been done. */
void errands_drop(struct errands *es, struct str room, struct values *v);
/* Goes on with what is due. */
void errands_kick(struct errands *es);
void errands_stop(struct errands *es);
size_t errands_joining(const struct errands *es);
/* How long to wait after so many tries; -1: no longer. */
int64_t errand_wait_ms(int tries);

/* --- matrix_invite.c */

/* Whether an invitation is accepted; one that is counts for its inviter's rate. */
bool invite_is_wanted(struct matrix *m, struct str inviter, bool direct, bool space);
void inviters_free(struct matrix *m);

/* --- matrix_send.c */

void matrix_send_message(struct channel *ch, const struct outmsg *m, send_done_fn *done,
    void *arg);
/* When m's client is gone. */
void matrix_end_jobs(struct matrix *m);
bool matrix_is_sending(const struct matrix *m, struct str room);
/* What waited since the room was in use. */
void matrix_go_on_sending(struct matrix *m, struct str room);

enum send_verdict {
	SEND_DONE,
	SEND_LATER,   /* the same once more */
	SEND_LIMITED, /* when the server says so */
	SEND_SHORTER, /* it is too long */
	SEND_PAUSED,  /* the account may not write for now */
	SEND_NEVER,
};
enum send_verdict send_judge(const struct matrix_reply *r);

/* --- matrix_media.c */

/* Asks how large a file may be; then upload_max is known, if the server could be reached. */
struct matrix_call *media_ask_limit(struct matrix *m, matrix_done_fn *done, void *arg);
void media_read_limit(struct matrix *m, const struct matrix_reply *r);
struct matrix_call *media_upload(struct matrix *m, const struct document *d,
    matrix_done_fn *done, void *arg);
/* The address of what was uploaded; empty: the answer names none. */
struct str media_address(const struct json *value);
/* Appends the content of an event without its closing brace. */
void media_event_json(const struct document *d, struct str mxc, struct buf *out);

/* --- matrix_gate.c: times are monotonic */

/* 0: one message may go now, and is counted. Else when to ask again. */
int64_t gate_pass(struct matrix_gate *g, int64_t now_ms);
/* The server wants to be left alone for so long (-1: unsaid). Returns how long it is. */
int64_t gate_close(struct matrix_gate *g, int64_t now_ms, int64_t wait_ms);
/* Whether we may write so seldom that what waits is better said together. */
bool gate_is_narrow(const struct matrix_gate *g);
/* The server has taken a message. */
void gate_taken(struct matrix_gate *g, int64_t now_ms);
/* Whether the server could be reached. */
void gate_tell(struct matrix_gate *g, int64_t now_ms, bool reached);

/* --- matrix_id.c */

/* Percent-encoded for a path or a query: all but unreserved characters. */
void buf_add_path(struct buf *b, struct str s);
/* False: longer than an account may be. */
bool account_write(struct str room, struct str thread, struct str user,
    struct buf *out);
struct account {
	struct str room, thread, user;
};
/* Texts live in a. False: it is none of ours. */
bool account_read(struct str account, struct arena *a, struct account *out);
/* "ROOM/" or "ROOM/THREAD/", as accounts begin. */
void account_prefix(struct str room, const struct str *thread, struct buf *out);
/* The same for the same message, and for no other. */
void txn_of_message(const char *device, const struct outmsg *m, size_t part, bool plain,
    char out[MATRIX_TXN_SIZE]);
void txn_of_room(const char *device, struct str room, const char *what,
    char out[MATRIX_TXN_SIZE]);
void txn_of_text(struct str text, char out[MATRIX_TXN_SIZE]);
/* * is any text, ? any character. */
bool glob_matches(const char *glob, struct str s);
/* Behind the first colon; empty if there is none. */
struct str server_of(struct str user);
/* Not empty, at most 255 bytes, without NUL. */
bool is_id(struct str s, char sigil);
/* mxc://SERVER/MEDIA ("Matrix Content (mxc://) URIs"): nothing in it leads elsewhere in a path. */
bool is_mxc(struct str s);

#endif
