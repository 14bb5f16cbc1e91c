/* Page runs, of every address space and shared memory in the checkpoint. */
#pragma once

#include "decoders/memory/pagemap.h"
#include "decoders/model/leaf.h"

/* Whose runs they are; one for the runs of a page map image. */
struct page_run_owner {
	uint32_t id;        /* a pid, or a shmid */
	bool is_shmem;
	uint32_t page_size; /* bytes; 0: unknown */
	uint32_t layer;     /* 0: this checkpoint's own; else the page server's */
	uint32_t member;    /* the page map image */
	const struct pagemap *pagemap;
};

struct page_run_row {
	struct origin origin;
	const struct page_run_owner *owner;
	const struct page_run *run;
};

extern const struct leaf leaf_page_run;
