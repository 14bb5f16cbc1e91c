/*
 * Leaves: rows that nothing else in the model refers to.
 *
 * Processes, files and mappings are joined with one another, so the model keeps them itself. Most of
 * what a checkpoint holds is simpler: one image, one row an entry (mounts, locks, devices). Each such
 * kind of row is a leaf: a file in leaves/ with its struct and its loader, loaded when its table is
 * asked for, and known to nobody but that table and leaves that show a name out of it.
 */
#pragma once

#include "decoders/model/checkpoint.h"
#include "decoders/model/load.h"

struct leaf_rows;

struct leaf {
	const char *name;
	size_t row_size; /* of a struct that begins with its struct origin */
	unsigned needs;  /* parts of the model that the loader uses */
	unsigned wishes; /* parts that make it load more, where they are asked for: PART_DIGESTS */
	void (*load)(struct checkpoint *checkpoint, struct leaf_rows *rows);
};

struct leaf_rows {
	const struct leaf *leaf;
	unsigned granted; /* of its wishes */
	void *items;
	size_t n, cap;
};

/* A new row, cleared; valid until the next one is added. */
void *leaf_add(struct checkpoint *checkpoint, struct leaf_rows *rows) __attribute__((returns_nonnull));

/* Loads a leaf that is not loaded yet, or not with all that has been asked for since. */
void checkpoint_need_leaf(struct checkpoint *checkpoint, const struct leaf *leaf);

/* The rows of a leaf; none where it is not loaded. */
struct leaf_rows checkpoint_leaf(const struct checkpoint *checkpoint, const struct leaf *leaf);
