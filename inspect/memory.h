/* What the commands that read memory share. */
#pragma once

#include "db/tables/render.h"
#include "decoders/model/address_space.h"
#include "inspect/command.h"

/*
 * open_checkpoint, with the pages loaded. An error also where the options name a process that is not in it, or
 * where an archive would have to be inflated into a temporary file and there is none.
 */
struct error *open_memory(struct invocation *invocation, struct checkpoint *ret)
	__attribute__((warn_unused_result));

/* The same of one that was opened already; where there is an error it is closed. */
struct error *need_memory(struct invocation *invocation, const char *path, struct checkpoint *checkpoint)
	__attribute__((warn_unused_result));

/* An error where the options name a process that is not in it. */
struct error *pids_are_there(const struct options *options, struct checkpoint *checkpoint)
	__attribute__((warn_unused_result));

/* An error where an archive of the chain streams past, so that its pages cannot be read. */
struct error *memory_is_readable(const struct checkpoint *checkpoint) __attribute__((warn_unused_result));

/* Columns of where bytes are: image, offset, ancestor (0: here), as MEMORY_PLACE_COLUMNS names them. */
#define MEMORY_PLACE_COLUMNS "image", "offset", "ancestor"
enum { N_PLACE_COLUMNS = 3 };
void memory_place_values(uint32_t layer, const struct member *pages, uint64_t offset,
			 struct value *values);

/* "pages-1.img+0x3000", "1/pages-1.img+0x3000 (ancestor 2)". */
void print_memory_place(uint32_t layer, const struct member *pages, uint64_t offset,
			struct out *out);

static inline struct value value_word(const char *text)
{
	return value_text(bytes_of(text));
}
