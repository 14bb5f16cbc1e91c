/*
 * All bytes of memory that a checkpoint holds, in blocks.
 *
 * A stretch is memory without a gap: pages that are present, one behind the other, wherever their bytes are
 * stored, and whichever mappings they are in: the kernel cuts one in two where its parts are advised otherwise. It
 * is handed out in blocks of SCAN_BLOCK, each with some bytes of the same stretch before and behind it, so that
 * what lies across a border is seen whole. Pages that were never written are not stored and are gaps, like all
 * others that the checkpoint does not hold. Where the file of pages has a hole, blocks that are zeroes between others
 * that are zeroes too are left out: nothing can be told of them that is not told of their neighbours, and there may be
 * any number.
 *
 * By address space: every task's memory, what several share as often. Or by storage: every stored page once,
 * those too that no task has mapped (what a later generation replaced, say).
 */
#pragma once

#include "decoders/model/address_space.h"

enum { SCAN_BLOCK = 1 << 20 };

/* Where a part of a block is stored. */
struct scan_piece {
	uint64_t address, len;
	uint32_t vma; /* row; NO_ROW by storage, and where no mapping is known */
	uint32_t layer;
	const struct member *pages;
	uint64_t offset; /* in pages */
};

struct scan_block {
	uint32_t process; /* row; NO_ROW by storage: */
	const struct member *pagemap; /* whose addresses these are */
	uint64_t start, end;   /* its own bytes; those with it are in [first, last) */
	uint64_t first, last;
	bool begins, ends;     /* the stretch begins at .start, or ends at .last */
	struct scan_piece *pieces;
	size_t n, cap;
};
void scan_block_deinit(struct scan_block *block);

struct scan {
	struct checkpoint *checkpoint;
	const uint32_t *pids; /* of these only; n_pids 0: of all */
	size_t n_pids;
	bool by_storage;
	size_t behind, ahead; /* bytes before and behind a block; at most SCAN_BLOCK */
	uint64_t left_out;    /* bytes of holes, so far */
	/* for scan_next itself */
	struct arena arena;
	uint32_t process, layer;
	size_t range, position;
	struct address_space space;
	struct pagemap pagemap;
	const struct member *pagemap_member;
	struct open_file last;
	bool is_shmem, in_region, in_stretch;
	uint64_t at, region_end, stretch;
};

/* Needs PART_PAGES. Fields above "for scan_next itself" are the caller's to set afterwards. */
void scan_init(struct checkpoint *checkpoint, struct scan *ret);
void scan_deinit(struct scan *scan);

/* The next block; RET was cleared once, and keeps its room from call to call. */
bool scan_next(struct scan *scan, struct scan_block *ret);

/*
 * Reads [ADDRESS, ADDRESS + LEN) of a block, which lies in [first, last). *ret_got are the bytes before an
 * error. LAST: source_read_with.
 */
struct error *scan_read(const struct checkpoint *checkpoint, const struct scan_block *block,
			struct open_file *last, uint64_t address, uint8_t *buffer, size_t len,
			size_t *ret_got) __attribute__((warn_unused_result));

/* The piece that ADDRESS is in; NULL outside of [first, last). */
const struct scan_piece *scan_piece_at(const struct scan_block *block, uint64_t address);
