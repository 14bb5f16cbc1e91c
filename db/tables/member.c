#include "db/tables/table.h"

#include "decoders/base/size.h"
#include "decoders/model/leaves/member.h"

static const struct member *member_of(const struct checkpoint *checkpoint, const void *row)
{
	return &checkpoint->source.members.items[((const struct member_row *)row)->origin.member];
}

#define GETTER(column, cell)                                                                      \
	static void get_##column(const struct checkpoint *checkpoint, const void *row,             \
			       struct arena *arena, struct value *ret)                           \
	{                                                                                        \
		const struct member *member = member_of(checkpoint, row);                        \
                                                                                                 \
		(void)arena;                                                                     \
		*ret = cell;                                                                    \
	}
GETTER(name, value_text(member->name))
GETTER(link, value_text(member->link))
GETTER(size, value_number(VALUE_UINT, member->size))
GETTER(mode, value_number(VALUE_OCTAL, member->mode))
GETTER(uid, value_number(VALUE_UINT, member->uid))
GETTER(gid, value_number(VALUE_UINT, member->gid))
GETTER(mtime, value_time(arena, (uint64_t)member->mtime))
GETTER(archive_offset, member->archive_offset == NO_OFFSET
			       ? (struct value){ .type = VALUE_NULL }
			       : value_number(VALUE_UINT, member->archive_offset))

static const struct column columns[] = {
	{ .name = "name", .help = "path inside the archive or directory", COMPUTED(TEXT, get_name) },
	{ .name = "kind", .help = "kind of image, or file, directory, symlink, hardlink, fifo, ...",
	  COLUMN(member_row, kind, NAME) },
	{ .name = "magic", .help = "magic number of the kind", .detail = true,
	  COLUMN(member_row, magic, BYTES) },
	{ .name = "entries", .help = "entries of the image", COLUMN(member_row, entries, U64) },
	{ .name = "size", .help = "size", .unit = "bytes", COMPUTED(UINT, get_size) },
	{ .name = "state",
	  .help = "ok, empty, truncated, damaged, unreadable, bad magic, unknown, unsafe, replaced, "
		  "salvaged, trailing",
	  COLUMN(member_row, state, NAME) },
	{ .name = "link", .help = "target of a link; never followed", .detail = true,
	  COMPUTED(TEXT, get_link) },
	{ .name = "mode", .help = "permission bits", .detail = true,
	  COMPUTED(OCTAL, get_mode) },
	{ .name = "uid", .help = "owner", .detail = true, COMPUTED(UINT, get_uid) },
	{ .name = "gid", .help = "group", .detail = true, COMPUTED(UINT, get_gid) },
	{ .name = "mtime", .help = "last change, ISO 8601 UTC", .detail = true,
	  COMPUTED(TEXT, get_mtime) },
	{ .name = "archive_offset", .help = "of its first byte, before compression",
	  .unit = "bytes", .detail = true, COMPUTED(UINT, get_archive_offset) },
};

const struct table table_member = {
	.name = "member",
	.plural = "members",
	.help = "a member of the archive, or a file of the directory",
	.key = "name",
	.noise = "mtime archive_offset",
	.about_dump = true,
	.columns = columns, .n_columns = ARRAY_SIZE(columns),
	.leaf = &leaf_member,
};
