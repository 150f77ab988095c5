/*
 * test_notices.c - what a message asks for about messages that the bot sends on its own, with the
 * vocabulary that ships.
 */
#include <stdlib.h>

#include "bot/talk/notice_priv.h"
#include "credbot/base/faults.h"
#include "t.h"

static struct notice_words *words;

static void
add(char *out, size_t size, const char *fmt, ...)
{
	size_t len = strlen(out);
	va_list ap;

	va_start(ap, fmt);
	if (len > 0)
		(void)snprintf(out + len, size - len, " ");
	len = strlen(out);
	(void)vsnprintf(out + len, size - len, fmt, ap);
	va_end(ap);
}

static void
add_minute(char *out, size_t size, const char *what, int minute)
{
	if (minute >= 0)
		add(out, size, "%s %02d:%02d", what, minute / 60, minute % 60);
}

/* "all off", "alerts+", "rest-", "from 22:00", "night", "cannot often" ... */
static const char *
read_all(const char *text)
{
	static const char *const alls[] = { "", "all off", "all on", "all back" };
	static const char *const cannots[] = { "elsewhere", "often", "pause",
		"weekends", "never", "say-when" };
	static const char *const ends[] = { "", "end", "end searches" };
	static char out[512];
	struct notice_said s;

	notice_read(words, str_of(text), &s);
	out[0] = '\0';
	if (s.all != ALL_UNSAID)
		add(out, sizeof(out), "%s", alls[s.all]);
	for (size_t k = 0; k < NOTICE_KINDS; k++)
		if (s.kinds[k] != SWITCH_UNSAID)
			add(out, sizeof(out), "%s%s",
			    notice_kind_name((enum notice_kind)k),
			    s.kinds[k] == SWITCH_ON ? "+" : "-");
	if (s.rest != SWITCH_UNSAID)
		add(out, sizeof(out), "rest%s", s.rest == SWITCH_ON ? "+" : "-");
	add_minute(out, sizeof(out), "from", s.quiet_from);
	add_minute(out, sizeof(out), "to", s.quiet_to);
	if (s.night)
		add(out, sizeof(out), "night");
	for (size_t i = 0; i < ARRAY_LEN(cannots); i++)
		if (s.cannot & 1U << i)
			add(out, sizeof(out), "cannot %s", cannots[i]);
	if (s.end != END_UNSAID)
		add(out, sizeof(out), "%s", ends[s.end]);
	T_CHECK(notice_says(&s) == (out[0] != '\0'), "%s", text);
	return out;
}

struct row {
	const char *text, *want;
};

static void
check_rows(const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++)
		T_STR(read_all(rows[i].text), rows[i].want, "%s", rows[i].text);
}

static void
test_kinds(void)
{
	static const struct row rows[] = {
		{ "", "" },
		{ "...", "" },
		{ "hello there", "" },
		{ "notification settings", "" },
		{ "mute new program messages", "alerts-" },
		{ "Mute new program messages, please!", "alerts-" },
		{ "turn off program alerts but keep reminders", "alerts- reminders+" },
		{ "stop asking me for feedback", "feedback-" },
		{ "stop asking me for feedback after every chat, the rest is fine",
		    "feedback-" },
		{ "turn off survey messages", "feedback-" },
		{ "no more surveys", "feedback-" },
		{ "reminders off", "reminders-" },
		{ "reminders on please", "reminders+" },
		{ "reminders: on", "reminders+" },
		{ "turn the reminders off", "reminders-" },
		{ "turn reminders off and feedback on", "reminders- feedback+" },
		{ "turn off alerts and reminders on", "alerts- reminders+" },
		{ "turn off reminders and alerts on", "alerts+ reminders-" },
		{ "turn off the alerts, reminders and feedback",
		    "alerts- reminders- feedback-" },
		{ "alerts, reminders and surveys off", "alerts- reminders- feedback-" },
		{ "new courses yes, surveys no", "alerts+ feedback-" },
		{ "alerts no reminders yes", "alerts- reminders+" },
		{ "don't mute the reminders", "reminders+" },
		{ "don\xE2\x80\x99t send me reminders", "reminders-" },
		{ "i dont want surveys, reminders are fine", "reminders+ feedback-" },
		{ "turn off alerts but not reminders", "alerts- reminders+" },
		{ "turn off alerts, not reminders", "alerts- reminders+" },
		{ "turn on alerts, not reminders", "alerts+ reminders-" },
		{ "you may ask me for feedback", "feedback+" },
		{ "dont ask me for feedback", "feedback-" },
		{ "one survey is enough, no more ratings", "feedback-" },
		{ "send me news about programs", "alerts+" },
		{ "i hate the surveys. I like the reminders", "reminders+ feedback-" },
	};

	check_rows(rows, ARRAY_LEN(rows));
}

static void
test_only(void)
{
	static const struct row rows[] = {
		{ "only reminders", "reminders+ rest-" },
		{ "just the reminders pls", "reminders+ rest-" },
		{ "reminders only", "reminders+ rest-" },
		{ "i want only reminders, no news", "alerts- reminders+ rest-" },
		{ "only ping me for appointments", "reminders+ rest-" },
		{ "only alerts, reminders", "alerts+ reminders+ rest-" },
		{ "u can send me news about programs but nothing else",
		    "alerts+ rest-" },
		{ "nothing but reminders", "reminders+ rest-" },
		{ "why do i get messages about bootcamps, i only want reminders",
		    "reminders+ rest-" },
		{ "i want receive notification only of appointments",
		    "reminders+ rest-" },
		{ "Please adjust my notifications so that I only receive appointment "
		  "reminders.",
		    "reminders+ rest-" },
		{ "keep the important ones, mute the rest", "reminders+ rest-" },
		{ "turn off only the reminders", "reminders-" },
		{ "just turn off the reminders", "reminders-" },
		{ "mute alerts, keep the rest", "alerts-" },
		{ "mute alerts, turn on the rest", "alerts- rest+" },
		{ "fewer messages, only the reminders",
		    "reminders+ rest- cannot often" },
	};

	check_rows(rows, ARRAY_LEN(rows));
}

static void
test_all(void)
{
	static const struct row rows[] = {
		{ "turn everything off", "all off" },
		{ "no messages", "all off" },
		{ "messages off", "all off" },
		{ "turn off everything except reminders", "all off reminders+" },
		{ "everything off but reminders", "all off reminders+" },
		{ "send me nothing at all", "all off" },
		{ "everything except the surveys", "feedback-" },
		{ "everything but feedback please", "feedback-" },
		{ "turn on everything but feedback", "all on feedback-" },
		{ "turn everything back on", "all on" },
		{ "enable all notifications", "all on" },
		{ "notifications on", "all back" },
		{ "turn notifications back on pls", "all back" },
		{ "opt back in", "all back" },
		{ "you can write me again", "all back" },
		{ "you send me too many messages", "cannot often" },
		{ "you send me so many messages", "" },
		{ "no messages about nursing", "" },
		{ "no messages about new programs", "alerts-" },
		{ "turn on notifications for me", "all back" },
	};

	check_rows(rows, ARRAY_LEN(rows));
}

static void
test_questions(void)
{
	static const struct row rows[] = {
		{ "what notifications do i have turned on", "" },
		{ "which messages do u send me", "" },
		{ "are reminders on?", "" },
		{ "do you send reminders?", "" },
		{ "so how do i turn on the reminders", "" },
		{ "I would like to review which automatic messages are enabled for me.",
		    "" },
		{ "can you turn off the reminders?", "reminders-" },
		{ "what can u send me? turn off surveys", "feedback-" },
		{ "how about only reminders", "reminders+ rest-" },
	};

	check_rows(rows, ARRAY_LEN(rows));
}

static void
test_quiet_hours(void)
{
	static const struct row rows[] = {
		{ "no messages at night", "night" },
		{ "no messages at night, only reminders", "reminders+ rest- night" },
		{ "you can write me at night", "from 00:00 to 00:00" },
		{ "only write me at night", "from 08:00 to 21:00" },
		{ "you may write at any time", "from 00:00 to 00:00" },
		{ "no quiet hours", "from 00:00 to 00:00" },
		{ "turn off quiet hours", "from 00:00 to 00:00" },
		{ "quiet hours", "cannot say-when" },
		{ "change my quiet hours", "cannot say-when" },
		{ "set quiet hours 10pm to 8am", "from 22:00 to 08:00" },
		{ "quiet hours: 22-8", "from 22:00 to 08:00" },
		{ "quiet hours 22\xE2\x80\x93"
		  "8",
		    "from 22:00 to 08:00" },
		{ "quiet hours 22:00 to 08:00", "from 22:00 to 08:00" },
		{ "quiet hours 10pm-7.30am", "from 22:00 to 07:30" },
		{ "quiet hours from 10 to 8", "from 22:00 to 08:00" },
		{ "quiet hours 10 to 8am", "from 22:00 to 08:00" },
		{ "quiet hours 10 pm to 8", "from 22:00 to 08:00" },
		{ "quiet hours 10 p.m. to 8 a.m.", "from 22:00 to 08:00" },
		{ "quiet hours 22h to 8h", "from 22:00 to 08:00" },
		{ "quiet hours 22h30 until 7", "from 22:30 to 07:00" },
		{ "quiet hours 1 to 6", "from 01:00 to 06:00" },
		{ "quiet hours from midnight to noon", "from 00:00 to 12:00" },
		{ "quiet hours 12 to 9", "from 00:00 to 09:00" },
		{ "quiet hours 1pm to 3", "from 13:00 to 03:00" },
		{ "quiet hours from 1 to 3pm", "from 13:00 to 15:00" },
		{ "i sleep from 11 to 7", "from 23:00 to 07:00" },
		{ "mute me between 10 in the evening and 8 in the morning",
		    "from 22:00 to 08:00" },
		{ "dont message me before 9am", "to 09:00" },
		{ "not before 9 please", "to 09:00" },
		{ "no messages after 10", "from 22:00" },
		{ "no messages after 10 at night", "from 22:00" },
		{ "dont write after 20:30", "from 20:30" },
		{ "no alerts before 9, none after 8pm", "from 20:00 to 09:00" },
		{ "only between 9 and 17", "from 17:00 to 09:00" },
		{ "only message me between 9 and 5", "from 17:00 to 09:00" },
		{ "you can write to me from 8am to 10pm", "from 22:00 to 08:00" },
		{ "only after 9am", "to 09:00" },
		{ "only message me before 9", "from 21:00" },
		{ "between 9am and 6pm please", "from 18:00 to 09:00" },
		{ "quiet hours 8am to 8am", "cannot say-when" },
		{ "quiet hours 25 to 8", "cannot say-when" },
		{ "quiet hours 10:75 to 8", "cannot say-when" },
		{ "no messages after 2 weeks", "all off" },
		{ "only reminders between 9am and 5pm",
		    "reminders+ rest- from 17:00 to 09:00" },
	};

	check_rows(rows, ARRAY_LEN(rows));
}

static void
test_cannot(void)
{
	static const struct row rows[] = {
		{ "notify me by email not in chat", "cannot elsewhere" },
		{ "email me instead", "cannot elsewhere" },
		{ "can i set it to monthly", "cannot often" },
		{ "sir i want daily updates on, weekly is too less",
		    "all back cannot often" },
		{ "alerts weekly not daily", "cannot often" },
		{ "please put the notices one time per week", "cannot often" },
		{ "pause the messages for two weeks, im on holiday", "cannot pause" },
		{ "mute until monday", "cannot pause" },
		{ "mute new program messages until monday", "cannot pause" },
		{ "silent on weekends", "cannot weekends" },
		{ "no alerts on weekends", "cannot weekends" },
		{ "no messages on sundays and at night", "night cannot weekends" },
		{ "switch off tips", "cannot never" },
		{ "new courses yes, general tips no", "alerts+ cannot never" },
		{ "no daily news", "cannot often" },
	};

	check_rows(rows, ARRAY_LEN(rows));
}

static void
test_searches(void)
{
	static const struct row rows[] = {
		{ "end search 2", "end" },
		{ "delete my saved search", "end" },
		{ "please stop search 1", "end" },
		{ "delete all my saved searches", "end searches" },
		{ "mute my saved searches", "alerts-" },
		{ "delete the alert for design courses", "end" },
		{ "stop the alert about chess, i found one", "end" },
		{ "turn off the alert", "alerts-" },
		{ "turn on the alert for design courses", "alerts+" },
		{ "tell me about nursing", "" },
		{ "turn on my saved searches", "alerts+" },
	};

	check_rows(rows, ARRAY_LEN(rows));
}

/* However long and strange: read to its end, and nothing outside of it. */
static void
test_hostile(void)
{
	static const char *const parts[] = { "only", "not", "but", "except", "off", ",",
		".", "99999999999", "22-", "-8", "10pm", "to", "between", "quiet",
		"reminders", "\xF0\x9F\x92\xA4", "\xE2\x80\x99", "\xE2\x80", "on",
		"h" };
	char text[4096];
	size_t len = 0;
	unsigned seed = 7;

	while (len + 16 < sizeof(text)) {
		struct notice_said s;

		seed = seed * 1103515245U + 12345U;
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s ",
		    parts[(seed >> 16) % ARRAY_LEN(parts)]);
		notice_read(words, str_n(text, len), &s);
		T_CHECK(s.quiet_from < NOTICE_DAY_MINUTES &&
			    s.quiet_to < NOTICE_DAY_MINUTES,
		    "times of a day");
	}
}

int
main(void)
{
	struct faults faults = { 0 };

	words = notice_words_load("data", "en", &faults);
	T_INT(faults.n, 0, "the vocabulary has no fault");
	if (words == NULL)
		return t_end();
	T_RUN(test_kinds);
	T_RUN(test_only);
	T_RUN(test_all);
	T_RUN(test_questions);
	T_RUN(test_quiet_hours);
	T_RUN(test_cannot);
	T_RUN(test_searches);
	T_RUN(test_hostile);
	notice_words_free(words);
	faults_fini(&faults);
	return t_end();
}
