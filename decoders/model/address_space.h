/*
 * The address space of a task, byte by byte.
 *
 * A checkpoint holds only some of what a task could read: pages that were written, here or in an
 * ancestor. The rest was zero, or is in a file that is not in the images, or was left to a page server.
 * Whoever looks at memory is told which, for every address: that a byte is not there is not the same as
 * that it is zero.
 *
 * Sources: the mappings of mm-PID.img, pagemap-PID.img for private pages, pagemap-shmem-ID.img for shared
 * ones, ipcns-shm-ID.img for System V segments of old dumps, all of them through the chain of parents.
 */
#pragma once

#include "decoders/model/layers.h"

enum span_state {
	SPAN_PRESENT,  /* its bytes are in a pages file, here or in an ancestor */
	SPAN_ZERO,     /* never touched, shared memory and memfds too: it reads as zeroes */
	SPAN_FILE,     /* not dumped: what the file held there; also behind the end of a memfd */
	SPAN_GUARD,    /* a guard page: to touch it was a fault */
	SPAN_LAZY,     /* left to a page server */
	SPAN_MISSING,  /* in a parent that is not here or does not have it, or cut off */
	SPAN_KERNEL,   /* the kernel's own page, or a device: never dumped */
	SPAN_UNMAPPED,
};
const char *span_state_name(enum span_state state); /* "present", "zero", ... */

/* Addresses [address, address + len) that are alike; inside one mapping. */
struct span {
	uint64_t address, len;
	enum span_state state;
	uint32_t vma;                /* row of vma; NO_ROW of SPAN_UNMAPPED, and where no image has mappings */
	uint32_t layer;              /* SPAN_PRESENT: 0 here, N in ancestor N: */
	const struct member *pages;
	uint64_t offset;             /* in pages */
	uint32_t file;               /* SPAN_FILE: row of file, */
	uint64_t file_offset;        /* ... and where in it */
};

/* The address behind its last byte. */
static inline uint64_t span_end(const struct span *span)
{
	return span->address + span->len;
}

/*
 * A mapping, as far as no later one lies over it. Of a task whose mappings no image has, as in a pre-dump: pages that
 * lie one behind the other.
 */
struct mapped_range {
	uint64_t start, end; /* equal where all of it lies under others */
	uint32_t vma;        /* row; NO_ROW: a run of pages */
};

struct address_space {
	struct checkpoint *checkpoint;
	uint32_t process;  /* row */
	struct mapped_range *ranges; /* by address, overlays left out */
	size_t n;
	struct mapped_range *guards; /* the overlays, by address */
	size_t n_guards;
	uint64_t *lookups; /* how often a run was looked for is added there; NULL: nobody asks */
};

/* Needs PART_PAGES. Lives in ARENA. */
void address_space_init(struct checkpoint *checkpoint, uint32_t process, struct arena *arena,
			struct address_space *ret);

/*
 * The span that begins at ADDRESS, no longer than LEN, which is not 0. That a file of pages ends before
 * bytes that are asked for goes to the checkpoint's problems.
 */
struct span address_space_span(const struct address_space *space, uint64_t address, uint64_t len);

/* A span that is PRESENT ends where its file of pages does; what is behind that is MISSING, and told. */
void span_cut_off(struct checkpoint *checkpoint, struct span *span);

/* How many of N ranges begin at ADDRESS or below. */
size_t ranges_up_to(const struct mapped_range *ranges, size_t n, uint64_t address);

/* Its mapping; NULL: none, or not known. */
const struct vma *span_vma(const struct checkpoint *checkpoint, uint32_t vma);

/* Exactly LEN bytes at OFFSET of a span that is PRESENT or ZERO; an error for others. */
struct error *span_read(const struct address_space *space, const struct span *span, uint64_t offset,
			void *buffer, size_t len) __attribute__((warn_unused_result));

/* Row of the process with that pid; NO_ROW where there is none. */
uint32_t process_row(const struct checkpoint *checkpoint, uint32_t pid);
