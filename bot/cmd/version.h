/*
 * version.h - the one place of the version; semver.org.
 */
#ifndef CREDBOT_CMD_VERSION_H
#define CREDBOT_CMD_VERSION_H

#define CREDBOT_VERSION "0.1.0"

#endif
