/*
 * script.h - conversations in a file, played against the real bot with a clock of their own.
 *
 *   # a comment
 *   clock 2026-01-14T10:00Z     the time now; only forwards
 *   wait 2000                   milliseconds pass
 *   config bot.contact: "..."   a line of configuration; before the first message
 *   catalog ../catalog/x.jsonl  these programs (.jsonl, .csv; from the folder of the script) are
 *                               imported, and take the place of those that ship; after clock
 *                               and config, also in the middle. One that is imported again,
 *                               shorter, withdraws what it has no longer
 *   restart                     the program ends and starts again, with the same database
 *   mia> text                   mia writes
 *   mia~ text                   mia changes her last message
 *   mia! voice                  mia sends something that is no text
 *   mia^                        mia opens the chat and says nothing
 *   mia@ topic_ID               mia comes by a link that carries this
 *   place mia telegram [group]  mia writes on that network from now on, as another account
 *                               of hers: "script" if not said, telegram, matrix, webchat;
 *                               in a group, others read along
 *   mia< *pattern*              what she was answered (all of it, without marks) matches;
 *                               capitals do not count, * and ? are wild
 *   mia<! *pattern*             does not match
 *   mia[ *pattern*              a choice that she was offered matches
 *   mia+ *.json application/json  name and type of a file that she was given match
 *   mia+                        she was given none
 *   mia{ *pattern*              what stands in the last file matches; mia{! does not
 *   mia= faq:topic|greet        how the last message was understood
 *   mia<                        was not answered (yet)
 *   keep code mia Your code is  the word behind this in what mia was answered is "code" from
 *                               now on: {code} in a later line stands for it
 *
 * Each check counts; the last line printed is "N passed, N failed".
 */
#ifndef CREDBOT_CMD_SCRIPT_H
#define CREDBOT_CMD_SCRIPT_H

#include "bot/cmd/cmd.h"
#include "credbot/base/buf.h"
#include "credbot/base/err.h"

/* --- script_kept.c: words of answers that later lines need */

struct kept;

struct kept *kept_new(void);
void kept_free(struct kept *k); /* NULL is fine */
/* The word behind text in said is name from now on; false: text does not stand there. */
bool kept_take(struct kept *k, struct str name, struct str text, struct str said);
/* Appends line, with the words in the place of their names. */
void kept_fill_in(const struct kept *k, struct str line, struct buf *out);

/* --- script_catalog.c: the programs that a script names */

/* Imports file, which is named from the folder of the script at path, into the catalog in
 * state_dir. False: err says why. */
bool script_import(const char *path, struct str file, const char *state_dir,
    int64_t now_ms, struct err *err);

/* The exit code: CMD_DONE if all checks passed. */
int script_run(struct args *a, const char *path);

#endif
