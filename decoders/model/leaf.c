#include "decoders/model/leaf.h"

void *leaf_add(struct checkpoint *checkpoint, struct leaf_rows *rows)
{
	return vec_push_raw(&checkpoint->arena, &rows->items, &rows->n, &rows->cap,
			    rows->leaf->row_size);
}

struct leaf_rows checkpoint_leaf(const struct checkpoint *checkpoint, const struct leaf *leaf)
{
	for (size_t i = 0; i < checkpoint->leaves.n; i++)
		if (checkpoint->leaves.items[i].leaf == leaf)
			return checkpoint->leaves.items[i];
	return (struct leaf_rows){ .leaf = leaf };
}

void checkpoint_need_leaf(struct checkpoint *checkpoint, const struct leaf *leaf)
{
	struct leaf_rows rows = { .leaf = leaf, .granted = checkpoint->loaded & leaf->wishes };
	size_t at = 0;

	while (at < checkpoint->leaves.n && checkpoint->leaves.items[at].leaf != leaf)
		at++;
	if (at < checkpoint->leaves.n && checkpoint->leaves.items[at].granted == rows.granted)
		return;
	checkpoint_need(checkpoint, leaf->needs);
	if (checkpoint->filler)
		checkpoint->filler->load_leaf(checkpoint, &rows);
	else
		leaf->load(checkpoint, &rows);
	for (at = 0; at < checkpoint->leaves.n; at++)
		if (checkpoint->leaves.items[at].leaf == leaf) {
			checkpoint->leaves.items[at] = rows;
			return;
		}
	*vec_push(&checkpoint->arena, &checkpoint->leaves) = rows;
}
