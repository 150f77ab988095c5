/*
 * webchat_files.c - the files of web/, inside the program.
 *
 * The assembler copies them, so they are what stands in the tree, without a build step. The
 * Makefile makes this file's object depend on them.
 */
#include <stdio.h>

#include <sodium.h>

#include "bot/chan/webchat_priv.h"

#define FILE_IN(name, path)                                                            \
	__asm__(".pushsection .rodata\n"                                               \
		"	.balign 16\n"                                                        \
		"file_" #name ":\n"                                                    \
		"	.incbin \"" path "\"\n"                                        \
		"file_" #name "_end:\n"                                                \
		"	.popsection\n");                                               \
	extern const unsigned char file_##name[]                                       \
	    __attribute__((visibility("hidden")));                                     \
	extern const unsigned char file_##name##_end[]                                 \
	    __attribute__((visibility("hidden")))

FILE_IN(chat_js, "web/chat.js");
FILE_IN(style_css, "web/style.css");
FILE_IN(favicon_svg, "web/favicon.svg");

static struct web_file files[] = {
	{ "/chat.js", "text/javascript; charset=utf-8", file_chat_js, 0, "" },
	{ "/style.css", "text/css; charset=utf-8", file_style_css, 0, "" },
	{ "/favicon.svg", "image/svg+xml", file_favicon_svg, 0, "" },
};

static const unsigned char *const ends[] = { file_chat_js_end, file_style_css_end,
	file_favicon_svg_end };

static void
measure(void)
{
	unsigned char hash[16];
	char hex[2 * sizeof(hash) + 1];

	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		files[i].len = (size_t)(ends[i] - files[i].data);
		crypto_generichash(hash, sizeof(hash), files[i].data, files[i].len,
		    NULL, 0);
		sodium_bin2hex(hex, sizeof(hex), hash, sizeof(hash));
		(void)snprintf(files[i].etag, sizeof(files[i].etag), "\"%s\"", hex);
	}
}

const struct web_file *
web_file_find(struct str path)
{
	if (files[0].len == 0)
		measure();
	for (size_t i = 0; i < ARRAY_LEN(files); i++)
		if (str_is(path, files[i].path))
			return &files[i];
	return NULL;
}
