/*
 * Single images, wherever they are: files, standard input, members of a checkpoint.
 *
 * For the commands that look at images one by one and know nothing of the whole.
 */
#pragma once

#include "decoders/image/image.h"
#include "inspect/command.h"

/* Called with each image in turn; damage found in it goes to READER->problems. */
typedef void (*image_visitor)(struct image_reader *reader, void *context);

/*
 * Visits what the arguments name: image files ("-": standard input), or members of a checkpoint,
 * all its images where none is named. *RET_SEVERAL, set before the first visit: whether the
 * arguments can name more than one image.
 */
struct error *visit_images(struct invocation *invocation, image_visitor visit, void *context,
			   bool *ret_several) __attribute__((warn_unused_result));

/* Reads a file whole ("-": standard input), up to MAX bytes; RET is in memory. */
struct error *read_whole(const char *path, uint64_t max, struct out *ret)
	__attribute__((warn_unused_result));
