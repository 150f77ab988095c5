/*
 * commands.h - every subcommand; the table is in bot/main.c.
 */
#ifndef CREDBOT_CMD_COMMANDS_H
#define CREDBOT_CMD_COMMANDS_H

#include "bot/cmd/cmd.h"

extern const struct command command_ask;
extern const struct command command_bench;
extern const struct command command_catalog;
extern const struct command command_chat;
extern const struct command command_check;
extern const struct command command_doctor;
extern const struct command command_eval;
extern const struct command command_login;
extern const struct command command_logout;
extern const struct command command_nlu;
extern const struct command command_run;
extern const struct command command_train;
extern const struct command command_version;

#endif
