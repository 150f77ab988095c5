/*
 * test_nlu.c - reading texts: words, features, hashes, tables, calibration.
 */
#include <math.h>
#include <stdlib.h>

#include "bot/nlu/calibrate_priv.h"
#include "bot/nlu/feature_priv.h"
#include "bot/nlu/hash_priv.h"
#include "bot/nlu/kernel_priv.h"
#include "bot/nlu/norm_priv.h"
#include "bot/nlu/row_priv.h"
#include "bot/nlu/table_priv.h"
#include "credbot/base/alloc.h"
#include "credbot/nlu/classify.h"
#include "t.h"

/* The shapes of the words of a text with blanks between; in out. */
static const char *
norm(struct words *w, const char *text, struct buf *out)
{
	norm_words(w, str_of(text));
	buf_clear(out);
	for (size_t i = 0; i < w->n; i++) {
		if (i > 0)
			buf_addc(out, ' ');
		buf_addstr(out, w->v[i].shape);
	}
	return buf_cstr(out);
}

static void
test_norm(void)
{
	static const struct {
		const char *in, *want;
	} rows[] = {
		{ "", "" },
		{ "   \n\t ", "" },
		{ "...!", "" },
		{ "\xF0\x9F\x98\x80\xF0\x9F\x8E\x89", "" }, /* emoji */
		{ "Micro-Credential", "micro credential" },
		{ "30 ECTS", "#2 ects" },
		{ "1234567 or 7", "#5 or #1" },
		{ "2nd", "2nd" },
		{ "Is it 300$ or 20%?", "is it #3 $ or #2 % ?" },
		{ "20 \xE2\x82\xAC", "#2 $" }, /* euro */
		{ "Caf\xC3\xA9 M\xC3\xBCnchen", "cafe munchen" },
		{ "can't", "can not" },
		{ "Can\xE2\x80\x99t", "can not" },
		{ "cannot", "can not" },
		{ "courses in IT?", "courses in infotech ?" },
		{ "IT", "infotech" },
		{ "WHEN DOES IT START", "when does it start" },
		{ "is it over", "is it over" },
		{ "IT'S here, ITS there, EDIT, BIT IT!",
		    "it is here its there edit bit infotech" },
		{ "not ITS but IT-support", "not its but infotech support" },
		{ "don't", "do not" },
		{ "dont", "do not" },
		{ "do'nt", "do not" },
		{ "they're", "they are" },
		{ "I'd", "i would" },
		{ "we'll", "we will" },
		{ "well", "well" },
		{ "I've", "i have" },
		{ "university's", "university 's" },
		{ "what's", "what is" },
		{ "u r", "you are" },
		{ "idk", "i do not know" },
		{ "sooooo", "soo" },
		{ "plsssss", "please" },
		{ "hellooo", "helloo" },
		{ "1000000", "#5" },
		{ "'quoted'", "quoted" },
		{ "rock 'n' roll", "rock n roll" },
		{ "\xE4\xBD\xA0\xE5\xA5\xBD", "\xE4\xBD\xA0\xE5\xA5\xBD" },
	};
	struct words *w = xcalloc(1, sizeof(*w));
	struct buf out = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		T_STR(norm(w, rows[i].in, &out), rows[i].want, "row %zu", i);
	norm_words(w, STR("300"));
	T_CHECK(str_is(w->v[0].text, "300"), "what was read stays");
	norm_words(w, STR("noooo"));
	T_CHECK(w->v[0].stretched, "stretched");
	buf_fini(&out);
	norm_words_fini(w);
	free(w);
}

/* Every short form is found: their table is sorted. */
static void
test_short_forms(void)
{
	static const char *const forms[] = { "abt", "b4", "cant", "coz", "gonna",
		"how's", "im", "ive", "let's", "okay", "ppl", "r", "that's", "thx", "u",
		"ur", "wanna", "what's", "won't", "wont", "youre" };
	struct words *w = xcalloc(1, sizeof(*w));
	struct buf out = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(forms); i++)
		T_CHECK(strcmp(norm(w, forms[i], &out), forms[i]) != 0, "%s", forms[i]);
	buf_fini(&out);
	norm_words_fini(w);
	free(w);
}

static void
test_norm_is_bounded(void)
{
	struct words *w = xcalloc(1, sizeof(*w));
	struct buf text = { 0 };

	for (int i = 0; i < 3000; i++)
		buf_adds(&text, "u idk ");
	norm_words(w, buf_str(&text));
	T_INT(w->n, NORM_WORDS_MAX, "many words");
	buf_clear(&text);
	for (int i = 0; i < 3000; i++)
		buf_adds(&text, "\xEF\xB7\xBA"); /* folds to eighteen characters */
	norm_words(w, buf_str(&text));
	T_CHECK(w->n <= NORM_WORDS_MAX, "long after folding");
	buf_clear(&text);
	for (int i = 0; i < 1000; i++)
		buf_adds(&text, "\xC3\xA9");
	norm_words(w, str_n(text.data, 1999)); /* ends within a character */
	T_INT(w->n, 1, "one long word");
	buf_fini(&text);
	norm_words_fini(w);
	free(w);
}

static const struct feature *
find(const struct bag *b, uint64_t hash)
{
	for (size_t i = 0; i < b->n; i++)
		if (b->v[i].hash == hash)
			return &b->v[i];
	return NULL;
}

static void
count_groups(const struct bag *b, size_t n[FEATURE_GROUPS])
{
	memset(n, 0, FEATURE_GROUPS * sizeof(n[0]));
	for (size_t i = 0; i < b->n; i++)
		n[b->v[i].group]++;
}

static void
test_features(void)
{
	struct words *w = xcalloc(1, sizeof(*w));
	struct bag b = { 0 };
	size_t n[FEATURE_GROUPS];
	const struct feature *f;

	norm_words(w, STR("no means no"));
	feature_collect(&b, VIEW_A, w);
	count_groups(&b, n);
	T_INT(n[GROUP_WORD], 2, "different words");
	T_INT(n[GROUP_NEXT], 4, "begin no, no means, means no, no end");
	f = find(&b, feature_next(hash_text(STR("no")), hash_text(STR("means"))));
	T_CHECK(f != NULL && f->count == 1, "neighbours");
	f = find(&b, feature_next(hash_text(STR("no")), FEATURE_END));
	T_CHECK(f != NULL, "the end");
	/* <n no o> <no no> <no> of "no"; 6 + 5 + 4 + 3 of "means" */
	T_INT(n[GROUP_PIECE], 6 + 18, "pieces");
	feature_collect(&b, VIEW_B, w);
	count_groups(&b, n);
	T_INT(n[GROUP_STEM], 2, "stems");
	T_INT(n[GROUP_STEM_NEXT], 2, "neighbouring stems");
	T_INT(n[GROUP_PAIR], 1, "pairs");
	T_INT(n[GROUP_STEM_PIECE], 3 + 9, "pieces of 3 and 4");
	feature_fini(&b);
	norm_words_fini(w);
	free(w);
}

/* A pair is the same in both orders. */
static void
test_pairs_have_no_order(void)
{
	struct words *w = xcalloc(1, sizeof(*w));
	struct bag one = { 0 }, two = { 0 };

	norm_words(w, STR("alpha beta"));
	feature_collect(&one, VIEW_B, w);
	norm_words(w, STR("beta alpha"));
	feature_collect(&two, VIEW_B, w);
	for (size_t i = 0; i < one.n; i++)
		if (one.v[i].group == GROUP_PAIR)
			T_CHECK(find(&two, one.v[i].hash) != NULL, "same pair");
	feature_fini(&one);
	feature_fini(&two);
	norm_words_fini(w);
	free(w);
}

/* Model files hold these: if one of them changes, MODEL_VERSION must. */
static void
test_hashes_are_stable(void)
{
	struct words *w = xcalloc(1, sizeof(*w));
	struct bag b = { 0 };
	uint64_t all[VIEWS] = { 0 };

	for (enum view v = VIEW_A; v < VIEWS; v++) {
		norm_words(w, STR("can i transfer 30 credits to another university?"));
		feature_collect(&b, v, w);
		for (size_t i = 0; i < b.n; i++)
			all[v] ^= b.v[i].hash;
	}
	T_CHECK(hash_text(STR("")) == UINT64_C(0xFDBDF6AB5F976DB6), "%#llx",
	    (unsigned long long)hash_text(STR("")));
	T_CHECK(hash_text(STR("pizza")) == UINT64_C(0x6045CC72D10E186E), "%#llx",
	    (unsigned long long)hash_text(STR("pizza")));
	T_CHECK(all[VIEW_A] == UINT64_C(0x1F46F4BF3C3BAAAC), "%#llx",
	    (unsigned long long)all[VIEW_A]);
	T_CHECK(all[VIEW_B] == UINT64_C(0x207708AA8E9BE95D), "%#llx",
	    (unsigned long long)all[VIEW_B]);
	feature_fini(&b);
	norm_words_fini(w);
	free(w);
}

static int
by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static void
test_table(void)
{
	enum { N = 1000 };
	static uint64_t hashes[N];
	struct buf starts = { 0 }, keys = { 0 };
	struct table t;

	for (size_t i = 0; i < N; i++)
		hashes[i] = hash_end(i + 1);
	qsort(hashes, N, sizeof(hashes[0]), by_value);
	for (size_t n = 0; n <= N; n += N / 2) {
		buf_clear(&starts);
		buf_clear(&keys);
		table_write(hashes, n, &starts, &keys);
		T_CHECK(table_read(&t, (const uint32_t *)(const void *)starts.data,
			    starts.len / 4, (const uint32_t *)(const void *)keys.data,
			    n),
		    "%zu entries", n);
		for (size_t i = 0; i < n; i++)
			if (table_find(&t, hashes[i]) != i)
				T_CHECK(false, "entry %zu of %zu", i, n);
		T_INT(table_find(&t, 12345), TABLE_NONE, "a stranger");
	}
	T_CHECK(!table_read(&t, (const uint32_t *)(const void *)starts.data,
		    starts.len / 4 - 1, (const uint32_t *)(const void *)keys.data, N),
	    "cut short");
	buf_fini(&starts);
	buf_fini(&keys);
}

/* What a packed row adds to a score is what its weights would, but for their mean. */
static void
check_row(const float *w, size_t labels, bool dense)
{
	struct buf weights = { 0 };
	struct row r = row_pack(w, labels, 2.5f, &weights);
	float z[64] = { 0 }, mean = 0;

	T_INT(r.n == ROW_DENSE, dense, "kind of row");
	T_CHECK(fabsf(row_idf(&r) - 2.5f) < 0.001f, "idf");
	T_CHECK(row_is_sound(&r, (const uint8_t *)weights.data, weights.len, labels),
	    "sound");
	T_CHECK(!row_is_sound(&r, (const uint8_t *)weights.data, weights.len - 1,
		    labels),
	    "one byte is missing");
	row_add(z, &r, (const uint8_t *)weights.data, 2.0f, 64);
	for (size_t i = 0; i < labels; i++)
		mean += w[i] / (float)labels;
	for (size_t i = 0; i < labels; i++)
		T_CHECK(fabsf(z[i] - 2.0f * (w[i] - mean)) < 0.2f, "label %zu: %f", i,
		    (double)z[i]);
	buf_fini(&weights);
}

static void
test_rows(void)
{
	float few[40] = { [3] = 1.0f, [17] = -2.0f }, all[40], none[40] = { 0 };

	for (size_t i = 0; i < 40; i++)
		all[i] = i % 2 == 0 ? 1.0f : -1.0f;
	check_row(few, 40, false);
	check_row(all, 40, true);
	check_row(all, 33, true);
	{
		struct buf weights = { 0 };
		struct row r = row_pack(none, 40, 1.0f, &weights);

		T_INT(r.n, 0, "nothing to list");
		buf_fini(&weights);
	}
}

static void
test_kernels(void)
{
	float z[KERNEL_PAD], w[KERNEL_PAD], g2[KERNEL_PAD] = { 0 };
	int8_t q[KERNEL_PAD];

	for (int i = 0; i < KERNEL_PAD; i++) {
		z[i] = (float)i;
		w[i] = 1.0f;
		q[i] = (int8_t)(i - 16);
	}
	kernel_add(z, w, 2.0f, KERNEL_PAD);
	kernel_add_bytes(z, q, 0.5f, KERNEL_PAD);
	for (int i = 0; i < KERNEL_PAD; i++)
		T_CHECK(z[i] == (float)i + 2.0f + 0.5f * (float)(i - 16), "lane %d", i);
	/* The first step of Adagrad is as long as the rate, whatever the gradient. */
	kernel_adagrad(w, g2, z, 3.0f, 0.1f, KERNEL_PAD);
	for (int i = 20; i < KERNEL_PAD; i++)
		T_CHECK(fabsf(w[i] - 0.9f) < 1e-4f, "lane %d: %f", i, (double)w[i]);
	T_CHECK(g2[31] > 0.0f, "squares");
}

static void
test_calibration(void)
{
	enum { N = 200 };
	static struct evidence e[N];
	struct calibration c = { 0 };
	float threshold;
	size_t refused = 0, lost = 0;

	for (size_t i = 0; i < N; i++) {
		e[i].in_scope = e[i].right = i % 2 == 0;
		e[i].signal[SIGNAL_NEAREST] = (float)(i % 20) / 40.0f +
		                              (i % 2 == 0 ? 0.4f : 0.0f);
	}
	T_CHECK(!calibrate_fit(&c, e, 0), "nothing to fit");
	T_CHECK(calibrate_fit(&c, e, N), "fits");
	T_CHECK(c.weight[SIGNAL_NEAREST] > 0.0f, "nearer is better");
	threshold = calibrate_threshold(&c, e, N, 0.02f);
	for (size_t i = 0; i < N; i++) {
		bool kept = calibrate(&c, e[i].signal) >= threshold;

		lost += e[i].in_scope && !kept;
		refused += !e[i].in_scope && !kept;
	}
	T_CHECK(lost <= 2, "%zu lost", lost);
	T_CHECK(refused > 50, "%zu refused", refused);
	c = calibrate_default();
	T_CHECK(calibrate(&c, e[0].signal) >= 0.0f, "default");
}

int
main(void)
{
	T_RUN(test_norm);
	T_RUN(test_short_forms);
	T_RUN(test_norm_is_bounded);
	T_RUN(test_features);
	T_RUN(test_pairs_have_no_order);
	T_RUN(test_hashes_are_stable);
	T_RUN(test_table);
	T_RUN(test_rows);
	T_RUN(test_kernels);
	T_RUN(test_calibration);
	return t_end();
}
