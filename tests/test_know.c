/*
 * test_know.c - articles: conditions, limits, links; and the lessons drawn from them. The
 * faults of files as a person meets them are in tests/broken/.
 */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bot/know/variants.h"
#include "credbot/base/file.h"
#include "credbot/know/answer.h"
#include "credbot/know/kb.h"
#include "credbot/know/lessons.h"
#include "credbot/nlu/classify.h"
#include "t.h"

static const char text[] = "Always.\n"
			   "\n"
			   "<!-- when: catalog -->\n"
			   "{programs} are loaded.\n"
			   "\n"
			   "<!-- when: no catalog -->\n"
			   "None here, sadly.\n"
			   "\n"
			   "- one\n"
			   "<!-- when: contact -->\n"
			   "- ask {contact}\n"
			   "- three\n"
			   "\n"
			   "> Careful.";

static void
test_conditions(void)
{
	static const struct {
		struct capabilities caps;
		const char *want;
	} rows[] = {
		{ { 0, NULL, NULL },
		    "Always.\n\nNone here, sadly.\n\n- one\n- three\n\n> Careful." },
		{ { CAP_CATALOG, NULL, "12" },
		    "Always.\n\n12 are loaded.\n\n- one\n- three\n\n> Careful." },
		{ { CAP_CONTACT, "room 1", NULL },
		    "Always.\n\nNone here, sadly.\n\n- one\n- ask room 1\n- three\n\n> "
		    "Careful." },
		{ { CAP_CONTACT | CAP_CATALOG, "room 1", "12" },
		    "Always.\n\n12 are loaded.\n\n- one\n- ask room 1\n- three\n\n> "
		    "Careful." },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf out = { 0 };

		answer_render(STR(text), &rows[i].caps, &out);
		T_STR(buf_cstr(&out), rows[i].want, "row %zu", i);
		buf_fini(&out);
	}
	/* Always; the longer of the two; one; ask {contact}; three; Careful. */
	T_INT(answer_words_max(STR(text)), 9, "words of the longest combination");
}

static void
test_quotes(void)
{
	static const struct {
		const char *text;
		bool always, ever;
	} rows[] = {
		{ "No quote.", false, false },
		{ "A.\n\n> B.", true, true },
		{ "<!-- when: booking -->\n> B.", false, true },
		{ "<!-- when: booking -->\n> B.\n\n<!-- when: no booking -->\n> C.",
		    true, true },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		T_CHECK(answer_quotes_always(str_of(rows[i].text)) == rows[i].always,
		    "row %zu", i);
		T_CHECK(answer_quotes_ever(str_of(rows[i].text)) == rows[i].ever,
		    "row %zu", i);
	}
}

static void
test_answer_check(void)
{
	struct faults f = { 0 };
	struct buf out = { 0 };

	answer_check(STR("a {contact}\n<!-- when: bookings -->\nb {x} {programs}\n"
			 "<!-- a remark -->\n"),
	    "a.md", 20, &f);
	faults_print(&f, &out);
	T_CHECK(strstr(buf_cstr(&out), "a.md:21:1: no such condition") != NULL, "%s",
	    buf_cstr(&out));
	T_CHECK(strstr(buf_cstr(&out), "a.md:22:3: \"{\" starts a variable") != NULL,
	    "%s", buf_cstr(&out));
	T_CHECK(strstr(buf_cstr(&out), "a.md:23:1:") != NULL, "%s", buf_cstr(&out));
	T_INT(f.n, 3, "three faults");
	faults_fini(&f);
	buf_fini(&out);
}

/* --- a small data folder */

static const char dir[] = "/tmp/credbot-test-know";

static void
write_file(const char *name, const char *content)
{
	struct buf path = { 0 };
	struct err err = { "" };

	buf_printf(&path, "%s/%s", dir, name);
	T_INT(file_write_atomic(buf_cstr(&path), str_of(content), &err), RC_OK, "%s",
	    err.text);
	buf_fini(&path);
}

static void
write_article(const char *id, const char *related, const char *parent)
{
	struct buf b = { 0 }, name = { 0 };

	buf_printf(&b,
	    "---\nid: %s\ntitle: \"What about %s?\"\ncategory: basics\nparent: %s\n"
	    "related: [%s]\nadvisor: general\ncaveat: true\ncertainty: "
	    "usual\nsources:\n"
	    "  - {from: book, section: \"1\"}\nowner: me\nreviewed: 2026-01-01\n"
	    "review_by: 2027-01-01\nsimple: \"Short.\"\nquestions:\n",
	    id, id, parent, related);
	for (int i = 0; i < KB_QUESTIONS_MIN; i++)
		buf_printf(&b, "  - \"%s %s %d\"\n", id, i == 0 ? "course" : "question",
		    i);
	buf_printf(&b,
	    "not:\n  - {text: \"%s cake\", is: out-of-scope}\n---\nBrief %s.\n\n"
	    "> Careful.\n\n<!-- more -->\n\nMore %s.\n",
	    id, id, id);
	buf_printf(&name, "kb/en/%s.md", id);
	write_file(buf_cstr(&name), buf_cstr(&b));
	buf_fini(&b);
	buf_fini(&name);
}

static void
write_phrases(const char *id, const char *extra)
{
	struct buf b = { 0 }, name = { 0 };

	buf_printf(&b, "intent: %s\n%sphrases:\n", id, extra);
	for (int i = 0; i < 25; i++)
		buf_printf(&b, "  - \"%s phrase %d\"\n", id, i);
	buf_adds(&b, "not: []\n");
	buf_printf(&name, "intents/en/%s.yaml", id);
	write_file(buf_cstr(&name), buf_cstr(&b));
	buf_fini(&b);
	buf_fini(&name);
}

static void
make_folder(void)
{
	struct err err;

	(void)file_make_dir("/tmp/credbot-test-know/kb/en", &err);
	(void)file_make_dir("/tmp/credbot-test-know/intents/en", &err);
	write_file("kb/sources.yaml", "book:\n  title: \"A book\"\n");
	write_article("alpha", "beta", "null");
	write_article("beta", "alpha", "alpha");
	write_phrases("greet", "");
	write_phrases("out-of-scope", "");
	write_phrases("book-it", "answered_by: beta\n");
}

static void
remove_folder(void)
{
	static const char *const names[] = { "kb/sources.yaml", "kb/en/alpha.md",
		"kb/en/beta.md", "intents/en/greet.yaml",
		"intents/en/out-of-scope.yaml", "intents/en/book-it.yaml", "kb/en",
		"intents/en", "kb", "intents", "" };
	struct buf path = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		buf_clear(&path);
		buf_printf(&path, "%s/%s", dir, names[i]);
		(void)remove(buf_cstr(&path));
	}
	buf_fini(&path);
}

static void
test_variants(void)
{
	static const struct {
		const char *text, *want; /* NULL: none */
	} rows[] = {
		{ "what are the course fees", "what are the micro-credential fees" },
		{ "Short courses in Spain?", "micro-credentials in Spain?" },
		{ "do they expire", "do micro-credentials expire" },
		{ "of course i want one of these", NULL },
		{ "racecourse", NULL },
		{ "a certificate-based path", NULL },
		{ "hello", NULL },
		{ "", NULL },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf b = { 0 };
		bool made = variant_of(str_of(rows[i].text), &b);

		T_CHECK(made == (rows[i].want != NULL), "row %zu", i);
		if (made && rows[i].want != NULL)
			T_STR(buf_cstr(&b), rows[i].want, "row %zu", i);
		buf_fini(&b);
	}
}

static const char *const builtin[] = { "greet", "out-of-scope", NULL };

static void
test_built(void)
{
	struct faults f = { 0 };
	struct know_files *files;
	struct lessons *ls;
	struct kb *kb;
	size_t oos = 0;

	make_folder();
	files = know_files_read(dir, "en", &f);
	kb = kb_build(files, 1767225600000, &f); /* 2026-01-01 */
	ls = lessons_build(files, builtin, &f);
	T_INT(f.n, 0, "no fault");
	T_INT(kb_len(kb), 2, "articles");
	T_CHECK(kb_find(kb, "beta")->parent == kb_find(kb, "alpha"), "parent");
	T_CHECK(kb_by_title(kb, STR("  WHAT about Alpha? ")) == kb_find(kb, "alpha"),
	    "by title");
	T_CHECK(kb_by_title(kb, STR("what")) == NULL, "no such title");
	T_CHECK(str_is(kb_find(kb, "alpha")->more, "More alpha."), "longer part");
	/* Titles, questions, near misses, phrases; and one variant an article. */
	T_INT(lessons_len(ls), 2 + 2 * KB_QUESTIONS_MIN + 2 + 3 * 25 + 2, "lessons");
	T_INT(lessons_variants(ls), 2, "variants");
	T_CHECK(str_is(lessons_at(ls, lessons_len(ls) - 1)->text,
		    "beta micro-credential 0"),
	    "the last one");
	for (size_t i = 0; i < lessons_len(ls); i++)
		oos += strcmp(lessons_at(ls, i)->label, NLU_OOS) == 0;
	T_INT(oos, 25 + 2, "out of scope: phrases and near misses");
	T_INT(lessons_stand_ins(ls), 1, "one intent is answered by an article");
	T_STR(lessons_stand_in(ls, 0)->by, "beta", "by which");
	lessons_free(ls);
	kb_free(kb);
	know_files_free(files);
	faults_fini(&f);
	remove_folder();
}

/* What is taught has a hash; what is answered has no part in it. */
static const char *
hash_of_folder(void)
{
	static char hash[LESSONS_HASH_MAX];
	struct faults f = { 0 };
	struct know_files *files = know_files_read(dir, "en", &f);
	struct lessons *ls = lessons_build(files, builtin, &f);

	T_INT(f.n, 0, "no fault");
	(void)snprintf(hash, sizeof(hash), "%s", lessons_hash(ls));
	lessons_free(ls);
	know_files_free(files);
	return hash;
}

static void
test_hash(void)
{
	char first[LESSONS_HASH_MAX];

	make_folder();
	(void)snprintf(first, sizeof(first), "%s", hash_of_folder());
	T_INT(strlen(first), 64, "length");
	write_phrases("greet", "# a remark\n");
	T_STR(hash_of_folder(), first, "the same lessons");
	write_article("alpha", "beta", "null # of a menu");
	T_STR(hash_of_folder(), first, "another answer");
	write_phrases("book-it", "answered_by: alpha\n");
	T_STR(hash_of_folder(), first, "another article answers");
	write_file("intents/en/greet.yaml", "intent: greet\nphrases: [a, b, c, d, e, "
					    "f, g, h, i, j, k, l, m, n, o, p, q, r, "
					    "s, t, u, v, w, x, y]\nnot: []\n");
	T_CHECK(strcmp(hash_of_folder(), first) != 0, "other phrases");
	remove_folder();
}

static void
test_missing_folder(void)
{
	struct faults f = { 0 };

	T_CHECK(know_files_read("/nonexistent", "en", &f) == NULL, "nothing to read");
	T_CHECK(f.n > 0, "and it says so");
	faults_fini(&f);
}

static void
test_past_review(void)
{
	struct faults f = { 0 };
	struct know_files *files;

	make_folder();
	files = know_files_read(dir, "en", &f);
	T_CHECK(kb_build(files, 1800000000000, &f) == NULL,
	    "in 2027, for check: a fault");
	T_INT(f.n, 2, "one an article");
	faults_fini(&f);
	know_files_free(files);
	remove_folder();
}

int
main(void)
{
	T_RUN(test_conditions);
	T_RUN(test_quotes);
	T_RUN(test_answer_check);
	T_RUN(test_variants);
	T_RUN(test_built);
	T_RUN(test_hash);
	T_RUN(test_missing_folder);
	T_RUN(test_past_review);
	return t_end();
}
