/*
 * ld_members.c - the readers of terms that CTDL and schema.org share.
 */
#include <string.h>

#include "bot/catalog/draft_priv.h"
#include "bot/catalog/ld_program_priv.h"

void
lp_title(struct ld_program *lp, const struct json *v)
{
	ld_texts(lp->ld, v, &lp->p->title, draft_line);
}

void
lp_description(struct ld_program *lp, const struct json *v)
{
	ld_texts(lp->ld, v, &lp->p->description, draft_block);
}

void
lp_language(struct ld_program *lp, const struct json *v)
{
	for (size_t i = 0; i < ld_count(v); i++) {
		const struct json *one = ld_at(v, i);
		const char *text = ld_text(lp->ld, one), *tag;

		if (json_kind(one) == JSON_OBJECT && text == NULL) {
			text = ld_text(lp->ld, ld_get(lp->ld, one, "alternateName"));
			if (text == NULL)
				text = ld_label(lp->ld, one);
		}
		if (text == NULL)
			continue;
		if (value_language(lp->a, str_of(text), &tag) != NULL)
			lp_keep(lp, NULL, one);
		else
			(void)draft_name(lp->a, &lp->p->teaching_langs, tag);
	}
}

void
lp_url(struct ld_program *lp, const struct json *v)
{
	const char *text = ld_text(lp->ld, ld_at(v, 0)), *why;

	if (text == NULL)
		return;
	why = value_url(str_of(text));
	if (why != NULL)
		lp_complain(lp, text, why);
	else
		lp->p->url = text;
}

void
lp_code(struct ld_program *lp, const struct json *v)
{
	lp->p->code = ld_text(lp->ld, v);
}

void
lp_provider(struct ld_program *lp, const struct json *v)
{
	struct lp_body b;

	lp_body(lp, v, &b);
	lp->p->provider = b.name;
	lp->p->provider_id = b.id;
	lp->p->provider_place = b.place;
	lp->p->provider_url = b.url;
	memcpy(lp->p->provider_country, b.country, sizeof(b.country));
	if (ld_count(v) > 1)
		lp_keep(lp, NULL, v); /* the others */
}

void
lp_awarding(struct ld_program *lp, const struct json *v)
{
	struct lp_body b;

	lp_body(lp, v, &b);
	if (b.name == NULL)
		return;
	lp->p->awarding_body = b.name;
	memcpy(lp->p->awarding_country, b.country, sizeof(b.country));
}

static void
outcome(struct ld_program *lp, const struct json *v)
{
	struct program_outcome o = { 0 };
	const struct json *node = ld_node(lp->ld, v), *target;
	const char *address = NULL;

	if (json_kind(v) == JSON_TEXT && node == NULL) {
		ld_texts(lp->ld, v, &o.text, draft_line);
	} else {
		static const char *const names[] = { "targetNodeName", "targetName",
			"name", "competencyText", "prefLabel" };

		for (size_t i = 0; o.text.n == 0 && i < ARRAY_LEN(names); i++)
			ld_texts(lp->ld, ld_get(lp->ld, node, names[i]), &o.text,
			    draft_line);
		target = ld_get(lp->ld, node, "targetNode");
		address = ld_text(lp->ld, target);
		if (address == NULL)
			address = ld_ref(lp->ld, v);
		if (address == NULL)
			address = ld_text(lp->ld, ld_get(lp->ld, node, "url"));
	}
	if (address != NULL && value_url(str_of(address)) == NULL)
		o.skill = address;
	if (!draft_outcome(lp->a, lp->p, o))
		lp_keep(lp, NULL, v);
}

void
lp_outcomes(struct ld_program *lp, const struct json *v)
{
	for (size_t i = 0; i < ld_count(v); i++)
		outcome(lp, ld_at(v, i));
}

void
lp_subjects(struct ld_program *lp, const struct json *v)
{
	for (size_t i = 0; i < ld_count(v); i++)
		if (!lp_framework(lp, ld_at(v, i)))
			(void)draft_name(lp->a, &lp->p->subjects,
			    ld_label(lp->ld, ld_at(v, i)));
}

/* A text may hold several, separated by commas. */
void
lp_tags(struct ld_program *lp, const struct json *v)
{
	struct texts t = { 0 };

	if (json_kind(v) == JSON_TEXT) {
		ld_texts(lp->ld, v, &t, draft_line);
		for (struct str rest = str_of(t.n == 0 ? "" : t.at[0].text);
		     rest.p != NULL;)
			(void)draft_name(lp->a, &lp->p->tags,
			    draft_line(lp->a, str_cut(&rest, ',')));
		return;
	}
	for (size_t i = 0; i < ld_count(v); i++)
		(void)draft_name(lp->a, &lp->p->tags, ld_label(lp->ld, ld_at(v, i)));
}

/* "Beginner" is a level, too, but none of the European framework. */
void
lp_levels(struct ld_program *lp, const struct json *v)
{
	for (size_t i = 0; i < ld_count(v); i++) {
		const struct json *one = ld_at(v, i);
		const char *text = ld_label(lp->ld, one);

		if (lp_framework(lp, one) || text == NULL)
			continue;
		if (strncasecmp(text, "EQF", 3) == 0 &&
		    value_eqf(str_of(text), &lp->p->eqf) == NULL)
			continue;
		(void)draft_name(lp->a, &lp->p->tags, text);
	}
}

void
lp_accredited(struct ld_program *lp, const struct json *v)
{
	struct lp_body b;

	lp_body(lp, v, &b);
	if (b.name == NULL && b.id == NULL)
		return;
	lp->p->quality_by = b.name;
	lp->p->quality_url = b.url;
	if (strcmp(lp->term, "accreditedBy") == 0)
		lp->p->quality = QUALITY_ACCREDITED;
}

void
lp_status(struct ld_program *lp, const struct json *v)
{
	const char *word = lp_word(lp, v);
	enum program_status status;

	if (word == NULL || value_status(str_of(word), &status) != NULL)
		lp_keep(lp, NULL, v);
	else if (lp->p->status != STATUS_CEASED) /* of two the worse one */
		lp->p->status = status;
}

static void
references(struct ld_program *lp, const struct json *v, struct names *to)
{
	for (size_t i = 0; i < ld_count(v); i++) {
		const char *id = ld_ref(lp->ld, ld_at(v, i));

		if (id != NULL)
			(void)draft_name(lp->a, to, id);
		else
			lp_keep(lp, NULL, ld_at(v, i));
	}
}

void
lp_parts(struct ld_program *lp, const struct json *v)
{
	references(lp, v, &lp->p->parts);
}

void
lp_into(struct ld_program *lp, const struct json *v)
{
	references(lp, v, &lp->p->stacks_into);
}

void
lp_start(struct ld_program *lp, const struct json *v)
{
	lp_date(lp, v, &lp->run.start);
}

void
lp_end(struct ld_program *lp, const struct json *v)
{
	lp_date(lp, v, &lp->run.end);
}

void
lp_licence(struct ld_program *lp, const struct json *v)
{
	lp->p->licence = ld_label(lp->ld, v);
}

void
lp_skip(struct ld_program *lp, const struct json *v)
{
	(void)lp;
	(void)v;
}
