/* Columns that follow a reference from a row to a file: what several tables share. */
#pragma once

#include "db/tables/table.h"

/* The row of the regular file (or memfd) of CRIU's id; NULL where it is absent or missing. */
static inline const struct file *referenced_file(const struct checkpoint *checkpoint,
						 uint32_t image_id)
{
	uint32_t row = image_id == ABSENT_U32
			       ? MAP_NONE
			       : map_get(&checkpoint->file_by_key, map_pair(1 /* REG */, image_id));

	if (row == MAP_NONE && image_id != ABSENT_U32)
		row = map_get(&checkpoint->file_by_id, image_id);
	return checkpoint_file(checkpoint, row);
}

static inline struct value file_path(const struct file *file)
{
	return file ? value_text(file->path) : (struct value){ .type = VALUE_NULL };
}

static inline struct value file_id(const struct file *file)
{
	return file ? value_number(VALUE_UINT, file->id) : (struct value){ .type = VALUE_NULL };
}
