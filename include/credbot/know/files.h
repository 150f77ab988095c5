/*
 * files.h - the files of the knowledge base and of the intents, read and parsed once.
 *
 * What is built from them (kb.h, lessons.h) copies what it keeps, so the files are freed
 * when all has been built.
 */
#ifndef CREDBOT_KNOW_FILES_H
#define CREDBOT_KNOW_FILES_H

#include <stddef.h>

#include "credbot/base/arena.h"
#include "credbot/base/faults.h"
#include "credbot/base/str.h"
#include "credbot/base/yaml.h"

struct article_file {
	const char *path;
	const char *id;     /* the name without .md */
	struct yaml *front; /* a map; NULL: the file has faults */
	struct str body;
	int body_line;
};

struct phrase_file {
	const char *path;
	const char *id;    /* the name without .yaml */
	struct yaml *root; /* NULL: the file has faults */
};

struct know_files {
	struct arena *arena;
	struct yaml *sources; /* dir/kb/sources.yaml; NULL: it has faults */
	const char *sources_path;
	struct article_file *articles; /* sorted by id */
	size_t n_articles;
	struct phrase_file *phrases; /* sorted by id */
	size_t n_phrases;
};

/*
 * Reads dir/kb/sources.yaml, dir/kb/LANG/ and dir/intents/LANG/. Of files that cannot be
 * parsed only the ids are there, so that their faults are named and not those of all files
 * that mention them. NULL if a folder is missing.
 */
struct know_files *know_files_read(const char *dir, const char *lang,
    struct faults *faults);
void know_files_free(struct know_files *f); /* NULL is fine */

#endif
