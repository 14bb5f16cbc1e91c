/* Locks: filelocks.img, joined with the descriptors they were taken through. */
#include "decoders/base/size.h"
#include "decoders/model/leaves/lock.h"
#include "decoders/model/leaves/open_files.h"
#include "decoders/proto/names.h"
#include "files.pb-c.h"

/* The kernel's FL_POSIX, ... are others: these are CRIU's. */
static const struct name kind_names[] = {
	{ 1, "posix" }, { 2, "flock" }, { 4, "ofd" }, { 8, "lease" },
};
static const struct name_table kinds = { kind_names, ARRAY_SIZE(kind_names) };

/* include/uapi/asm-generic/fcntl.h: F_RDLCK, F_WRLCK, F_UNLCK; LOCK_MAND with its parts. */
static const struct name mode_names[] = {
	{ 0, "read" }, { 1, "write" }, { 2, "unlock" },
	{ 32, "mandatory" }, { 96, "mandatory read" }, { 160, "mandatory write" },
	{ 224, "mandatory read and write" },
};
static const struct name_table modes = { mode_names, ARRAY_SIZE(mode_names) };

/* The words of flock(2). */
static const struct name flock_names[] = { { 0, "shared" }, { 1, "exclusive" } };
static const struct name_table flocks = { flock_names, ARRAY_SIZE(flock_names) };

enum { KIND_FLOCK = 2, KIND_LEASE = 8, LEASE_BREAKING = 4 };

static const char *mode_of(const FileLockEntry *from)
{
	const char *name = from->flag == KIND_FLOCK ? name_of(&flocks, from->type) : NULL;
	uint32_t type = from->flag == KIND_LEASE ? from->type & ~(uint32_t)LEASE_BREAKING
						 : from->type;

	return name ? name : name_of(&modes, type);
}

static uint32_t file_row(const struct checkpoint *checkpoint, const struct map *fds,
			 const FileLockEntry *from)
{
	uint32_t row = map_get(fds, map_pair((uint32_t)from->pid, (uint32_t)from->fd));

	return row == MAP_NONE ? NO_ROW : checkpoint->fds.items[row].file;
}

static void add_lock(struct checkpoint *checkpoint, struct leaf_rows *rows, const struct map *fds,
		     const FileLockEntry *from, struct origin origin)
{
	struct lock *lock = leaf_add(checkpoint, rows);

	*lock = (struct lock){
		.origin = origin,
		.pid = (uint32_t)from->pid, .fd = (uint32_t)from->fd, /* -1 is absent */
		.kind = name_of(&kinds, from->flag),
		.mode = mode_of(from),
		.is_breaking = from->flag == KIND_LEASE && (from->type & LEASE_BREAKING),
		.start = (uint64_t)from->start,
		.length = from->len ? (uint64_t)from->len : ABSENT_U64,
		.file = file_row(checkpoint, fds, from),
	};
}

static void load(struct checkpoint *checkpoint, struct leaf_rows *rows)
{
	struct map fds = open_fds(checkpoint);
	struct image_reader reader;
	struct image_entry entry;

	if (!load_open_named(checkpoint, "FILE_LOCKS", &reader, "filelocks.img"))
		return;
	while (image_next(&reader, &entry))
		add_lock(checkpoint, rows, &fds, (const FileLockEntry *)entry.message,
			 load_origin(&reader, &entry));
	load_close(checkpoint, &reader);
}

const struct leaf leaf_lock = {
	.name = "lock",
	.row_size = sizeof(struct lock),
	.needs = PART_FDS,
	.load = load,
};
