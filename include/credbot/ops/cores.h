/*
 * cores.h - what a crash leaves behind.
 */
#ifndef CREDBOT_OPS_CORES_H
#define CREDBOT_OPS_CORES_H

/* From here on, a crash leaves no core file, and no other process of the same user can read the
 * memory of this one: it holds tokens, and what students wrote. */
void cores_forbid(void);

#endif
