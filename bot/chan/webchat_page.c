/*
 * webchat_page.c - the chat as one HTML page: complete without JavaScript, which only makes
 * it live. What is written here and what web/chat.js builds look the same to style.css.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "bot/chan/webchat_priv.h"
#include "credbot/base/chance.h"
#include "credbot/chan/markup.h"

static void
add(struct page *p, const char *html)
{
	buf_adds(p->out, html);
}

static void
add_text(struct page *p, const char *text)
{
	buf_add_html(p->out, str_of(text));
}

static void
add_head(struct page *p)
{
	add(p, "<!doctype html>\n"
	       "<html lang=\"en\">\n"
	       "<head>\n"
	       "<meta charset=\"utf-8\">\n"
	       "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1, "
	       "viewport-fit=cover, interactive-widget=resizes-content\">\n"
	       "<meta name=\"color-scheme\" content=\"light dark\">\n"
	       "<meta name=\"robots\" content=\"noindex\">\n"
	       "<title>");
	add_text(p, p->chat->name);
	add(p, "</title>\n"
	       "<link rel=\"icon\" href=\"/favicon.svg\" type=\"image/svg+xml\">\n"
	       "<link rel=\"stylesheet\" href=\"/style.css\">\n"
	       "<script type=\"module\" src=\"/chat.js\"></script>\n"
	       "</head>\n");
}

static void
add_top(struct page *p)
{
	const struct webchat *chat = p->chat;

	add(p, "<header class=\"top\">\n"
	       "<img src=\"/favicon.svg\" alt=\"\" width=\"36\" height=\"36\">\n"
	       "<div>\n<h1>");
	add_text(p, chat->name);
	add(p, "</h1>\n<p>I am a bot, not a person");
	if (chat->operator_name[0] != '\0') {
		add(p, ". I work for ");
		add_text(p, chat->operator_name);
	}
	add(p, ".");
	/* Only an address of the web: the operator wrote it, but still. */
	if (str_starts(str_of(chat->privacy_url), "https://") ||
	    str_starts(str_of(chat->privacy_url), "http://")) {
		add(p, " <a href=\"");
		add_text(p, chat->privacy_url);
		add(p, "\" rel=\"noopener\">Privacy</a>");
	}
	add(p, "</p>\n</div>\n</header>\n");
}

void
page_begin(struct page *p)
{
	add_head(p);
	add(p, "<body data-name=\"");
	add_text(p, p->chat->name);
	buf_printf(p->out, "\" data-epoch=\"%s\">\n", p->session->epoch);
	add(p, "<a class=\"skip\" href=\"#text\">Skip to the message box</a>\n");
	add_top(p);
	add(p, "<main>\n"
	       "<div class=\"intro\">\n"
	       "<p>Ask me about micro-credentials and about studying abroad.</p>\n"
	       "<p>I can be wrong. When I do not know something, I say so.</p>\n"
	       "</div>\n"
	       "<div id=\"log\" role=\"log\" aria-live=\"polite\" "
	       "aria-label=\"Conversation\" "
	       "tabindex=\"0\">\n");
}

static void
add_time(struct page *p, int64_t at_ms)
{
	time_t t = (time_t)(at_ms / 1000);
	char iso[32], shown[32];
	struct tm tm;

	gmtime_r(&t, &tm);
	(void)strftime(iso, sizeof(iso), "%Y-%m-%dT%H:%M:%SZ", &tm);
	(void)strftime(shown, sizeof(shown), "%Y-%m-%d %H:%M UTC", &tm);
	buf_printf(p->out, "<time datetime=\"%s\">%s</time>\n", iso, shown);
}

/* What the student may tap instead of typing. */
static void
keep_choices(struct page *p, const struct outmsg *m)
{
	for (size_t i = 0; i < m->n_buttons; i++) {
		buf_adds(&p->choices, "<button name=\"text\" value=\"");
		buf_add_html(&p->choices, m->buttons[i]);
		buf_adds(&p->choices, "\">");
		buf_add_html(&p->choices, m->buttons[i]);
		buf_adds(&p->choices, "</button>\n");
	}
}

static void
add_files(struct page *p, const struct outmsg *m)
{
	for (size_t i = 0; i < m->n_documents; i++) {
		const struct document *d = &m->documents[i];

		add(p, "<a class=\"file\" href=\"");
		document_add_path(p->out, d);
		add(p, "\" download=\"");
		buf_add_html(p->out, d->name);
		add(p, "\">Download ");
		buf_add_html(p->out, d->name);
		add(p, " <span class=\"size\">(");
		document_add_size(p->out, d);
		add(p, ")</span></a>\n");
	}
}

void
page_line(void *arg, const struct history_line *line)
{
	struct page *p = arg;
	struct markup *md;

	buf_clear(&p->choices);
	buf_printf(p->out, "<article class=\"line %s\" data-seq=\"%lld\"",
	    line->mine ? "mine" : "bot", (long long)line->seq);
	if (line->mine) {
		add(p, " data-id=\"");
		buf_add_html(p->out, line->id);
		add(p, "\"");
	}
	add(p, ">\n<p class=\"who\">");
	if (line->mine) {
		add(p, "You said</p>\n<div class=\"bubble\">");
		buf_add_html(p->out, line->out.text);
	} else {
		add_text(p, p->chat->name);
		add(p, " said</p>\n<div class=\"bubble\">");
		md = markup_parse(line->out.text);
		markup_html(md, p->out);
		markup_free(md);
		add_files(p, &line->out);
		keep_choices(p, &line->out);
	}
	add(p, "</div>\n");
	add_time(p, line->out.at_ms);
	add(p, "</article>\n");
}

/* Each form has an id of its own: sent twice, it is taken once. */
static void
add_form_fields(struct page *p)
{
	char id[TOKEN_CHARS + 1];

	chance_token(chance_system(), id, TOKEN_CHARS);
	buf_printf(p->out,
	    "<input type=\"hidden\" name=\"id\" value=\"%s\">\n"
	    "<input type=\"hidden\" name=\"csrf\" value=\"%s\">\n",
	    id, p->session->csrf);
}

void
page_end(struct page *p)
{
	add(p, "</div>\n"
	       "<form id=\"choices\" class=\"choices\" method=\"post\" action=\"/say\" "
	       "aria-label=\"Suggested answers\">\n");
	if (p->choices.len > 0) {
		add_form_fields(p);
		buf_addstr(p->out, buf_str(&p->choices));
	}
	add(p, "</form>\n"
	       "<noscript><p class=\"note\">After you send a message, the page loads "
	       "again and "
	       "shows the answer.</p></noscript>\n"
	       "<div id=\"end\"></div>\n"
	       "</main>\n"
	       "<footer>\n"
	       "<p id=\"status\" role=\"status\"></p>\n"
	       "<form id=\"say\" class=\"say\" method=\"post\" action=\"/say\">\n");
	add_form_fields(p);
	add(p, "<label for=\"text\" class=\"vh\">Your message</label>\n"
	       "<textarea id=\"text\" name=\"text\" rows=\"1\" maxlength=\"4000\" "
	       "required "
	       "autocomplete=\"off\" enterkeyhint=\"send\" "
	       "placeholder=\"Write a message\"></textarea>\n"
	       "<button class=\"send\">Send</button>\n"
	       "</form>\n"
	       "</footer>\n"
	       "</body>\n"
	       "</html>\n");
	buf_fini(&p->choices);
}

void
page_bounce(struct buf *out)
{
	buf_adds(out,
	    "<!doctype html>\n"
	    "<html lang=\"en\">\n"
	    "<meta charset=\"utf-8\">\n"
	    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	    "<meta http-equiv=\"refresh\" content=\"0;url=/\">\n"
	    "<title>Chat</title>\n"
	    "<link rel=\"stylesheet\" href=\"/style.css\">\n"
	    "<p class=\"note\"><a href=\"/\">Go to the chat</a></p>\n");
}
