/*
 * What a core file looks like on each machine.
 *
 * The kernel writes a thread's registers as notes, one for each set of them, laid out as the machine's ptrace
 * has them. CRIU keeps the same registers in a message for each architecture. So a machine is a table: which
 * notes it has, and from which field of the message each part of a note comes. It is chosen by what the
 * checkpoint says; the machine that this runs on does not matter.
 *
 * Layouts: the kernel's user_regset tables (arch/.../kernel/ptrace.c) and include/uapi/linux/elf.h.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "task.pb-c.h"

/* Bytes of a note, from a field of the message: one number, or an array of them. */
struct note_field {
	uint16_t at;        /* in the note */
	uint8_t size;       /* of each number there: 1, 2, 4, 8 */
	uint8_t from_size;  /* of each in the message: 4, 8 */
	uint16_t from;      /* offset of the field; of the pointer to the array, */
	uint16_t n_from;    /* ... and of the size_t that counts it */
	uint16_t most;      /* numbers of the array that have room; 0: it is one number */
};

/* What comes from one message. */
struct note_part {
	uint16_t path[4]; /* offsets of pointers from core_entry to it; 0 ends them */
	const struct note_field *fields;
	size_t n_fields;
};

/* A note; there is none where a message that it takes is missing. */
struct note_form {
	const char *owner; /* CORE, LINUX */
	uint32_t type;     /* NT_* */
	uint16_t size;     /* bytes */
	struct note_part parts[2];
	/* What no table says; returns how many bytes it has. */
	uint16_t (*complete)(const CoreEntry *core, uint8_t *bytes);
};

enum { MOST_NOTE = 4096 }; /* bytes of the largest */

struct core_machine {
	CoreEntry__March march;
	bool is_compat;     /* 32-bit tasks of a 64-bit kernel */
	uint16_t elf;       /* EM_* */
	uint32_t elf_flags;
	bool is_wide;       /* 64-bit */
	struct note_form registers; /* what NT_PRSTATUS has; its owner and type are not used */
	const struct note_form *notes; /* of each thread, behind NT_PRSTATUS; ended by an owner NULL */
};

/* The machine that a thread ran on; NULL for one that has no table. */
const struct core_machine *core_machine_of(const CoreEntry *core);

/* Whether a thread has what a note takes. */
bool note_is_there(const struct note_form *form, const CoreEntry *core);

/* Fills BYTES, which has room for MOST_NOTE; how many they are. */
uint16_t note_fill(const struct note_form *form, const CoreEntry *core, bool big_endian, uint8_t *bytes);
