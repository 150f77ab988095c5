/*
 * err.c - one sentence for a person.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "credbot/base/err.h"
#include "credbot/base/utf8.h"

void
err_set(struct err *err, const char *fmt, ...)
{
	struct str whole;
	va_list ap;

	if (err == NULL)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(err->text, sizeof(err->text), fmt, ap);
	va_end(ap);
	whole = str_of(err->text);
	if (whole.len == sizeof(err->text) - 1)
		while (whole.len > 0 && !utf8_valid(whole))
			err->text[--whole.len] = '\0';
}
