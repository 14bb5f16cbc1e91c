/* Lines of fdinfo that only some files have. */
#pragma once

#include "decoders/live/state.h"

#define ANY_FD_TYPE UINT32_MAX
#define PTY_MASTER 0x80000000u /* of file.inode: the master of the pty whose number the rest is */

struct detail_line {
	struct live *live;
	const struct live_detail *detail;
	const struct file *file;
	struct origin origin;
	struct bytes text;
};

/* Calls TAKE for each line of the files of a type; of ANY_FD_TYPE for those of all descriptors, files twice too. */
void details_each(struct live *live, uint32_t fd_type, void (*take)(const struct detail_line *line, void *context),
		  void *context);

/* The number behind the word KEY ("ino:") of a line; false, and 0, where there is none. */
bool detail_number(struct bytes line, const char *key, unsigned base, uint64_t *ret);

/* The same; ABSENT where there is none. */
uint32_t detail_u32(struct bytes line, const char *key, unsigned base);
uint64_t detail_u64(struct bytes line, const char *key, unsigned base);
