/*
 * test_flow.c - the way of a message, with a turn that the test owns: once, in order, kept
 * across a restart, tried three times, never silent.
 */
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bot/store/store_priv.h"
#include "credbot/base/log.h"
#include "credbot/flow/flow.h"
#include "t.h"

static const char dsn[] = "sqlite:/tmp/credbot-test-flow.db";
static const char attempts[] = "/tmp/credbot-test-flow.attempts";

/* One installation: its parts, what was sent, and what the turn should do. */
struct house {
	struct channel ch;
	struct clock clock;
	struct loop *loop;
	struct store *store;
	struct flow *flow;
	struct buf sent; /* "account:text " */
	struct buf puts; /* "ok3 exists3 " */
	bool pull;
	bool gives_ids; /* b1 to the first message ... */
	int n_sent;
	enum rc send_rc;
	int turns;
	bool full; /* the next turn that says so cannot write */
};

static const char *
text_of(struct arena *a, const struct turn_in *in)
{
	struct buf b = { 0 };
	const char *text;

	for (size_t i = 0; i < in->n; i++)
		buf_printf(&b, "%s%.*s", i == 0 ? "" : "+",
		    STR_ARG(in->messages[i].text));
	text = arena_strdup(a, buf_cstr(&b));
	buf_fini(&b);
	return text;
}

/* Answers with what it read and how often it has been called in this conversation. */
static enum turn_result
turn(void *arg, const struct turn_in *in, struct arena *a, struct turn_out *out)
{
	struct house *h = arg;
	const char *text = text_of(a, in);
	int64_t n = 0;

	h->turns++;
	if (str_ends(str_of(text), "...") && !in->last_call)
		return TURN_WAIT;
	if (strstr(text, "die") != NULL)
		raise(SIGKILL);
	if (strstr(text, "fail") != NULL)
		return TURN_FAILED;
	(void)str_to_int(in->state, 0, INT32_MAX, &n);
	out->state = str_of(arena_printf(a, "%lld", (long long)n + 1));
	if (in->flood) {
		if (!in->already_told)
			out->replies[out->n_replies++].text = STR("slow");
		return TURN_ANSWERED;
	}
	out->mask_numbers = strstr(text, "pin") != NULL;
	out->replies[out->n_replies++].text = str_of(arena_printf(a, "%s%s%s#%lld",
	    in->late ? arena_printf(a, "late(%zu) ", in->n_old) : "",
	    in->edited ? "edit " : "", text, (long long)n + 1));
	/* "tell 2": the other peer hears of it; "tell 2 full": but the disk is full. */
	if (str_starts(str_of(text), "tell "))
		out->notices[out->n_notices++] = (struct turn_notice){ .peer = text[5] -
			                                                       '0',
			.text = STR("told") };
	if (strstr(text, "full") != NULL && h->full) {
		h->full = false;
		out->rc = RC_AGAIN;
	}
	if (strstr(text, "note") != NULL)
		out->notes[out->n_notes++] = (struct turn_note){ .kind = "remark",
			.text = STR("x"),
			.reference = STR("K-1") };
	return TURN_ANSWERED;
}

static struct str
sorry(void *arg)
{
	(void)arg;
	return STR("sorry");
}

static struct str
again(void *arg)
{
	(void)arg;
	return STR("(again)");
}

/* Stars for "secret"; with all_numbers, a hash for each digit. */
static struct str
mask(void *arg, struct str text, bool all_numbers, struct arena *a)
{
	char *copy = arena_cstr(a, text), *at;

	(void)arg;
	while ((at = strstr(copy, "secret")) != NULL)
		memset(at, '*', 6);
	for (at = copy; all_numbers && *at != '\0'; at++)
		if (*at >= '0' && *at <= '9')
			*at = '#';
	return str_of(copy);
}

static void
send_it(struct channel *ch, const struct outmsg *m, send_done_fn *done, void *arg)
{
	struct house *h = (struct house *)ch;
	char id[16];

	if (h->send_rc == RC_OK)
		buf_printf(&h->sent, "%.*s:%.*s ", STR_ARG(m->account),
		    STR_ARG(m->text));
	(void)snprintf(id, sizeof(id), "b%d", ++h->n_sent);
	done(arg, &(struct send_result){ .rc = h->send_rc,
		      .id = str_of(h->gives_ids ? id : NULL) });
}

/* Accounts in capitals are groups. */
static bool
is_shared(struct channel *ch, struct str account)
{
	(void)ch;
	return account.len > 0 && account.p[0] >= 'A' && account.p[0] <= 'Z';
}

static const struct channel_ops push_ops = { .name = "test",
	.send = send_it,
	.is_shared = is_shared };
static const struct channel_ops pull_ops = { .name = "test",
	.caps = CHANNEL_PULL,
	.send = send_it };

static void
open_house(struct house *h)
{
	static const struct flow_options options = { .debounce_ms = 1500,
		.flood_burst = 5,
		.flood_refill_ms = 1000 };
	struct flow_hooks hooks = { turn, sorry, again, again, mask, h };
	struct err err = { "" };

	h->loop = loop_new(&h->clock);
	T_INT(store_open(&h->store, dsn, &err), RC_OK, "%s", err.text);
	T_INT(flow_new(&h->flow, h->store, h->loop, &hooks, &options, attempts, &err),
	    RC_OK, "%s", err.text);
	h->ch.ops = h->pull ? &pull_ops : &push_ops;
	flow_add_channel(h->flow, &h->ch);
	T_INT(flow_start(h->flow, &err), RC_OK, "%s", err.text);
	loop_turn(h->loop);
}

static void
close_house(struct house *h)
{
	flow_free(h->flow);
	loop_free(h->loop);
	store_close(h->store);
	h->flow = NULL;
}

static void
remove_files(void)
{
	(void)unlink("/tmp/credbot-test-flow.db");
	(void)unlink("/tmp/credbot-test-flow.db-wal");
	(void)unlink("/tmp/credbot-test-flow.db-shm");
	(void)unlink(attempts);
}

static void
build_house(struct house *h)
{
	remove_files();
	*h = (struct house){ .clock = clock_fixed(1700000000000) };
	open_house(h);
}

static void
leave_house(struct house *h)
{
	close_house(h);
	buf_fini(&h->sent);
	buf_fini(&h->puts);
	remove_files();
}

static void
on_put(void *arg, enum rc rc, int64_t seq)
{
	struct house *h = arg;

	buf_printf(&h->puts, "%s%lld ", rc_name(rc), (long long)seq);
}

static void
put_kind(struct house *h, const char *who, const char *id, const char *text,
    enum message_kind kind, const char *edit_of)
{
	struct inmsg m = { .channel = "test",
		.account = str_of(who),
		.id = str_of(id),
		.edit_of = str_of(edit_of),
		.kind = kind,
		.text = str_of(text) };

	flow_put(h->flow, &m, on_put, h);
}

static void
put(struct house *h, const char *who, const char *id, const char *text)
{
	put_kind(h, who, id, text, MESSAGE_TEXT, NULL);
}

/* What was sent since the last call. */
static const char *
sent(struct house *h)
{
	static char text[512];

	(void)snprintf(text, sizeof(text), "%s", buf_cstr(&h->sent));
	buf_clear(&h->sent);
	return text;
}

static void
test_one_turn(void)
{
	struct house h;

	build_house(&h);
	put(&h, "mia", "a1", "hi");
	T_STR(buf_cstr(&h.puts), "", "nothing is told before it is on disk");
	loop_turn(h.loop);
	T_STR(buf_cstr(&h.puts), "ok1 ", "told");
	T_STR(sent(&h), "mia:hi#1 ", "answered");
	put(&h, "mia", "a1", "hi");
	put(&h, "mia", "a2", "more");
	put(&h, "leo", "a1", "other");
	loop_turn(h.loop);
	T_STR(buf_cstr(&h.puts), "ok1 exists1 ok3 ok1 ", "the doubled one is known");
	T_STR(sent(&h), "mia:more#2 leo:other#1 ", "and answered once");
	T_CHECK(flow_idle(h.flow), "nothing is under way");
	leave_house(&h);
}

static void
test_bad_ids(void)
{
	char longest[MESSAGE_ID_MAX + 2], farthest[MESSAGE_ACCOUNT_MAX + 2];
	struct house h;

	build_house(&h);
	memset(longest, 'x', sizeof(longest));
	longest[sizeof(longest) - 1] = '\0';
	put(&h, "mia", "", "hi");
	put(&h, "", "a1", "hi");
	put(&h, "mia", longest, "hi");
	memset(farthest, 'x', sizeof(farthest));
	farthest[sizeof(farthest) - 1] = '\0';
	put(&h, farthest, "a1", "hi");
	put(&h, "mia", "\xff", "hi");
	put(&h, "mia", "good", "hi");
	loop_turn(h.loop);
	T_STR(buf_cstr(&h.puts), "invalid0 invalid0 invalid0 invalid0 invalid0 ok1 ",
	    "refused, and the good one is served");
	leave_house(&h);
}

static void
test_cleaned_and_cut(void)
{
	char *big = malloc(1000001);
	struct house h;

	build_house(&h);
	memset(big, 'y', 1000000);
	big[1000000] = '\0';
	put(&h, "mia", "a1", "  he\x01llo\xff\xe2\x80\xae  ");
	put(&h, "mia", "a2", big);
	loop_turn(h.loop);
	T_CHECK(strncmp(buf_cstr(&h.sent), "mia:hello\xEF\xBF\xBD#1 mia:yyyy", 23) == 0,
	    "cleaned: %.40s", buf_cstr(&h.sent));
	T_INT(h.sent.len, strlen("mia:hello\xEF\xBF\xBD#1 mia:#2 ") + MESSAGE_TEXT_MAX,
	    "cut");
	free(big);
	leave_house(&h);
}

static void
test_fragments_belong_together(void)
{
	struct house h;

	build_house(&h);
	put(&h, "mia", "a1", "i want...");
	loop_turn(h.loop);
	T_STR(buf_cstr(&h.puts), "ok1 ", "taken at once");
	T_STR(sent(&h), "", "but not answered yet");
	loop_advance(h.loop, 1000);
	put(&h, "mia", "a2", "to know");
	loop_turn(h.loop);
	T_STR(sent(&h), "mia:i want...+to know#1 ", "answered as one");
	loop_advance(h.loop, 10000);
	T_STR(sent(&h), "", "and not again");
	put(&h, "mia", "a3", "well...");
	loop_advance(h.loop, 1499);
	T_STR(sent(&h), "", "waits");
	loop_advance(h.loop, 1);
	T_STR(sent(&h), "mia:well...#2 ", "but not for ever");
	leave_house(&h);
}

static void
test_waiting_survives_a_restart(void)
{
	struct house h;

	build_house(&h);
	put(&h, "mia", "a1", "so...");
	loop_turn(h.loop);
	close_house(&h);
	open_house(&h);
	loop_advance(h.loop, 1500);
	T_STR(sent(&h), "mia:so...#1 ", "answered after the restart");
	leave_house(&h);
}

/* The lines of a peer: "text " each, mine with a ">" before. */
static void
add_line(void *arg, const struct history_line *line)
{
	buf_printf(arg, "%s%.*s ", line->mine ? ">" : "", STR_ARG(line->out.text));
}

static const char *
history(struct house *h, int64_t peer)
{
	static char text[256];
	struct buf b = { 0 };

	T_INT(flow_history(h->flow, peer, 0, 100, add_line, &b), RC_OK, "history");
	(void)snprintf(text, sizeof(text), "%s", buf_cstr(&b));
	buf_fini(&b);
	return text;
}

static void
test_notice(void)
{
	struct house h;

	build_house(&h);
	put(&h, "mia", "a1", "hi");
	put(&h, "leo", "a1", "hi");
	loop_turn(h.loop);
	(void)sent(&h);
	put(&h, "mia", "a2", "tell 2");
	loop_turn(h.loop);
	T_STR(sent(&h), "mia:tell 2#2 leo:told ", "both are told");
	T_STR(history(&h, 2), ">hi hi#1 told ", "it is a line of the other's");
	put(&h, "leo", "a2", "and?");
	put(&h, "mia", "a3", "tell 2");
	put(&h, "leo", "a3", "so");
	loop_turn(h.loop);
	T_STR(sent(&h), "leo:and?#2 mia:tell 2#3 leo:told leo:so#3 ",
	    "in its place among hers, and her conversation stands where it was");
	put(&h, "mia", "a4", "tell 9");
	loop_turn(h.loop);
	T_STR(sent(&h), "mia:tell 9#4 ", "nobody there is no error");
	leave_house(&h);
}

static void
test_notice_with_its_turn(void)
{
	struct house h;

	build_house(&h);
	put(&h, "leo", "a1", "hi");
	put(&h, "mia", "a1", "hi");
	loop_turn(h.loop);
	(void)sent(&h);
	buf_clear(&h.puts);
	h.full = true;
	put(&h, "mia", "a2", "tell 1 full");
	loop_turn(h.loop);
	T_STR(buf_cstr(&h.puts), "try again3 ", "what cannot be written is not taken");
	T_STR(sent(&h), "", "nobody hears of it");
	T_STR(history(&h, 1), ">hi hi#1 ", "and nothing of it is kept");
	put(&h, "mia", "a2", "tell 1 full");
	loop_turn(h.loop);
	T_STR(sent(&h), "mia:tell 1 full#2 leo:told ", "the next time both do");
	put(&h, "leo", "a2", "go on");
	loop_turn(h.loop);
	T_STR(sent(&h), "leo:go on#2 ", "and the numbers fit");
	leave_house(&h);
}

static void
test_notice_outlives_the_process(void)
{
	struct house h;

	build_house(&h);
	put(&h, "leo", "a1", "hi");
	loop_turn(h.loop);
	h.send_rc = RC_AGAIN;
	put(&h, "mia", "a1", "tell 1");
	loop_turn(h.loop);
	close_house(&h);
	h.send_rc = RC_OK;
	buf_clear(&h.sent);
	open_house(&h);
	loop_advance(h.loop, 10000);
	T_STR(sent(&h), "mia:tell 1#1 leo:told ", "both are sent after the restart");
	leave_house(&h);
}

static void
test_notice_elsewhere(void)
{
	struct peer_row p;
	struct house h;

	build_house(&h);
	T_INT(peer_add(h.store, "elsewhere", STR("mia"), 1, &p), RC_OK,
	    "not served here");
	put(&h, "ROOM", "a1", "hi");
	put(&h, "mia", "a1", "tell 1");
	put(&h, "mia", "a2", "tell 2");
	loop_turn(h.loop);
	T_STR(sent(&h), "ROOM:hi#1 mia:tell 1#1 mia:tell 2#2 ",
	    "a group hears nothing");
	T_STR(history(&h, 1), "told ", "who is not served here finds it there");
	T_STR(history(&h, 2), ">hi hi#1 ", "nothing is kept for a group");
	leave_house(&h);
}

static void
test_start_is_a_line(void)
{
	struct house h;

	build_house(&h);
	put_kind(&h, "mia", "a1", "topic_x", MESSAGE_START, NULL);
	put_kind(&h, "mia", "a1", "topic_x", MESSAGE_START, NULL);
	put_kind(&h, "mia", "a2", "topic_y", MESSAGE_START, NULL);
	loop_turn(h.loop);
	T_STR(sent(&h), "mia:topic_x#1 mia:topic_y#2 ",
	    "S-17: each link is answered, and once");
	leave_house(&h);
}

static void
test_hurry(void)
{
	struct house h;

	build_house(&h);
	put(&h, "mia", "a1", "so...");
	loop_turn(h.loop);
	T_CHECK(!flow_idle(h.flow), "something waits");
	flow_hurry(h.flow);
	T_STR(sent(&h), "mia:so...#1 ", "answered at once");
	loop_turn(h.loop);
	T_CHECK(flow_idle(h.flow), "nothing is under way");
	loop_advance(h.loop, 5000);
	T_STR(sent(&h), "", "and not again");
	leave_house(&h);
}

static void
test_edits(void)
{
	struct house h;

	build_house(&h);
	put(&h, "mia", "a1", "wat is...");
	loop_turn(h.loop);
	put_kind(&h, "mia", "e1", "what is it", MESSAGE_EDIT, "a1");
	loop_turn(h.loop);
	T_STR(buf_cstr(&h.puts), "ok1 ok0 ", "changed in its place");
	loop_advance(h.loop, 1500);
	T_STR(sent(&h), "mia:what is it#1 ", "the changed text is answered, once");
	put_kind(&h, "mia", "e2", "what was it", MESSAGE_EDIT, "a1");
	loop_turn(h.loop);
	T_STR(sent(&h), "mia:edit what was it#2 ",
	    "an edit after the answer: a new turn");
	put_kind(&h, "mia", "e2", "what was it", MESSAGE_EDIT, "a1");
	loop_turn(h.loop);
	T_STR(sent(&h), "", "the same edit is taken once");
	put_kind(&h, "mia", "e3", "hello", MESSAGE_EDIT, "gone");
	loop_turn(h.loop);
	T_STR(sent(&h), "mia:hello#3 ", "of a message that we never saw: a message");
	leave_house(&h);
}

static void
test_opening(void)
{
	struct house h;

	build_house(&h);
	put_kind(&h, "mia", "open", "", MESSAGE_OPEN, NULL);
	loop_turn(h.loop);
	T_STR(sent(&h), "mia:#1 ", "greeted");
	put_kind(&h, "mia", "open", "", MESSAGE_OPEN, NULL);
	put_kind(&h, "mia", "open2", "", MESSAGE_OPEN, NULL);
	loop_turn(h.loop);
	T_STR(sent(&h), "", "once");
	leave_house(&h);
}

static void
test_flood(void)
{
	struct house h;
	char id[16];

	build_house(&h);
	for (int i = 0; i < 9; i++) {
		(void)snprintf(id, sizeof(id), "a%d", i);
		put(&h, "mia", id, "x");
	}
	put(&h, "leo", "b", "y");
	loop_turn(h.loop);
	T_STR(sent(&h), "mia:x#1 mia:x#2 mia:x#3 mia:x#4 mia:x#5 mia:slow leo:y#1 ",
	    "five, one word, then silence; others are served");
	loop_advance(h.loop, 5000);
	put(&h, "mia", "later", "z");
	loop_turn(h.loop);
	T_CHECK(strstr(sent(&h), "mia:z#") != NULL, "after a while she is heard again");
	leave_house(&h);
}

static void
test_three_tries(void)
{
	struct house h;
	int64_t dead;

	build_house(&h);
	put(&h, "mia", "a1", "fail");
	put(&h, "mia", "a2", "next");
	loop_turn(h.loop);
	T_STR(sent(&h), "mia:next#1 ", "the next one is served");
	loop_advance(h.loop, 1000);
	T_STR(sent(&h), "", "tried again, in vain");
	loop_advance(h.loop, 10000);
	T_STR(sent(&h), "mia:sorry ", "an apology at last");
	T_INT(h.turns, 4, "three tries and the other one");
	T_INT(dead_count(h.store, &dead), RC_OK, "dead letters");
	T_INT(dead, 1, "one");
	T_CHECK(flow_idle(h.flow), "nothing is left");
	leave_house(&h);
}

/* A message that ends the process: three deaths, then a dead letter, and the next is served. */
static void
test_poison(void)
{
	struct house h;
	int64_t dead;

	build_house(&h);
	close_house(&h);
	for (int i = 0; i < FLOW_TRIES_MAX; i++) {
		int status = 0;
		pid_t pid = fork();

		if (pid == 0) {
			log_set_level(LOG_ERROR);
			open_house(&h);
			put(&h, "mia", "a1", "die");
			loop_turn(h.loop);
			_exit(0);
		}
		(void)waitpid(pid, &status, 0);
		T_CHECK(WIFSIGNALED(status), "it died, try %d", i);
	}
	open_house(&h);
	put(&h, "mia", "a1", "die");
	put(&h, "mia", "a2", "well?");
	loop_turn(h.loop);
	T_STR(buf_cstr(&h.puts), "ok1 ok3 ", "taken");
	T_STR(sent(&h), "mia:sorry mia:well?#1 ", "an apology, and the next is served");
	T_INT(dead_count(h.store, &dead), RC_OK, "dead letters");
	T_INT(dead, 1, "one");
	put(&h, "mia", "a1", "die");
	loop_turn(h.loop);
	T_STR(sent(&h), "", "sent again it is known");
	leave_house(&h);
}

static void
test_resend(void)
{
	struct house h;

	build_house(&h);
	h.send_rc = RC_AGAIN;
	put(&h, "mia", "a1", "one");
	loop_turn(h.loop);
	put(&h, "mia", "a2", "two");
	loop_turn(h.loop);
	T_STR(sent(&h), "", "the network does not take it");
	h.send_rc = RC_OK;
	close_house(&h);
	open_house(&h);
	loop_advance(h.loop, 5000);
	T_STR(sent(&h), "mia:one#1 mia:two#2 ", "after a restart, in order");
	loop_advance(h.loop, 5000);
	close_house(&h);
	open_house(&h);
	loop_advance(h.loop, 500000);
	T_STR(sent(&h), "", "and only once");
	h.send_rc = RC_INVALID;
	put(&h, "mia", "a3", "three");
	loop_turn(h.loop);
	h.send_rc = RC_OK;
	loop_advance(h.loop, 500000);
	T_STR(sent(&h), "", "what is refused for good is not tried again");
	leave_house(&h);
}

static void
collect_line(void *arg, const struct history_line *line)
{
	buf_printf(arg, "%lld%s%.*s ", (long long)line->seq, line->mine ? ">" : "<",
	    STR_ARG(line->out.text));
}

static void
test_history(void)
{
	struct buf list = { 0 };
	struct house h;
	int64_t peer;

	build_house(&h);
	close_house(&h);
	h.pull = true;
	open_house(&h);
	put_kind(&h, "mia", "open", "", MESSAGE_OPEN, NULL);
	put(&h, "mia", "a1", "my secret pin is 4242");
	put(&h, "mia", "a2", "two");
	loop_turn(h.loop);
	peer = flow_peer(h.flow, "test", STR("mia"));
	T_CHECK(peer > 0, "known");
	T_INT(flow_history(h.flow, peer, 0, 100, collect_line, &list), RC_OK, "all");
	T_STR(buf_cstr(&list),
	    "1<#1 2>my ****** pin is #### 3<my ****** pin is 4242#2 4>two 5<two#3 ",
	    "in order, without gaps, and without what was masked");
	buf_clear(&list);
	T_INT(flow_history(h.flow, peer, -1, 2, collect_line, &list), RC_OK, "last");
	T_STR(buf_cstr(&list), "4>two 5<two#3 ", "the last two");
	buf_fini(&list);
	leave_house(&h);
}

static void
count_notes(void *arg, int64_t peer, struct str kind, struct str topic, struct str text,
    struct str reference, int64_t at_ms)
{
	(void)peer;
	(void)topic;
	(void)text;
	(void)at_ms;
	*(int *)arg += str_is(kind, "remark") && str_is(reference, "K-1");
}

static void
test_notes(void)
{
	struct house h;
	int n = 0;

	build_house(&h);
	put(&h, "mia", "a1", "note this");
	loop_turn(h.loop);
	T_INT(note_each(h.store, count_notes, &n), RC_OK, "read");
	T_INT(n, 1, "kept");
	leave_house(&h);
}

static void
test_many_in_a_batch(void)
{
	struct house h;
	char id[16];

	build_house(&h);
	for (int i = 0; i < 300; i++) {
		(void)snprintf(id, sizeof(id), "p%d", i);
		put(&h, id, "a", "x");
	}
	loop_turn(h.loop);
	T_INT(flow_counts(h.flow).answered, 300, "all are answered");
	T_CHECK(flow_idle(h.flow), "nothing is left");
	leave_house(&h);
}

/* A waiting message whose turn ends the process is no way to end it for ever. */
static void
test_poison_that_waits(void)
{
	struct house h;
	int64_t dead;

	build_house(&h);
	put(&h, "mia", "a1", "die...");
	close_house(&h);
	for (int i = 0; i <= FLOW_TRIES_MAX; i++) {
		pid_t pid = fork();
		int status = 0;

		if (pid == 0) {
			open_house(&h);
			if (i == 0)
				put(&h, "mia", "a1", "die...");
			loop_turn(h.loop);
			if (i > 0)
				loop_advance(h.loop, 5000);
			_exit(0);
		}
		(void)waitpid(pid, &status, 0);
		T_CHECK(WIFSIGNALED(status) == (i > 0), "run %d", i);
	}
	open_house(&h);
	loop_advance(h.loop, 5000);
	T_STR(sent(&h), "mia:sorry ", "an apology at last");
	T_INT(dead_count(h.store, &dead), RC_OK, "dead letters");
	T_INT(dead, 1, "one");
	leave_house(&h);
}

/* Timers run on; what the wall clock says meanwhile is no reason to sleep on. */
static void
test_clock_set_back(void)
{
	struct house h;

	build_house(&h);
	put(&h, "mia", "a1", "so...");
	loop_turn(h.loop);
	h.clock.now_ms -= 86400000;
	loop_advance(h.loop, 1500);
	T_STR(sent(&h), "mia:so...#1 ", "answered in time");
	put(&h, "mia", "a2", "well...");
	loop_turn(h.loop);
	close_house(&h);
	h.clock.now_ms -= 86400000;
	open_house(&h);
	loop_advance(h.loop, 5000);
	T_STR(sent(&h), "mia:well...#2 ", "also over a restart");
	h.send_rc = RC_AGAIN;
	put(&h, "mia", "a3", "one");
	loop_turn(h.loop);
	h.send_rc = RC_OK;
	h.clock.now_ms -= 86400000;
	loop_advance(h.loop, 600000);
	T_STR(sent(&h), "mia:one#3 ", "and sends");
	leave_house(&h);
}

/* Others that write to the same conversation: read again, nothing lost. */
static void
put_at(struct house *h, const char *id, const char *text, int64_t sent_ms)
{
	struct inmsg m = { .channel = "test",
		.account = STR("mia"),
		.id = str_of(id),
		.sent_ms = sent_ms,
		.text = str_of(text) };

	flow_put(h->flow, &m, NULL, NULL);
	loop_turn(h->loop);
}

static void
test_late(void)
{
	struct house h;
	int64_t now, long_ago;

	build_house(&h);
	now = clock_now_ms(&h.clock);
	long_ago = now - 600001;
	put_at(&h, "m1", "one", now - 600000);
	T_STR(sent(&h), "mia:one#1 ", "ten minutes are not long");
	put_at(&h, "m2", "two", long_ago);
	loop_advance(h.loop, 1999);
	put_at(&h, "m3", "three", long_ago + 1);
	loop_advance(h.loop, 1999);
	T_STR(sent(&h), "", "R-21: there may be more of it");
	loop_advance(h.loop, 1);
	T_STR(sent(&h), "mia:late(2) three#2 ", "R-21: one apology, one answer");
	put_at(&h, "m4", "four", now + 4000);
	T_STR(sent(&h), "mia:four#3 ", "in time");
	put_at(&h, "m5", "five", long_ago + 2);
	loop_advance(h.loop, 2000);
	T_STR(sent(&h), "mia:five#4 ",
	    "R-21: of that time, and it has had its apology");
	loop_advance(h.loop, 3600000);
	put_at(&h, "m6", "six", now + 10000);
	put_at(&h, "m7", "seven", now + 3600000);
	T_STR(sent(&h), "mia:late(1) six#5 mia:seven#6 ",
	    "R-21: another time, another apology; before what is new");
	put_at(&h, "m8", "eight", long_ago + 3);
	put_at(&h, "m9", "nine", long_ago + 4);
	close_house(&h);
	open_house(&h);
	loop_advance(h.loop, 2000);
	T_STR(sent(&h), "mia:late(2) nine#7 ", "R-21: also over a restart");
	T_CHECK(flow_idle(h.flow), "R-21: nothing waits any more");
	leave_house(&h);
}

static void
test_two_processes(void)
{
	struct house h, other = { .clock = clock_fixed(1700000000000) };

	build_house(&h);
	put(&h, "mia", "a1", "one");
	loop_turn(h.loop);
	open_house(&other);
	put(&other, "mia", "b1", "two");
	loop_turn(other.loop);
	put(&h, "mia", "a2", "three");
	loop_turn(h.loop);
	put(&h, "mia", "a2", "three");
	loop_turn(h.loop);
	T_STR(sent(&h), "mia:one#1 mia:three#3 ",
	    "goes on behind what the other wrote");
	T_STR(sent(&other), "mia:two#2 ", "which was answered, too");
	close_house(&other);
	buf_fini(&other.sent);
	buf_fini(&other.puts);
	leave_house(&h);
}

static void
keep(struct house *h, const char *key, const char *value)
{
	struct flow_value v = { str_of(key),
		value == NULL ? (struct str){ NULL, 0 } : str_of(value) };

	flow_keep(h->flow, "test", &v, 1, on_put, h);
}

static void
on_kept(void *arg, struct str key, struct str value)
{
	buf_printf(arg, "%.*s=%.*s ", STR_ARG(key), STR_ARG(value));
}

static const char *
kept(struct house *h)
{
	static char text[128];
	struct buf b = { 0 };

	T_INT(flow_kept(h->flow, "test", on_kept, &b), RC_OK, "read");
	(void)snprintf(text, sizeof(text), "%s", buf_cstr(&b));
	buf_fini(&b);
	return text;
}

static void
test_keeps_values(void)
{
	struct house h;
	enum message_kind kind;
	int64_t seq = 0;

	build_house(&h);
	put(&h, "mia", "a1", "one");
	keep(&h, "since", "s1");
	keep(&h, "room", "r");
	T_STR(kept(&h), "", "not before the batch");
	loop_turn(h.loop);
	T_STR(buf_cstr(&h.puts), "ok1 ok0 ok0 ", "told in order");
	T_STR(kept(&h), "room=r since=s1 ", "both");
	keep(&h, "since", "s2");
	keep(&h, "room", NULL);
	keep(&h, "empty", "");
	loop_turn(h.loop);
	close_house(&h);
	open_house(&h);
	T_STR(kept(&h), "empty= since=s2 ", "after a restart, too");
	T_INT(flow_find(h.flow, "test", STR("mia"), STR("a1"), &seq, &kind), RC_OK,
	    "known");
	T_INT(seq, 1, "by its number");
	T_INT(flow_find(h.flow, "test", STR("mia"), STR("a2"), &seq, &kind),
	    RC_NOTFOUND, "not said");
	T_INT(flow_find(h.flow, "test", STR("leo"), STR("a1"), &seq, &kind),
	    RC_NOTFOUND, "not by him");
	leave_house(&h);
}

static const char *
texts(struct house *h)
{
	static char text[128];
	struct stmt *q = db_prepare(h->store->db, "SELECT text FROM inbox"
						  " UNION ALL SELECT text FROM note");
	struct buf b = { 0 };

	while (db_step(q) == RC_OK)
		buf_printf(&b, "[%.*s]", STR_ARG(db_col_str(q, 0)));
	(void)snprintf(text, sizeof(text), "%s", buf_cstr(&b));
	buf_fini(&b);
	return text;
}

static void
test_erases(void)
{
	struct house h;

	build_house(&h);
	put(&h, "room/mia", "a1", "one");
	put(&h, "room/mia", "a2", "so...");
	put(&h, "room2/mia", "a1", "other");
	flow_erase(h.flow, "test", STR("room/"), STR("a1"));
	flow_erase(h.flow, "test", STR("room/"), STR("a2"));
	flow_erase(h.flow, "test", STR("room/"), STR("a3"));
	loop_turn(h.loop);
	T_STR(texts(&h), "[][][other]", "of that room alone");
	(void)sent(&h);
	loop_advance(h.loop, 5000);
	T_STR(sent(&h), "", "what waited is not answered any more");
	T_CHECK(flow_idle(h.flow), "nothing is left");
	leave_house(&h);
}

static void
test_ratings(void)
{
	struct house h;

	build_house(&h);
	h.gives_ids = true;
	put(&h, "mia", "a1", "one");
	loop_turn(h.loop);
	loop_turn(h.loop);
	put_kind(&h, "mia", "r1", "+", MESSAGE_RATING, "b1");
	put_kind(&h, "mia", "r1", "+", MESSAGE_RATING, "b1");
	put_kind(&h, "mia", "r2", "-", MESSAGE_RATING, "a1");
	put_kind(&h, "leo", "r3", "-", MESSAGE_RATING, "b1");
	put_kind(&h, "mia", "r4", "-", MESSAGE_RATING, "");
	put_kind(&h, "mia", "r5", "+", MESSAGE_RATING, "b1");
	buf_clear(&h.puts);
	(void)sent(&h);
	loop_turn(h.loop);
	T_STR(buf_cstr(&h.puts), "ok0 exists0 ok0 ok0 invalid0 exists0 ", "taken");
	T_STR(texts(&h), "[+ b1][one][+]", "once, of her own, at what we said");
	T_STR(sent(&h), "", "without an answer");
	flow_erase(h.flow, "test", STR("m"), STR("r1"));
	loop_turn(h.loop);
	T_STR(texts(&h), "[][one]", "MSG-11 one that is taken back is gone");
	put_kind(&h, "mia", "r6", "+", MESSAGE_RATING, "b1");
	loop_turn(h.loop);
	T_STR(texts(&h), "[+ b1][][one][+]", "MSG-11 and may be given again");
	leave_house(&h);
}

/* What happens while a long run of messages is told. */
struct run {
	struct house *h;
	struct db *lock; /* let go when the first message was refused */
	int ok, again;
	char kept[3][32]; /* after 1, 64 and 192 that were taken */
};

static void
on_run(void *arg, enum rc rc, int64_t seq)
{
	struct run *r = arg;

	(void)seq;
	if (rc == RC_AGAIN && r->again++ == 0 && r->lock != NULL)
		db_rollback(r->lock);
	if (rc == RC_OK)
		r->ok++;
	for (int i = 0; rc == RC_OK && i < 3; i++)
		if (r->ok == (int[]){ 1, 64, 192 }[i])
			(void)snprintf(r->kept[i], 32, "%s", kept(r->h));
}

static void
put_run(struct run *r, int n, const char *since)
{
	struct flow_value v = { STR("since"), str_of(since) };
	char id[16];

	for (int i = 0; i < n; i++) {
		struct inmsg m = { .channel = "test", .kind = MESSAGE_TEXT };

		(void)snprintf(id, sizeof(id), "%s%d", since, i);
		m.account = m.id = m.text = str_of(id);
		flow_put(r->h->flow, &m, on_run, r);
	}
	flow_keep(r->h->flow, "test", &v, 1, on_run, r);
	loop_turn(r->h->loop);
}

/* A batch holds 64 messages: what is kept behind 200 comes with the last of them, so that a
 * kill in between leaves the old place. */
static void
test_keeps_with_the_last_message(void)
{
	struct house h;
	struct run r = { .h = &h };

	build_house(&h);
	keep(&h, "since", "s1");
	loop_turn(h.loop);
	put_run(&r, 200, "s2");
	T_INT(r.ok, 201, "all are taken");
	for (int i = 0; i < 3; i++)
		T_STR(r.kept[i], "since=s1 ", "at %d", i);
	T_STR(kept(&h), "since=s2 ", "after the last");
	put_run(&r, 10, "s3");
	leave_house(&h);
}

/* The place in the stream never lies behind a message that was not taken. */
static void
test_keeps_nothing_behind_a_loss(void)
{
	struct house h;
	struct run r = { .h = &h };
	struct err err;

	build_house(&h);
	keep(&h, "since", "s1");
	loop_turn(h.loop);
	T_INT(db_open(&r.lock, dsn, &err), RC_OK, "another process");
	T_INT(db_script(h.store->db, "PRAGMA busy_timeout=1", &err), RC_OK,
	    "impatient");
	log_set_level(LOG_ERROR);
	T_INT(db_begin(r.lock), RC_OK, "holds the lock");
	buf_clear(&h.puts);
	put(&h, "mia", "a1", "one");
	keep(&h, "since", "s2");
	loop_turn(h.loop);
	T_STR(buf_cstr(&h.puts), "try again0 try again0 ", "neither");
	T_STR(kept(&h), "since=s1 ", "as before");
	/* The first 64 are refused; then there is room, for the rest of them. */
	put_run(&r, 70, "s3");
	T_INT(r.ok, 6, "the rest is taken");
	T_INT(r.again, 65, "and the place is not");
	T_STR(kept(&h), "since=s1 ", "as before");
	put_run(&r, 70, "s3");
	T_STR(kept(&h), "since=s3 ", "when all is taken");
	db_close(r.lock);
	log_set_level(LOG_INFO);
	leave_house(&h);
}

/* The lock of another process stands in for a full disk: both give RC_AGAIN. */
static void
test_refuses_while_the_store_cannot(void)
{
	struct house h;
	struct db *other;
	struct err err;

	build_house(&h);
	put(&h, "mia", "a1", "one");
	loop_turn(h.loop);
	(void)sent(&h);
	T_INT(db_open(&other, dsn, &err), RC_OK, "another process");
	T_INT(db_begin(other), RC_OK, "holds the lock");
	T_INT(db_script(h.store->db, "PRAGMA busy_timeout=1", &err), RC_OK,
	    "impatient");
	log_set_level(LOG_ERROR);
	put(&h, "mia", "a2", "two");
	loop_turn(h.loop);
	T_CHECK(strstr(buf_cstr(&h.puts), "try again") != NULL, "%s",
	    buf_cstr(&h.puts));
	T_STR(sent(&h), "", "nothing is said");
	db_rollback(other);
	put(&h, "mia", "a2", "two");
	loop_turn(h.loop);
	T_STR(sent(&h), "mia:two#2 ", "when there is room it is taken, once");
	put(&h, "mia", "a3", "so...");
	loop_turn(h.loop);
	T_INT(db_begin(other), RC_OK, "holds the lock again");
	loop_advance(h.loop, 3000);
	T_STR(sent(&h), "", "what waits cannot be answered");
	db_rollback(other);
	db_close(other);
	loop_advance(h.loop, 5000);
	T_STR(sent(&h), "mia:so...#3 ", "and is, when it can be");
	loop_advance(h.loop, 5000);
	T_CHECK(flow_idle(h.flow), "nothing is left");
	log_set_level(LOG_INFO);
	leave_house(&h);
}

static void
ignore_line(void *arg, enum log_level level, const char *line)
{
	(void)arg;
	(void)level;
	(void)line;
}

int
main(void)
{
	log_set_sink(ignore_line, NULL);
	T_RUN(test_one_turn);
	T_RUN(test_bad_ids);
	T_RUN(test_cleaned_and_cut);
	T_RUN(test_fragments_belong_together);
	T_RUN(test_waiting_survives_a_restart);
	T_RUN(test_notice);
	T_RUN(test_notice_with_its_turn);
	T_RUN(test_notice_outlives_the_process);
	T_RUN(test_notice_elsewhere);
	T_RUN(test_start_is_a_line);
	T_RUN(test_hurry);
	T_RUN(test_edits);
	T_RUN(test_opening);
	T_RUN(test_flood);
	T_RUN(test_three_tries);
	T_RUN(test_poison);
	T_RUN(test_poison_that_waits);
	T_RUN(test_clock_set_back);
	T_RUN(test_late);
	T_RUN(test_two_processes);
	T_RUN(test_resend);
	T_RUN(test_keeps_values);
	T_RUN(test_erases);
	T_RUN(test_ratings);
	T_RUN(test_keeps_with_the_last_message);
	T_RUN(test_keeps_nothing_behind_a_loss);
	T_RUN(test_history);
	T_RUN(test_notes);
	T_RUN(test_many_in_a_batch);
	T_RUN(test_refuses_while_the_store_cannot);
	return t_end();
}
