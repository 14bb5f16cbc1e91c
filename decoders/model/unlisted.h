/* Tasks that only images of their own tell of. */
#pragma once

#include "decoders/model/checkpoint.h"

/* A task or a thread that has images, by the number in their names. */
struct unlisted_id {
	uint32_t id;
	struct origin origin; /* the image that told of it */
};

struct unlisted {
	ROWS(struct unlisted_id) tasks;   /* in order of pids; which threads they have is not known */
	ROWS(struct unlisted_id) threads; /* whose is not known */
};

/*
 * What pstree.img, which is not there or not whole, does not list and images have in their names. A core tells
 * whether it is of a task or of a thread; whose child or whose thread it is nothing tells. That is damage, but for a
 * pre-dump, which has page maps only, and for a dump that did not finish. Call it when what is listed is loaded.
 */
void unlisted_find(struct checkpoint *checkpoint, struct unlisted *ret);
