/*
 * settings.h - the configuration held against what its users can do with it.
 */
#ifndef CREDBOT_CMD_SETTINGS_H
#define CREDBOT_CMD_SETTINGS_H

#include "credbot/base/config.h"

/* Adds a fault for each value that would be refused later, at its place. Touches neither
 * network nor disk. */
void settings_check(const struct config *cf, struct faults *faults);

#endif
