/*
 * The notes of a core file: who the process was, its auxiliary vector, the files that it had mapped, the
 * registers of every thread.
 *
 * What only the kernel knew is zero: CPU times, and a signal that ended the process, because none did. The
 * current signal of a thread is the one that it would have taken next: queued for it and not blocked, or what
 * stopped it.
 */
#pragma once

#include "decoders/model/address_space.h"
#include "inspect/export/core_machine.h"
#include "inspect/export/elf_number.h"

enum { MOST_FILE_NOTE = 64 << 20, MOST_THREAD_NOTES = 256 << 20 }; /* bytes of one process */

struct core_notes {
	struct out out;     /* the notes, in memory */
	struct elf_form form;
	const struct core_machine *machine;
	size_t n_threads;   /* whose registers are in it */
	size_t n_lost;      /* ... and whose are not, for damage or a limit */
	size_t n_files_left_out; /* mappings that NT_FILE has no room for */
	uint32_t page_size; /* never 0 */
};

/*
 * Makes the notes of a process. An error where not one of its threads has registers. Damage goes to the
 * checkpoint's problems.
 */
struct error *core_notes_make(const struct address_space *space, struct core_notes *ret)
	__attribute__((warn_unused_result));
void core_notes_free(struct core_notes *notes);
