/*
 * test_train.c - training, asking, and model files that are not what they should be.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "bot/nlu/model_priv.h"
#include "bot/nlu/model_sum_priv.h"
#include "credbot/base/alloc.h"
#include "credbot/base/arena.h"
#include "credbot/base/file.h"
#include "credbot/nlu/classify.h"
#include "credbot/nlu/train.h"
#include "t.h"

#define SOURCES "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const struct {
	const char *label, *text;
} set[] = {
	{ "advisor", "can i talk to an advisor" },
	{ "advisor", "i want to speak with a person" },
	{ "advisor", "book an appointment with somebody" },
	{ "advisor", "is there a human i can talk to" },
	{ "advisor", "please give me an advisor" },
	{ "advisor", "i need to talk to a real person" },
	{ "advisor", "connect me to an advisor please" },
	{ "advisor", "when can i meet an advisor" },
	{ "credits", "can i transfer my credits" },
	{ "credits", "how many credits will be recognised" },
	{ "credits", "do my 30 credits count at the university" },
	{ "credits", "transfer of credits to another university" },
	{ "credits", "will the university accept my credits" },
	{ "credits", "what happens to my credits if i move" },
	{ "credits", "are the credits valid in another country" },
	{ "credits", "credit transfer rules" },
	{ "fees", "how much does it cost" },
	{ "fees", "what is the price of the course" },
	{ "fees", "do i have to pay 300 $ at once" },
	{ "fees", "is there a fee for the certificate" },
	{ "fees", "can i pay the fee later" },
	{ "fees", "are there scholarships for the fees" },
	{ "fees", "the cost of a course" },
	{ "fees", "how expensive is the course" },
	{ "greet", "hello" },
	{ "greet", "hi there" },
	{ "greet", "good morning" },
	{ "greet", "hey how are you" },
	{ "greet", "good evening to you" },
	{ "greet", "hello again" },
	{ "greet", "hi" },
	{ "greet", "greetings" },
	{ NLU_OOS, "what is the weather like today" },
	{ NLU_OOS, "tell me a joke about cats" },
	{ NLU_OOS, "who won the football match" },
	{ NLU_OOS, "play some music" },
	{ NLU_OOS, "my cat is ill" },
};

/* Of the labels above alone, as trained by most tests. */
static struct training
small_training(struct train_example *e, size_t n)
{
	for (size_t i = 0; i < n; i++)
		e[i] = (struct train_example){ set[i].label, str_of(set[i].text) };
	return (
	    struct training){ .examples = e, .n = n, .sources = SOURCES, .seed = 7 };
}

static struct buf
train_small(size_t n)
{
	struct train_example e[ARRAY_LEN(set)];
	struct training t = small_training(e, n);
	struct buf out = { 0 };
	struct err err = { "" };

	T_INT(train_model(&t, &out, &err), RC_OK, "%s", err.text);
	return out;
}

/* A model, its file and all that asking it takes. */
struct asked {
	struct buf file;
	struct model *m;
	struct classify_scratch *s;
	struct arena *a;
};

static struct asked
asked_new(struct buf file)
{
	struct asked k = { .file = file, .a = arena_new() };
	struct err err = { "" };

	T_INT(model_view(&k.m, file.data, file.len, "small", &err), RC_OK, "%s",
	    err.text);
	k.s = classify_scratch_new(k.m);
	return k;
}

static void
asked_free(struct asked *k)
{
	classify_scratch_free(k->s);
	model_close(k->m);
	arena_free(k->a);
	buf_fini(&k->file);
}

static struct classified
ask(struct asked *k, struct str text)
{
	struct classified c;

	classify(k->m, k->s, k->a, text, &c);
	return c;
}

static void
test_answers(void)
{
	static const struct {
		const char *text, *label, *repaired;
	} rows[] = {
		{ "Hello!", "greet", "hello" },
		{ "can I talk with a human?", "advisor", "can i talk with a human ?" },
		{ "transfer credits", "credits", "transfer credits" },
		{ "how much are the fees", "fees", "how much are the fees" },
		{ "what's the PRICE", "fees", "what is the price" },
		{ "do i pay 450 $", "fees", "do i pay 450 $" },
		{ "advsior pls", "advisor", "advisor please" },
		{ "trasnfer my credtis", "credits", "transfer my credits" },
		{ "csot of thecourse", "fees", "cost of the course" },
		{ "helloooooo", "greet", "hello" },
		{ "hiiii", "greet", "hi" },
		{ "creditss", "credits", "credits" },
	};
	struct asked k = asked_new(train_small(32));

	T_INT(model_label_count(k.m), 4, "labels");
	T_STR(model_label(k.m, 0), "advisor", "sorted");
	T_STR(model_label(k.m, 3), "greet", "sorted");
	T_STR(model_sources(k.m), SOURCES, "sources");
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct classified c = ask(&k, str_of(rows[i].text));

		T_STR(c.top[0].label, rows[i].label, "row %zu", i);
		T_STR(c.repaired.p, rows[i].repaired, "row %zu", i);
		T_INT(c.n, 4, "row %zu", i);
		T_CHECK(c.top[0].p >= c.top[1].p && c.top[1].p >= c.top[3].p, "row %zu",
		    i);
	}
	asked_free(&k);
}

static void
test_counts_and_shares(void)
{
	struct asked k = asked_new(train_small(32));
	struct classified c = ask(&k, STR("can i pay the zebra"));
	float sum = 0;

	T_INT(c.words, 5, "words");
	T_INT(c.unknown_words, 1, "unknown words");
	for (size_t i = 0; i < c.n; i++)
		sum += c.top[i].p;
	T_CHECK(fabsf(sum - 1.0f) < 1e-4f, "all shares: %f", (double)sum);
	T_CHECK(c.in_scope > 0.0f && c.in_scope < 1.0f, "%f", (double)c.in_scope);
	asked_free(&k);
}

/* What every example of a label has in common with it is more than a stranger has. */
static void
test_scope(void)
{
	struct asked k = asked_new(train_small(32));
	float near = ask(&k, STR("can i talk to an advisor")).in_scope;
	float far = ask(&k, STR("purple elephants dance quietly")).in_scope;

	T_CHECK(near > far, "%f %f", (double)near, (double)far);
	T_CHECK(near >= model_threshold(k.m), "%f", (double)near);
	T_CHECK(far < model_threshold(k.m), "%f", (double)far);
	asked_free(&k);
	k = asked_new(train_small(ARRAY_LEN(set)));
	T_INT(model_label_count(k.m), 4, "out of scope is no label");
	far = ask(&k, STR("tell me a joke about football")).in_scope;
	T_CHECK(far < model_threshold(k.m), "%f", (double)far);
	asked_free(&k);
}

/* Words of the general list are right, although no example has them. */
static void
test_known_words(void)
{
	static const struct str known[] = { STR("cast"), STR("prince") };
	struct train_example e[ARRAY_LEN(set)];
	struct training t = small_training(e, 32);
	struct buf file = { 0 };
	struct asked k;

	t.known = known;
	t.n_known = ARRAY_LEN(known);
	T_INT(train_model(&t, &file, NULL), RC_OK, "trained");
	k = asked_new(file);
	T_STR(ask(&k, STR("the cast")).repaired.p, "the cast", "known");
	T_STR(ask(&k, STR("the prince")).repaired.p, "the prince", "known");
	T_STR(ask(&k, STR("the pricee")).repaired.p, "the price", "not known");
	T_INT(ask(&k, STR("the cast")).unknown_words, 1, "no example has it");
	asked_free(&k);
}

static void
test_strange_texts(void)
{
	struct asked k = asked_new(train_small(32));
	struct buf text = { 0 };
	struct classified c;

	T_INT(ask(&k, str_n(NULL, 0)).n, 0, "nothing");
	T_INT(ask(&k, STR("")).n, 0, "empty");
	c = ask(&k, STR("\xF0\x9F\x98\x80 ... !"));
	T_INT(c.n, 0, "no words");
	T_CHECK(c.in_scope <= 0.0f, "no words are not in scope");
	T_INT(ask(&k, STR("\xFF\xFE\xC3( hello \xE2\x82")).n, 4, "no UTF-8");
	T_INT(ask(&k, STR("\xF0\x9F")).n, 0, "cut short");
	for (int i = 0; i < 100000; i++)
		buf_adds(&text, i % 7 == 0 ? "\xE2\x82\xAC "
					   : "fees cr\xC3\xA9"
					     "dit xq ");
	T_INT(ask(&k, buf_str(&text)).n, 4, "very long");
	buf_clear(&text);
	for (int i = 0; i < 5000; i++)
		buf_addc(&text, "abc"[i % 3]);
	T_INT(ask(&k, buf_str(&text)).n, 4, "one long word");
	buf_clear(&text);
	for (int i = 1; i < 4000; i++)
		buf_addc(&text, (char)(i * 7919 % 255 + 1));
	(void)ask(&k, buf_str(&text));
	T_CHECK(true, "noise");
	buf_fini(&text);
	asked_free(&k);
}

static void
test_same_twice(void)
{
	struct buf one = train_small(ARRAY_LEN(set)), two = train_small(ARRAY_LEN(set));

	T_CHECK(str_eq(buf_str(&one), buf_str(&two)), "same bytes");
	buf_fini(&one);
	buf_fini(&two);
}

static bool
stop_at_once(void *arg)
{
	(*(int *)arg)++;
	return true;
}

static void
test_refused_training(void)
{
	struct train_example e[ARRAY_LEN(set)];
	struct training t = small_training(e, 8); /* one label */
	struct buf out = { 0 };
	struct err err;
	int asked = 0;

	T_INT(train_model(&t, &out, &err), RC_INVALID, "one label");
	T_CHECK(strstr(err.text, "2 to") != NULL, "%s", err.text);
	t = small_training(e, 0);
	T_INT(train_model(&t, &out, &err), RC_INVALID, "nothing");
	t = small_training(e, 32);
	t.cancelled = stop_at_once;
	t.arg = &asked;
	T_INT(train_model(&t, &out, &err), RC_AGAIN, "cancelled");
	T_INT(asked, 1, "asked once");
	T_INT(out.len, 0, "nothing was written");
	buf_fini(&out);
}

/* So small that there is nothing to hide, or nothing to see. */
static void
test_tiny_training(void)
{
	static const struct train_example two[] = {
		{ "no", { "no", 2 } },
		{ "yes", { "yes please", 10 } },
	};
	static const struct train_example wordless[] = {
		{ "a", { "!!!", 3 } },
		{ "b", { "", 0 } },
		{ "c", { "...", 3 } },
	};
	static const struct train_example three[] = {
		{ "a", { "apple", 5 } },
		{ "b", { "banana", 6 } },
		{ "c", { "cherry", 6 } },
		{ NLU_OOS, { "stone", 5 } },
	};
	struct training t = { .examples = two, .n = 2, .sources = SOURCES };
	struct buf file = { 0 };
	struct asked k;

	T_INT(train_model(&t, &file, NULL), RC_OK, "two texts");
	k = asked_new(file);
	T_STR(ask(&k, STR("yes")).top[0].label, "yes", "two texts");
	T_CHECK(ask(&k, STR("yes please")).in_scope >= model_threshold(k.m), "known");
	T_CHECK(ask(&k, STR("zebra")).in_scope < model_threshold(k.m), "unknown");
	asked_free(&k);
	t = (struct training){ .examples = wordless, .n = 3, .sources = SOURCES };
	file = (struct buf){ 0 };
	T_INT(train_model(&t, &file, NULL), RC_OK, "no words");
	k = asked_new(file);
	T_INT(ask(&k, STR("hello")).n, 3, "asked all the same");
	asked_free(&k);
	t = (struct training){ .examples = three, .n = 4, .sources = "" };
	file = (struct buf){ 0 };
	T_INT(train_model(&t, &file, NULL), RC_OK, "a text a label");
	k = asked_new(file);
	T_STR(ask(&k, STR("bananas")).top[0].label, "b", "a text a label");
	T_STR(model_sources(k.m), "", "no sources");
	asked_free(&k);
}

/* model_view() of a copy that ends where its bytes end, so that the sanitizer sees more. */
static enum rc
view_copy(const char *bytes, size_t n, struct err *err)
{
	char *copy = xmalloc(n);
	struct model *m;
	enum rc rc;

	if (n > 0)
		memcpy(copy, bytes, n);
	rc = model_view(&m, copy, n, "copy", err);
	model_close(m);
	free(copy);
	return rc;
}

static void
test_damaged_files(void)
{
	struct buf file = train_small(32);
	struct err err;
	size_t let_through = 0;

	for (size_t n = 0; n < file.len; n += 1 + n / 50)
		if (view_copy(file.data, n, &err) != RC_INVALID || err.text[0] == '\0')
			let_through++;
	T_INT(let_through, 0, "cut short");
	for (size_t i = 0; i < file.len; i += 1 + i / 500) {
		file.data[i] ^= (char)(1 << i % 8);
		if (view_copy(file.data, file.len, &err) != RC_INVALID)
			let_through++;
		file.data[i] ^= (char)(1 << i % 8);
	}
	T_INT(let_through, 0, "flipped");
	T_INT(view_copy(file.data, file.len, &err), RC_OK, "whole again");
	buf_add(&file, "", 1);
	T_INT(view_copy(file.data, file.len, &err), RC_INVALID, "a byte more");
	T_STR(err.text, "copy: longer than it should be", "said so");
	buf_fini(&file);
}

/* Files of another version, and such as were made to mislead: their checksum is right. */
static void
test_forged_files(void)
{
	struct buf file = train_small(32);
	struct model_header *h = (struct model_header *)(void *)file.data;
	size_t refused = 0, taken = 0;
	struct err err;

	h->version++;
	T_INT(view_copy(file.data, file.len, &err), RC_INVALID, "version");
	T_STR(err.text, "copy: made by another version of credbot, train again",
	    "says so");
	h->version--;
	for (size_t i = sizeof(h->magic); i + 4 <= file.len; i += 4 + i / 300 / 4 * 4) {
		uint32_t *at = (uint32_t *)(void *)(file.data + i), saved = *at;
		struct asked k = { .a = arena_new() };

		*at = i % 8 == 0 ? UINT32_MAX - 3 : saved + 0x01010101;
		h->checksum = model_sum(file.data, file.len);
		if (model_view(&k.m, file.data, file.len, "forged", &err) == RC_OK) {
			k.s = classify_scratch_new(k.m);
			(void)ask(&k, STR("can i transfre 30 credits to u, howmuch"));
			taken++;
		} else {
			refused++;
		}
		asked_free(&k);
		*at = saved;
	}
	T_CHECK(refused > 0 && taken > 0, "%zu refused, %zu taken", refused, taken);
	buf_fini(&file);
}

static void
test_files(void)
{
	char dir[] = "/tmp/credbot-test-XXXXXX";
	struct buf path = { 0 }, file = train_small(32);
	struct model *m;
	struct err err;

	T_CHECK(mkdtemp(dir) != NULL, "%s", dir);
	buf_printf(&path, "%s/model", dir);
	T_INT(model_open(&m, buf_cstr(&path), &err), RC_NOTFOUND, "none");
	T_INT(file_write_atomic(buf_cstr(&path), STR(""), &err), RC_OK, "empty");
	T_INT(model_open(&m, buf_cstr(&path), &err), RC_INVALID, "empty");
	T_INT(file_write_atomic(buf_cstr(&path), STR("hello, world\n"), &err), RC_OK,
	    "a text");
	T_INT(model_open(&m, buf_cstr(&path), &err), RC_INVALID, "a text");
	T_CHECK(strstr(err.text, "not a model file") != NULL, "%s", err.text);
	T_INT(file_write_atomic(buf_cstr(&path), buf_str(&file), &err), RC_OK, "model");
	T_INT(model_open(&m, buf_cstr(&path), &err), RC_OK, "model");
	T_INT(model_bytes(m), file.len, "size");
	model_close(m);
	model_close(NULL);
	(void)unlink(buf_cstr(&path));
	(void)rmdir(dir);
	buf_fini(&path);
	buf_fini(&file);
}

/* Adds the lines of a labelled file to e; false if it is not there. */
static bool
read_lines(const char *path, struct buf *text, struct train_example **e, size_t *n)
{
	struct str rest;
	size_t cap = 0;

	if (file_read(path, 1 << 24, text, NULL) != RC_OK)
		return false;
	for (rest = buf_str(text); rest.p != NULL;) {
		struct str line = str_cut(&rest, '\n'), label = str_cut(&line, '\t');

		if (line.p == NULL)
			continue;
		text->data[label.p + label.len - text->data] = '\0';
		xgrow(e, &cap, *n + 1);
		(*e)[(*n)++] = (struct train_example){ label.p, line };
	}
	return true;
}

/* The shared data sets are beside the checkout; in CI they have to be. */
static void
test_public_sets(void)
{
	static const struct {
		const char *train, *test;
		double least;
	} rows[] = {
		{ "../shared/nlu/braun_chatbot/train.tsv",
		    "../shared/nlu/braun_chatbot/test.tsv", 0.97 },
		{ "../shared/nlu/banking77/train_5shot.tsv",
		    "../shared/nlu/banking77/valid.tsv", 0.62 },
	};
	const char *ci = getenv("CI");

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf a = { 0 }, b = { 0 }, file = { 0 };
		struct train_example *train = NULL, *test = NULL;
		size_t n = 0, n_test = 0, right = 0;
		struct training t = { .sources = SOURCES };
		struct asked k;

		if (!read_lines(rows[i].train, &a, &train, &n) ||
		    !read_lines(rows[i].test, &b, &test, &n_test)) {
			T_CHECK(ci == NULL || strcmp(ci, "true") != 0, "%s",
			    rows[i].train);
			printf("skipped: %s is not there\n", rows[i].train);
			buf_fini(&a);
			free(train);
			continue;
		}
		t.examples = train;
		t.n = n;
		T_INT(train_model(&t, &file, NULL), RC_OK, "row %zu", i);
		k = asked_new(file);
		for (size_t j = 0; j < n_test; j++) {
			struct classified c = ask(&k, test[j].text);

			right += c.n > 0 && strcmp(c.top[0].label, test[j].label) == 0;
			arena_reset(k.a);
		}
		T_CHECK((double)right >= rows[i].least * (double)n_test, "%zu of %zu",
		    right, n_test);
		asked_free(&k);
		buf_fini(&a);
		buf_fini(&b);
		free(train);
		free(test);
	}
}

int
main(void)
{
	T_RUN(test_answers);
	T_RUN(test_counts_and_shares);
	T_RUN(test_scope);
	T_RUN(test_known_words);
	T_RUN(test_strange_texts);
	T_RUN(test_same_twice);
	T_RUN(test_refused_training);
	T_RUN(test_tiny_training);
	T_RUN(test_damaged_files);
	T_RUN(test_forged_files);
	T_RUN(test_files);
	T_RUN(test_public_sets);
	return t_end();
}
