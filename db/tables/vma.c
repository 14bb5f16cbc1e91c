#include "db/tables/reference.h"

#include "decoders/base/size.h"

static struct row_set rows(const struct checkpoint *checkpoint)
{
	return ROW_SET(checkpoint->vmas);
}

static const struct file *file_of(const struct checkpoint *checkpoint, const void *row)
{
	return checkpoint_file(checkpoint, ((const struct vma *)row)->file);
}

static void get_path(const struct checkpoint *checkpoint, const void *row, struct arena *arena,
		     struct value *ret)
{
	(void)arena;
	*ret = file_path(file_of(checkpoint, row));
}

static void get_file_id(const struct checkpoint *checkpoint, const void *row, struct arena *arena,
			struct value *ret)
{
	(void)arena;
	*ret = file_id(file_of(checkpoint, row));
}

static void get_size(const struct checkpoint *checkpoint, const void *row, struct arena *arena,
		     struct value *ret)
{
	const struct vma *vma = row;

	(void)checkpoint;
	(void)arena;
	if (vma->end >= vma->start)
		*ret = value_number(VALUE_UINT, vma->end - vma->start);
}

static const struct column columns[] = {
	{ .name = "pid", .help = "its process", COLUMN(vma, pid, U32) },
	{ .name = "start", .help = "first address", COLUMN(vma, start, HEX64) },
	{ .name = "end", .help = "the address behind the last", COLUMN(vma, end, HEX64) },
	{ .name = "size", .help = "end - start", .unit = "bytes", .detail = true,
	  COMPUTED(UINT, get_size) },
	{ .name = "prot", .help = "as in /proc/PID/maps: rw-p", COLUMN(vma, prot, CHARS) },
	{ .name = "kind",
	  .help = "anon, file, heap, stack, shmem, sysv, memfd, vdso, vvar, vsyscall, aio, packet, "
		  "shstk, guard, uprobes",
	  COLUMN(vma, kind, NAME) },
	{ .name = "flags", .help = "of mmap(2)", .detail = true, COLUMN(vma, flags, HEX32) },
	{ .name = "status", .help = "CRIU's own bits", .detail = true, COLUMN(vma, status, HEX32) },
	{ .name = "pgoff", .help = "where in the file it begins", .unit = "bytes", .detail = true,
	  COLUMN(vma, pgoff, U64) },
	{ .name = "pages_present", .help = "pages whose bytes are in this checkpoint",
	  .unit = "pages", .needs = PART_PAGES, COLUMN(vma, pages_present, U64) },
	{ .name = "pages_parent", .help = "pages left in the parent checkpoint", .unit = "pages",
	  .detail = true, .needs = PART_PAGES, COLUMN(vma, pages_parent, U64) },
	{ .name = "pages_lazy", .help = "pages left to a page server", .unit = "pages",
	  .detail = true, .needs = PART_PAGES, COLUMN(vma, pages_lazy, U64) },
	{ .name = "pages_absent",
	  .help = "pages in no page map: never written, or as in the file", .unit = "pages",
	  .detail = true, .needs = PART_PAGES, COLUMN(vma, pages_absent, U64) },
	{ .name = "dirty_text", .help = "pages of a private file mapping that is not writable are in "
					"the checkpoint: somebody changed them",
	  .detail = true, .needs = PART_PAGES, COLUMN(vma, dirty_text, BOOL) },
	{ .name = "path", .help = "path of the mapped file", COMPUTED(TEXT, get_path) },
	{ .name = "file_id", .help = "its file.id", .detail = true, COMPUTED(UINT, get_file_id) },
	{ .name = "shmid", .help = "what stands behind it: a file id, or the id of shared memory",
	  .detail = true, COLUMN(vma, shmid, U64) },
	{ .name = "vm_flags", .help = "of a running process, as VmFlags in /proc/PID/smaps: rd wr mr io pf ht",
	  .detail = true, COLUMN(vma, vm_flags, BYTES) },
	{ .name = "madvise", .help = "mask of madvise(2) settings", .detail = true,
	  COLUMN(vma, madvise, HEX64) },
};

const struct table table_vma = {
	.name = "vma",
	.plural = "maps",
	.help = "a mapping of a task's address space",
	.key = "pid start",
	.second_key = "pid kind path pgoff prot",
	.noise = "size pages_present pages_parent pages_lazy pages_absent file_id shmid vm_flags",
	.needs = PART_MAPPINGS,
	.columns = columns, .n_columns = ARRAY_SIZE(columns),
	.rows = rows,
};
