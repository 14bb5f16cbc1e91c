/*
 * Pre-dumps: pages of tasks that ran on.
 *
 * "criu pre-dump" writes page maps and pages and nothing else: no tree of tasks, no mappings, no files, and of
 * shared memory nothing. The names of the page maps say whose they are.
 */
#pragma once

#include "decoders/model/checkpoint.h"

/* Page maps of tasks, and neither a tree of tasks nor files. */
bool checkpoint_is_predump(struct checkpoint *checkpoint);

/*
 * Gives a pre-dump a row of process for each page map, with a pid and nothing more, so that its memory can be
 * asked for. Does nothing for other checkpoints. Call it before anything needs PART_PAGES.
 */
void checkpoint_name_tasks(struct checkpoint *checkpoint);
