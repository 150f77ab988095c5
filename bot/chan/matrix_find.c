/*
 * matrix_find.c - where the homeserver of an account is.
 */
#include "bot/chan/matrix_signin.h"

/* As in the specification: followed, to https alone. */
#define REDIRECTS 5
#define WELL_KNOWN_MAX ((size_t)64 * 1024)

static enum rc
ask_well_known(struct asking *a, struct str name, struct buf *out, struct err *err)
{
	struct buf url = { 0 };
	const struct http_answer *r;
	enum rc rc;

	buf_printf(&url, "https://%.*s/.well-known/matrix/client", STR_ARG(name));
	rc = http_check_url(buf_cstr(&url), err);
	if (rc == RC_OK) {
		r = asking_send(a, (struct http_request){ .method = "GET",
				       .url = buf_cstr(&url),
				       .answer_max = WELL_KNOWN_MAX,
				       .redirects = REDIRECTS });
		if (r->outcome == HTTP_ANSWERED) {
			rc = session_read_well_known(r->status, r->body, out, err);
		} else {
			err_set(err, "its .well-known cannot be read: %s", r->error);
			rc = RC_IO;
		}
	}
	if (rc == RC_NOTFOUND) {
		buf_clear(out);
		buf_printf(out, "https://%.*s", STR_ARG(name));
		rc = http_check_url(buf_cstr(out), err);
	}
	buf_fini(&url);
	return rc;
}

static enum rc
check_versions(struct asking *a, const struct buf *base, struct err *err)
{
	struct buf url = { 0 };
	struct matrix_reply r;
	struct json *tree;
	enum rc rc = RC_OK;

	buf_printf(&url, "%s/_matrix/client/versions", buf_cstr(base));
	matrix_read(asking_get(a, buf_cstr(&url), NULL), &tree, &r);
	if (r.result != MATRIX_OK || json_at(r.value, "versions") == NULL) {
		err_set(err, "%s is no homeserver: %s", buf_cstr(base),
		    r.result == MATRIX_OK ? "it names no versions" : r.description);
		rc = RC_IO;
	}
	json_free(tree);
	buf_fini(&url);
	return rc;
}

enum rc
matrix_find(struct asking *a, const struct config *cf, struct buf *out, struct err *err)
{
	struct str url = str_of(config_str(cf, "matrix.homeserver"));
	struct str name = server_of(str_of(config_str(cf, "matrix.user")));
	enum rc rc = RC_OK;

	while (str_ends(url, "/"))
		url.len--;
	if (url.len > 0) {
		buf_addstr(out, url);
	} else if (name.len > 0) {
		rc = ask_well_known(a, name, out, err);
	} else {
		err_set(err, "matrix.user is needed, the bot's id: @bot:example.org");
		rc = RC_INVALID;
	}
	return rc == RC_OK ? check_versions(a, out, err) : rc;
}
