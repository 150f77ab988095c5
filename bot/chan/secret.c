/*
 * secret.c - tokens and passwords out of files that nobody else can read. They stand in no
 * log, no error and no message.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "bot/chan/secret.h"
#include "credbot/base/file.h"

#define SECRET_MAX 8000 /* with whatever white space an editor leaves */

enum rc
secret_read_file(const char *path, struct buf *out, struct err *err)
{
	struct buf text = { 0 };
	struct stat sb;
	enum rc rc;

	if (stat(path, &sb) != 0) {
		err_set(err, "%s: %s", path, strerror(errno));
		return RC_INVALID;
	}
	if ((sb.st_mode & S_IRWXO) != 0) {
		err_set(err,
		    "%s: everybody on this machine can read it; run chmod 600 on it",
		    path);
		return RC_INVALID;
	}
	rc = file_read(path, SECRET_MAX, &text, err);
	buf_addstr(out, str_trim(buf_str(&text)));
	buf_fini(&text);
	return rc == RC_OK ? RC_OK : RC_INVALID;
}

static enum rc
read_credential(const char *name, struct buf *out, struct err *err)
{
	const char *dir = getenv("CREDENTIALS_DIRECTORY");
	struct buf path = { 0 };
	struct stat sb;
	enum rc rc = RC_NOTFOUND;

	if (dir == NULL)
		return RC_NOTFOUND;
	buf_printf(&path, "%s/%s", dir, name);
	if (stat(buf_cstr(&path), &sb) == 0)
		rc = secret_read_file(buf_cstr(&path), out, err);
	buf_fini(&path);
	/* What our unit sets where the operator has given none. */
	return rc == RC_OK && str_is(buf_str(out), "off") ? RC_NOTFOUND : rc;
}

enum rc
secret_read(const char *given, const char *path, const char *credential,
    struct buf *out, struct err *err)
{
	if (given[0] == '\0' && path[0] == '\0')
		return read_credential(credential, out, err);
	if (given[0] == '\0')
		return secret_read_file(path, out, err);
	buf_adds(out, given);
	return RC_OK;
}
