/*
 * catalog_plan.h - what catalog plan reads besides numbers and dates.
 */
#ifndef CREDBOT_CMD_CATALOG_PLAN_H
#define CREDBOT_CMD_CATALOG_PLAN_H

#include "credbot/base/str.h"
#include "credbot/catalog/semester.h"

/* "mon 18:00-20:00, sat 10-12": at most SEMESTER_BLOCKS_MAX. False: not such times. */
bool plan_read_blocks(struct str text, struct semester_block out[SEMESTER_BLOCKS_MAX],
    size_t *n);

#endif
