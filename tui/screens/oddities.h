/*
 * What is odd about a process: a letter each, so that a tree of a thousand can be looked over.
 *
 * They are hints where to look first, not findings: each has an innocent explanation.
 */
#pragma once

#include "decoders/model/checkpoint.h"

struct oddity {
	char letter;
	const char *what;
	bool (*is)(const struct checkpoint *checkpoint, const struct process *process);
};
extern const struct oddity oddities[];
extern const size_t n_oddities;

/* Parts of the model that they look at. */
enum { ODDITY_PARTS = PART_TASKS | PART_FILES | PART_MAPPINGS | PART_PAGES | PART_STRINGS };
