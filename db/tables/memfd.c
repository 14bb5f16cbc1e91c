#include "db/tables/words.h"

#include "decoders/base/size.h"
#include "decoders/model/leaves/memfd.h"

/* include/uapi/linux/fcntl.h */
static const struct name seal_names[] = {
	{ 0x1, "F_SEAL_SEAL" },	 { 0x2, "F_SEAL_SHRINK" },	  { 0x4, "F_SEAL_GROW" },
	{ 0x8, "F_SEAL_WRITE" }, { 0x10, "F_SEAL_FUTURE_WRITE" }, { 0x20, "F_SEAL_EXEC" },
};
static const struct name_table seal_table = { seal_names, ARRAY_SIZE(seal_names) };

static void get_seal_names(const struct checkpoint *checkpoint, const void *row,
			   struct arena *arena, struct value *ret)
{
	(void)checkpoint;
	*ret = mask32_value(arena, &seal_table, ((const struct memfd *)row)->seals);
}

static const struct column columns[] = {
	{ .name = "inode_id", .help = "CRIU's id; file.inode of its files",
	  COLUMN(memfd, inode_id, U64) },
	{ .name = "name", .help = "of memfd_create(2); /dev/zero, /SYSV...: shared memory",
	  COLUMN(memfd, name, BYTES) },
	{ .name = "size", .help = "its size", .unit = "bytes", COLUMN(memfd, size, U64) },
	{ .name = "shmid", .help = "N of pagemap-shmem-N, which has its content",
	  COLUMN(memfd, shmid, U32) },
	{ .name = "files", .help = "open files and mappings of it", COLUMN(memfd, n_files, U32) },
	{ .name = "seals", .help = "what may not be done to it", .detail = true,
	  COLUMN(memfd, seals, HEX32) },
	{ .name = "seal_names", .help = "the names of those seals",
	  COMPUTED(TEXT, get_seal_names) },
	{ .name = "uid", .help = "owner", .detail = true, COLUMN(memfd, uid, U32) },
	{ .name = "gid", .help = "group", .detail = true, COLUMN(memfd, gid, U32) },
	{ .name = "mode", .help = "file type and permission bits", .detail = true,
	  COLUMN(memfd, mode, OCTAL32) },
	{ .name = "hugetlb", .help = "flags of its huge pages; null: ordinary pages",
	  .detail = true, COLUMN(memfd, hugetlb, HEX32) },
};

const struct table table_memfd = {
	.name = "memfd",
	.plural = "memfds",
	.help = "a memory file; CRIU keeps shared anonymous memory as one, too",
	.key = "name size",
	.noise = "inode_id shmid",
	.columns = columns, .n_columns = ARRAY_SIZE(columns),
	.leaf = &leaf_memfd,
};
