/* Memory files: memfd.img. */
#include "anon-files.pb-c.h"
#include "decoders/model/leaves/memfd.h"
#include "fdinfo.pb-c.h"

static void add_memfd(struct checkpoint *checkpoint, struct leaf_rows *rows,
		      const MemfdInodeEntry *from, struct origin origin)
{
	struct memfd *memfd = leaf_add(checkpoint, rows);

	*memfd = (struct memfd){
		.origin = origin,
		.inode_id = from->inode_id,
		.name = load_text(checkpoint, from->has_name, from->name),
		.size = from->size,
		.shmid = from->shmid,
		.seals = from->seals,
		.uid = from->uid, .gid = from->gid,
		.mode = from->has_mode ? from->mode : ABSENT_U32,
		.hugetlb = from->has_hugetlb_flag ? from->hugetlb_flag : ABSENT_U32,
	};
}

static void count_files(const struct checkpoint *checkpoint, struct leaf_rows *rows,
			const struct map *by_id)
{
	for (size_t i = 0; i < checkpoint->files.n; i++) {
		const struct file *file = &checkpoint->files.items[i];
		uint32_t row = map_get(by_id, file->inode);

		if (file->fd_type == FD_TYPES__MEMFD && row != MAP_NONE)
			((struct memfd *)rows->items)[row].n_files++;
	}
}

static void load(struct checkpoint *checkpoint, struct leaf_rows *rows)
{
	struct map by_id = { 0 };
	struct image_reader reader;
	struct image_entry entry;

	if (!load_open_named(checkpoint, "MEMFD_INODE", &reader, "memfd.img"))
		return;
	while (image_next(&reader, &entry)) {
		const MemfdInodeEntry *inode = (const MemfdInodeEntry *)entry.message;

		map_put(&checkpoint->arena, &by_id, inode->inode_id, (uint32_t)rows->n);
		add_memfd(checkpoint, rows, inode, load_origin(&reader, &entry));
	}
	load_close(checkpoint, &reader);
	count_files(checkpoint, rows, &by_id);
}

const struct leaf leaf_memfd = {
	.name = "memfd",
	.row_size = sizeof(struct memfd),
	.needs = PART_FILES,
	.load = load,
};
