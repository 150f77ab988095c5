/*
 * script.h - conversations in a file, played against the real bot with a clock of their own.
 *
 *   # a comment
 *   clock 2026-01-14T10:00Z     the time now; only forwards
 *   wait 2000                   milliseconds pass
 *   config bot.contact: "..."   a line of configuration; before the first message
 *   restart                     the program ends and starts again, with the same database
 *   mia> text                   mia writes
 *   mia~ text                   mia changes her last message
 *   mia! voice                  mia sends something that is no text
 *   mia^                        mia opens the chat and says nothing
 *   mia< *pattern*              what she was answered (all of it, without marks) matches;
 *                               capitals do not count, * and ? are wild
 *   mia<! *pattern*             does not match
 *   mia[ *pattern*              a choice that she was offered matches
 *   mia= faq:topic|greet        how the last message was understood
 *   mia<                        was not answered (yet)
 *
 * Each check counts; the last line printed is "N passed, N failed".
 */
#ifndef CREDBOT_CMD_SCRIPT_H
#define CREDBOT_CMD_SCRIPT_H

#include "bot/cmd/cmd.h"

/* The exit code: CMD_DONE if all checks passed. */
int script_run(struct args *a, const char *path);

#endif
