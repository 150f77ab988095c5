/*
 * matrix_profile.c - our name and picture, as they are configured: set once after the start,
 * and only if they are others. Each change is told to every room.
 *
 * "Profiles" of the specification. What fails is tried at the next start.
 */
#include <string.h>

#include "bot/chan/matrix_priv.h"
#include "credbot/base/log.h"

static const struct {
	const char *option, *field;
} fields[] = {
	{ "matrix.display_name", "displayname" },
	{ "matrix.avatar", "avatar_url" },
};

static void
profile_path(const struct matrix *m, const char *field, struct buf *path)
{
	buf_adds(path, CLIENT_API "/profile/");
	buf_add_path(path, str_of(m->session.user));
	if (field != NULL)
		buf_printf(path, "/%s", field);
}

static void
on_set(void *arg, const struct matrix_reply *r)
{
	(void)arg;
	if (r->result == MATRIX_OK)
		log_info("matrix: the profile was changed");
	else
		log_warn("matrix: the profile cannot be changed: %s", r->description);
}

static void
set_field(struct matrix *m, const char *field, const char *value)
{
	struct matrix_request rq = { .lane = HTTP_OTHER, .method = "PUT" };
	struct buf path = { 0 }, body = { 0 };

	profile_path(m, field, &path);
	buf_printf(&body, "{\"%s\":", field);
	buf_add_json(&body, str_of(value));
	buf_adds(&body, "}");
	rq.path = buf_cstr(&path);
	rq.body = buf_str(&body);
	(void)matrix_send(m, &rq, on_set, NULL);
	buf_fini(&path);
	buf_fini(&body);
}

static void
on_profile(void *arg, const struct matrix_reply *r)
{
	struct matrix *m = arg;

	/* Who has set nothing has no profile: 404. */
	if (r->result != MATRIX_OK && r->status != 404) {
		log_warn("matrix: the profile cannot be read: %s", r->description);
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		const char *wanted = config_str(m->config, fields[i].option);

		if (wanted[0] != '\0' &&
		    !str_is(json_str(r->value, fields[i].field), wanted))
			set_field(m, fields[i].field, wanted);
	}
}

void
matrix_profile_begin(struct matrix *m)
{
	struct matrix_request rq = { .lane = HTTP_OTHER, .method = "GET" };
	struct buf path = { 0 };
	bool any = false;

	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		any = any || config_str(m->config, fields[i].option)[0] != '\0';
	if (!any)
		return;
	profile_path(m, NULL, &path);
	rq.path = buf_cstr(&path);
	(void)matrix_send(m, &rq, on_profile, m);
	buf_fini(&path);
}
