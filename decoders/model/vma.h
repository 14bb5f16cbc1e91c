/* What the status bits of a mapping say. Values: CRIU's vma_area status. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum {
	VMA_REGULAR = 1 << 0,
	VMA_STACK = 1 << 1,
	VMA_VSYSCALL = 1 << 2,
	VMA_VDSO = 1 << 3,
	VMA_HEAP = 1 << 5,
	VMA_FILE_PRIVATE = 1 << 6,
	VMA_FILE_SHARED = 1 << 7,
	VMA_ANON_SHARED = 1 << 8,
	VMA_ANON_PRIVATE = 1 << 9,
	VMA_SYSVIPC = 1 << 10,
	VMA_SOCKET = 1 << 11,
	VMA_VVAR = 1 << 12,
	VMA_AIORING = 1 << 13,
	VMA_MEMFD = 1 << 14,
	VMA_SHADOW_STACK = 1 << 15,
	VMA_GUARD = 1 << 16, /* an overlay inside another mapping, listed behind all others */
	VMA_UPROBES = 1 << 17,

	/* the kernel's own pages, and devices': what is not dumped of them is not zero */
	VMA_OF_KERNEL = VMA_VVAR | VMA_VSYSCALL | VMA_VDSO | VMA_SOCKET | VMA_AIORING | VMA_UPROBES,
};

/* anon, file, heap, stack, shmem, sysv, memfd, vdso, vvar, vsyscall, aio, packet, shstk, ... */
const char *vma_kind(uint32_t status);

/* Whether the mapping's shmid is the id of an open file. */
static inline bool vma_has_file(uint32_t status)
{
	return status & (VMA_FILE_PRIVATE | VMA_FILE_SHARED | VMA_MEMFD | VMA_SOCKET);
}

struct checkpoint;
struct vma;

/* The id in pagemap-shmem-N of what is behind a shared mapping; ABSENT_U64 for other mappings. */
uint64_t vma_shmem(const struct checkpoint *checkpoint, const struct vma *vma);

/* Its kind needs no page of its own in lookups, order and overlap checks. */
static inline bool vma_is_overlay(uint32_t status)
{
	return status & VMA_GUARD;
}
