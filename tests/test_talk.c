/*
 * test_talk.c - the parts of the dialogue that need no model: state, masking, escaping, and
 * the tables. Whole conversations are in tests/chat/.
 */
#include <stdlib.h>

#include "bot/talk/messages_priv.h"
#include "bot/talk/turn_priv.h"
#include "intents/intents.h"
#include "t.h"

static void
test_state_round_trip(void)
{
	struct arena *a = arena_new();
	struct buf text = { 0 }, again = { 0 };
	struct conv c = { .turns = 7,
		.depth = DEPTH_MORE,
		.asked = true,
		.yes = STR("more-detail"),
		.said = STR("He said \"no\\n\".\n\n- é"),
		.dialog = STR("complaint"),
		.waits_for = STR("text"),
		.reasked = 1,
		.misses = 2 },
		    d;

	conv_set_topic(&c, STR("a"), DEPTH_BRIEF);
	conv_set_topic(&c, STR("b"), DEPTH_SIMPLE);
	c.options[c.n_options++] = (struct option){ OPTION_CATEGORY, STR("basics"),
		STR("Basics") };
	c.options[c.n_options++] = (struct option){ OPTION_TOPIC, STR("x"),
		STR("What is \\x?") };
	conv_set_slot(&c, STR("text"), STR("it broke"));
	(void)conv_count(&c, STR("abuse"), 2);
	conv_write(&c, &text);
	conv_read(a, buf_str(&text), &d);
	conv_write(&d, &again);
	T_STR(buf_cstr(&again), buf_cstr(&text), "what was written is read");
	T_INT(d.turns, 7, "turns");
	T_CHECK(str_is(d.topic, "b") && d.depth == DEPTH_SIMPLE, "topic");
	T_CHECK(d.options[0].kind == OPTION_CATEGORY &&
		    str_is(d.options[0].text, "Basics"),
	    "option");
	T_INT(d.options[1].text.len, 0, "a topic is named by its title");
	T_INT(conv_count(&d, STR("abuse"), 0), 2, "count");
	T_CHECK(str_is(conv_slot(&d, "text"), "it broke"), "slot");
	buf_fini(&text);
	buf_fini(&again);
	arena_free(a);
}

static void
test_state_from_elsewhere(void)
{
	static const char *const rows[] = { "", "nonsense", "{\"turns\":1}", "turns x",
		"turns 99999999999",
		"option\noption t\nslot\ndepth 99\ncount\npast\nturns -1\n\n \nnew 1" };
	struct arena *a = arena_new();

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct conv c;

		conv_read(a, str_of(rows[i]), &c);
		T_INT(c.turns, 0, "row %zu is a new conversation", i);
		T_INT(c.depth, DEPTH_BRIEF, "row %zu", i);
	}
	arena_free(a);
}

static void
test_past(void)
{
	struct conv c = { 0 };
	char id[20][16];

	T_INT(conv_back(&c).len, 0, "nothing to go back to");
	for (int i = 0; i < 20; i++) {
		(void)snprintf(id[i], sizeof(id[i]), "%d", i);
		conv_set_topic(&c, str_of(id[i]), DEPTH_BRIEF);
		conv_set_topic(&c, str_of(id[i]), DEPTH_MORE);
	}
	T_INT(c.n_past, CONV_PAST_MAX, "so many steps are kept");
	T_CHECK(str_is(conv_back(&c), "18"), "the one before");
	T_CHECK(str_is(conv_back(&c), "17"), "and before it");
}

static void
test_masking(void)
{
	static const struct {
		const char *text, *masked; /* NULL: nothing is found */
	} rows[] = {
		{ "my card 4242 4242 4242 4242 exp 08/29",
		    "my card [removed] exp 08/29" },
		{ "4111 1111 1111 1111 12/27", "[removed] 12/27" },
		{ "4111 1111 1111 1111 123", "[removed] 123" },
		{ "4111 1111 1111 1111 2027", "[removed] 2027" },
		{ "4111  1111  1111  1111", "[removed]" },
		{ "4111.1111.1111.1111", "[removed]" },
		{ "4111\xC2\xA0"
		  "1111\xC2\xA0"
		  "1111\xC2\xA0"
		  "1111",
		    "[removed]" },
		{ "4111\n1111\n1111\n1111", "[removed]" },
		{ "4242-4242-4242-4242", "[removed]" },
		{ "pay 20 4242424242424242 now", "pay 20 [removed] now" },
		{ "4242424242424241", NULL }, /* fails the check digit */
		{ "iban DE89370400440532013000 ok?", "iban [removed] ok?" },
		{ "GB82 WEST 1234 5698 7654 32 is mine", "[removed] is mine" },
		{ "DE00370400440532013000", NULL }, /* fails the check */
		{ "my passport nr is P1234567 if she needs it",
		    "my passport nr is [removed] if she needs it" },
		{ "my passport is C01X00T47", "my passport is [removed]" },
		{ "My passport number is 12 34 56 78 9 and you lost it",
		    "My passport number is [removed] and you lost it" },
		{ "is my passport ok if it ends in 2027", NULL },
		{ "order P1234567", NULL }, /* no word of a passport */
		{ "call +44 7700 900123", NULL },
		{ "in 2026 it costs 1500 euro", NULL },
		{ "", NULL },
	};
	struct arena *a = arena_new();

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct str masked = guard_mask(a, str_of(rows[i].text));

		T_STR(arena_cstr(a, masked),
		    rows[i].masked == NULL ? rows[i].text : rows[i].masked, "row %zu",
		    i);
		T_CHECK(guard_was_masked(masked) == (rows[i].masked != NULL), "row %zu",
		    i);
	}
	T_STR(arena_cstr(a,
		  guard_mask_numbers(a, STR("pin 12345, room 214, 98 76 54"))),
	    "pin [removed], room 214, [removed]", "every longer number");
	arena_free(a);
}

static void
test_escaping(void)
{
	struct arena *a = arena_new();

	T_STR(arena_cstr(a, reply_escape(a, STR("<b>*x*</b>\n# [y](z) {w}"))),
	    "\\<b\\>\\*x\\*\\</b\\> \\# \\[y\\]\\(z\\) \\{w\\}", "no Markdown is left");
	arena_free(a);
}

static void
test_link_code_read(void)
{
	static const struct {
		const char *text;
		enum link_code_found found;
		bool alone;
	} rows[] = {
		{ "K7QM-2XR9", LINK_CODE_FOUND, true },
		{ "k7qm2xr9", LINK_CODE_FOUND, true },
		{ " K7QM 2XR9.", LINK_CODE_FOUND, true },
		{ "K 7 Q M 2 X R 9", LINK_CODE_FOUND, true },
		{ "k7 qm 2x r9", LINK_CODE_FOUND, true },
		{ "link_K7QM2XR9", LINK_CODE_FOUND, true },
		{ "\"K7QM-2XR9\"!", LINK_CODE_FOUND, true },
		{ "my code is K7QM-2XR9, ok?", LINK_CODE_FOUND, false },
		{ "it said k7qm 2xr9 on my laptop", LINK_CODE_FOUND, false },
		{ "K7QM-2XRO", LINK_CODE_MISTYPED, true },
		{ "K7QM-2XR0", LINK_CODE_MISTYPED, true },
		{ "is it K1QM2XR9 then", LINK_CODE_MISTYPED, false },
		{ "my code is 482913", LINK_CODE_MISTYPED, false },
		{ "the code 12 does not work", LINK_CODE_NONE, false },
		{ "K7QM-2XR9A", LINK_CODE_NONE, false },
		{ "K7QM-2XR", LINK_CODE_NONE, false },
		{ "xK7QM2XR9", LINK_CODE_NONE, false },
		{ "K7QM\xC3\xA9XR9", LINK_CODE_NONE, false },
		{ "solo will", LINK_CODE_NONE, false },
		{ "year 2026", LINK_CODE_NONE, false },
		{ "grade 12a", LINK_CODE_NONE, false },
		{ "database", LINK_CODE_NONE, false },
		{ "24336789", LINK_CODE_NONE, false },
		{ "in 2026 it costs 1500 euro", LINK_CODE_NONE, false },
		{ "", LINK_CODE_NONE, false },
		{ "-- --", LINK_CODE_NONE, false },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char code[LINK_CODE_SIZE] = "";
		bool alone;

		T_INT(link_code_read(str_of(rows[i].text), code, &alone), rows[i].found,
		    "%s", rows[i].text);
		T_INT(alone, rows[i].alone, "alone: %s", rows[i].text);
		if (rows[i].found == LINK_CODE_FOUND)
			T_STR(code, "K7QM2XR9", "%s", rows[i].text);
	}
}

static void
test_link_code_make(void)
{
	struct chance c = chance_seeded(7);
	char code[LINK_CODE_SIZE], last[LINK_CODE_SIZE] = "", again[LINK_CODE_SIZE];
	char shown[LINK_CODE_SHOWN_SIZE], hash[LINK_HASH_CHARS + 1],
	    other[LINK_HASH_CHARS + 1] = "";
	bool alone;

	for (int i = 0; i < 1000; i++) {
		link_code_make(&c, code);
		link_code_show(code, shown);
		T_INT(link_code_read(str_of(shown), again, &alone), LINK_CODE_FOUND,
		    "%s is read", shown);
		T_STR(again, code, "as it was made");
		T_CHECK(strcmp(code, last) != 0, "another each time");
		link_code_hash(code, hash);
		T_CHECK(link_code_same(hash, str_of(hash)) &&
			    !link_code_same(hash, str_of(other)),
		    "a hash of its own");
		T_CHECK(strstr(hash, code) == NULL, "that does not hold it");
		memcpy(last, code, sizeof(last));
		memcpy(other, hash, sizeof(other));
	}
}

static void
test_tables(void)
{
	/* Nobody says these: topics, buttons and a yes lead to them. */
	static const char *const led_to[] = { "ask-erase-profile", "consent-given",
		"consent-refused", "delete-kept", "drop-profile", "end-searches",
		"erase-my-data", "erase-profile", "faq", "hand-over-list", "keep-alert",
		"keep-list-private", "keep-profile", "link-join", "link-refuse",
		"no-alert", "notices-on", "plan-list", "rate-answer", "restore-list",
		"send-my-data", "skip-question", "skip-wish" };

	for (size_t i = 1; i < intent_table_len; i++)
		T_CHECK(strcmp(intent_table[i - 1]->name, intent_table[i]->name) < 0,
		    "intents are sorted and unique: %s", intent_table[i]->name);
	for (size_t i = 1; i < message_rows_len; i++)
		if (strcmp(message_rows[i - 1].name, message_rows[i].name) >= 0)
			T_CHECK(false, "messages are sorted: %s", message_rows[i].name);
	for (size_t i = 1; intent_names[i] != NULL; i++)
		if (strcmp(intent_names[i - 1], intent_names[i]) >= 0)
			T_CHECK(false, "names are sorted: %s", intent_names[i]);
	for (size_t i = 0; i < intent_table_len; i++) {
		const char *name = intent_table[i]->name;
		bool listed = false;

		for (size_t k = 0; intent_names[k] != NULL; k++)
			listed = listed || strcmp(intent_names[k], name) == 0;
		for (size_t k = 0; k < ARRAY_LEN(led_to); k++)
			listed = listed || strcmp(led_to[k], name) == 0;
		T_CHECK(listed, "%s has phrases", name);
	}
}

int
main(void)
{
	T_RUN(test_state_round_trip);
	T_RUN(test_state_from_elsewhere);
	T_RUN(test_past);
	T_RUN(test_masking);
	T_RUN(test_escaping);
	T_RUN(test_link_code_read);
	T_RUN(test_link_code_make);
	T_RUN(test_tables);
	return t_end();
}
