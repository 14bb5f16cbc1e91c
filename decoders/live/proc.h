/*
 * Reading files of /proc: by lines, in pieces of bounded size, with a member of the source for each that was read.
 *
 * Whatever cannot be read is counted here by what it is about, and told once in the end (unseen.h).
 */
#pragma once

#include <dirent.h>

#include "decoders/live/state.h"

enum {
	LONGEST_LINE = 64 << 10, /* bytes; what is longer is cut */
	LONGEST_TEXT = 8 << 20,  /* of a file that is taken whole */
	LONGEST_LINK = 4096,
};

/* A file of /proc that is read line by line. */
struct proc_file {
	struct live *live;
	int fd;
	uint32_t member; /* of the source */
	uint32_t line;   /* of the line that was read last, from 0 */
	size_t start, end;
	bool is_over, was_cut;
	char buffer[LONGEST_LINE];
};

/*
 * Opens PID/NAME ("task/7/status"); false, counted as WHAT, where it cannot be. NAME may be what this kernel does
 * not have.
 */
bool proc_open(struct live *live, enum unseen what, uint32_t pid, const char *name, struct proc_file *ret);
void proc_close(struct proc_file *file);

/* The next line, without its line feed; it is valid until the next one is read. */
bool proc_line(struct proc_file *file, struct bytes *ret);

/* A file of /proc whole, up to LONGEST_TEXT bytes, in the checkpoint's arena; absent where it cannot be read. */
struct bytes proc_text(struct live *live, enum unseen what, uint32_t pid, const char *name, uint32_t *ret_member);

/* What one read into BUFFER gives, for the many small files; *ret points into it. Makes no member. */
bool proc_short(struct live *live, enum unseen what, uint32_t pid, const char *name, void *buffer, size_t size,
		struct bytes *ret);

/* The same as a number: of loginuid, oom_score_adj. HEXADECIMAL: as personality has it. */
bool proc_number(struct live *live, enum unseen what, uint32_t pid, const char *name, bool hexadecimal,
		 int64_t *ret);

/* What a symbolic link of /proc says, in the checkpoint's arena; absent where it cannot be read. */
struct bytes proc_link(struct live *live, enum unseen what, uint32_t pid, const char *name);

/* The directory PID/NAME, or NULL. Entries that are numbers, one at a time; false at the end. */
DIR *proc_directory(struct live *live, enum unseen what, uint32_t pid, const char *name);
bool proc_next_number(DIR *directory, uint32_t *ret);

/* The member of the source for PID/NAME, one however often it is read; entries of it are numbered by its lines. */
uint32_t proc_member(struct live *live, uint32_t pid, const char *name);
struct origin proc_origin(uint32_t member, uint32_t line);

/* --- words --------------------------------------------------------------------------------------------- */

/* What stands behind NAME ("Uid:") where the line begins with it, without blanks around it. */
bool proc_field(struct bytes line, const char *name, struct bytes *ret);

/* A number at the front of TEXT, moved behind it; 0 and false where there is none. */
bool proc_take_number(struct bytes *text, unsigned base, uint64_t *ret);
