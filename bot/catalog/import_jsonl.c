/*
 * import_jsonl.c - programs out of a file of one record a line: catalog/1 or the flat form.
 */
#include "bot/catalog/import_priv.h"
#include "credbot/catalog/program_json.h"

#define PROGRESS_LINES 2048

static bool
take_line(struct importing *im, struct str line, int64_t at)
{
	import_begin(im, at);
	/* Its own words for what is missing are better than "is missing" twice. */
	(void)program_parse_json(im->a, line, &im->p, &im->r);
	return import_end(im);
}

enum rc
import_jsonl(struct importing *im)
{
	struct buf line = { 0 };
	struct input in;
	size_t n = 0;
	enum rc rc = input_open(&in, im->file, im->err);

	if (rc != RC_OK)
		return rc;
	for (;;) {
		int64_t at = in.line;

		if (input_line(&in, &line) != RC_OK)
			break;
		if (str_trim(buf_str(&line)).len == 0)
			continue;
		if (!take_line(im, buf_str(&line), at))
			break;
		if (++n % PROGRESS_LINES == 0 && im->o->progress != NULL)
			im->o->progress(im->o->arg, im->file, in.taken, in.size);
	}
	if (in.rc != RC_OK) {
		im->rc = in.rc;
		err_set(im->err, "%s", in.err.text);
	}
	input_close(&in);
	buf_fini(&line);
	return im->rc;
}
