/*
 * The index of a tar archive, plain or compressed, read through libarchive.
 *
 * Filters are enabled one by one: libarchive's "all" would run external programs. Names in pax
 * headers are UTF-8; the character type is pinned so that they do not depend on the user's locale.
 */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <unistd.h>

#include "decoders/base/size.h"
#include "decoders/source/internal.h"

enum {
	HEADER_STEP = 16 << 10,  /* an uncompressed archive is read for its headers */
	STREAM_STEP = 256 << 10, /* a compressed one from end to end */
};

/* What libarchive reads from: the archive file, at a position of our own. */
struct feed {
	int fd;
	uint64_t pos, size;
	uint8_t *buffer;
	size_t step; /* bytes a read */
};

struct tar {
	struct source *source;
	const struct capture *capture;
	struct archive *archive;
	struct feed feed;
	uint64_t captured;
};

static la_ssize_t feed_read(struct archive *archive, void *context, const void **ret)
{
	struct feed *feed = context;
	ssize_t n = read_fully(feed->fd, feed->buffer, feed->step, feed->pos);

	if (n < 0) {
		archive_set_error(archive, errno, "cannot read: %s", strerror(errno));
		return ARCHIVE_FATAL;
	}
	feed->pos += (uint64_t)n;
	*ret = feed->buffer;
	return n;
}

static la_int64_t feed_skip(struct archive *archive, void *context, la_int64_t request)
{
	struct feed *feed = context;
	uint64_t left = feed->pos < feed->size ? feed->size - feed->pos : 0;
	uint64_t skipped = request < 0 ? 0 : (uint64_t)request < left ? (uint64_t)request : left;

	(void)archive;
	feed->pos += skipped;
	return (la_int64_t)skipped;
}

typedef int (*filter_support)(struct archive *);

static struct archive *new_reader(void)
{
	static const filter_support filters[] = {
		archive_read_support_filter_gzip, archive_read_support_filter_zstd,
		archive_read_support_filter_xz,   archive_read_support_filter_bzip2,
		archive_read_support_filter_lz4,
	};
	struct archive *archive = archive_read_new();

	if (!archive || archive_read_support_format_tar(archive) != ARCHIVE_OK)
		out_of_memory();
	/* A warning means that libarchive would start a program instead: not supported then. */
	for (size_t i = 0; i < ARRAY_SIZE(filters); i++)
		if (filters[i](archive) == ARCHIVE_FATAL)
			out_of_memory();
	return archive;
}

static enum compression compression_of(struct archive *archive)
{
	switch (archive_filter_code(archive, 0)) {
	case ARCHIVE_FILTER_GZIP:
		return COMPRESSION_GZIP;
	case ARCHIVE_FILTER_ZSTD:
		return COMPRESSION_ZSTD;
	case ARCHIVE_FILTER_XZ:
		return COMPRESSION_XZ;
	case ARCHIVE_FILTER_BZIP2:
		return COMPRESSION_BZIP2;
	case ARCHIVE_FILTER_LZ4:
		return COMPRESSION_LZ4;
	default:
		return COMPRESSION_NONE;
	}
}

static struct error *archive_problem(const struct tar *tar, enum error_kind kind)
{
	const char *message = archive_error_string(tar->archive);

	return error_at(error_new(kind, "%s", message ? message : "the archive cannot be read"),
			NO_ENTRY, (uint64_t)archive_filter_bytes(tar->archive, 0));
}

static void add_problem(const struct tar *tar, const struct member *member, struct error *error)
{
	struct source *source = tar->source;

	problems_add(&source->problems, member ? member_error(error, source, member)
					       : error_in_source(error, source->path));
}

static struct bytes entry_text(const char *exact, const char *utf8)
{
	return bytes_of(exact ? exact : utf8);
}

static enum member_type entry_type(struct archive_entry *entry)
{
	if (archive_entry_hardlink(entry))
		return MEMBER_HARDLINK;
	switch (archive_entry_filetype(entry)) {
	case AE_IFREG:
		return MEMBER_FILE;
	case AE_IFDIR:
		return MEMBER_DIRECTORY;
	case AE_IFLNK:
		return MEMBER_SYMLINK;
	default:
		return MEMBER_OTHER;
	}
}

static struct member *add_entry(struct tar *tar, struct archive_entry *entry)
{
	struct source *source = tar->source;
	struct member *member = source_add_member(
		source, entry_text(archive_entry_pathname(entry), archive_entry_pathname_utf8(entry)));

	if (!member)
		return NULL;
	member->type = entry_type(entry);
	member->mode = (uint32_t)archive_entry_perm(entry);
	member->uid = (uint32_t)archive_entry_uid(entry);
	member->gid = (uint32_t)archive_entry_gid(entry);
	member->mtime = archive_entry_mtime(entry);
	member->archive_offset = (uint64_t)archive_filter_bytes(tar->archive, 0);
	if (member->type == MEMBER_FILE)
		member->size = (uint64_t)archive_entry_size(entry);
	else if (member->type == MEMBER_SYMLINK)
		member->link = arena_copy(&source->arena, entry_text(archive_entry_symlink(entry),
								     archive_entry_symlink_utf8(entry)));
	else if (member->type == MEMBER_HARDLINK)
		member->link = arena_copy(&source->arena, entry_text(archive_entry_hardlink(entry),
								     archive_entry_hardlink_utf8(entry)));
	return member;
}

/* --- uncompressed: the data stays where it is --------------------------------------------- */

static void locate(struct tar *tar, struct member *member)
{
	uint64_t left = tar->feed.size > member->archive_offset
				? tar->feed.size - member->archive_offset
				: 0;
	struct piece *piece = arena_alloc(&tar->source->arena, sizeof(*piece));

	*piece = (struct piece){ .len = member->size < left ? member->size : left,
				 .archive_offset = member->archive_offset };
	member->pieces = piece;
	member->n_pieces = 1;
	if (piece->len == member->size)
		return;
	member->state = MEMBER_TRUNCATED;
	add_problem(tar, member,
		    error_new(ERROR_DAMAGED, "the archive ends inside it: %llu of %llu bytes",
			      (unsigned long long)piece->len, (unsigned long long)member->size));
}

/* --- compressed: what is wanted is kept while it passes ----------------------------------- */

/* The ranges wanted of one member, and the pieces that were kept of them so far. */
struct keep {
	const struct range *ranges;
	struct piece *pieces;
	size_t n;
	size_t next; /* ranges[next] is the first that is not complete */
};

static uint64_t range_total(const struct range *ranges, size_t n)
{
	uint64_t total = 0;

	for (size_t i = 0; i < n; i++)
		if (!size_add(total, ranges[i].len, &total))
			return UINT64_MAX;
	return total;
}

static void plan(struct tar *tar, struct member *member, struct bytes head, struct keep *ret)
{
	struct arena *arena = &tar->source->arena;
	struct range *whole = arena_zalloc(arena, sizeof(*whole));
	struct keep keep = { .ranges = whole, .n = 1 };
	enum capture_plan what = CAPTURE_NOTHING;

	if (tar->capture)
		what = tar->capture->plan(tar->capture->context, tar->source, member, head, arena,
					  &keep.ranges, &keep.n);
	if (what != CAPTURE_RANGES) {
		keep = (struct keep){ .ranges = whole, .n = 1 };
		whole->len = what == CAPTURE_ALL ? member->size : head.len;
	}
	if (range_total(keep.ranges, keep.n) > MAX_CAPTURED - tar->captured) {
		add_problem(tar, member,
			    error_new(ERROR_LIMIT, "not kept: the archive holds more than the limit of "
						   "%llu bytes to keep",
				      (unsigned long long)MAX_CAPTURED));
		keep.n = 0;
	}
	keep.pieces = arena_zalloc(arena, (keep.n + 1) * sizeof(*keep.pieces));
	*ret = keep;
}

/* Copies LEN bytes that belong at START of the member into the piece of range I. */
static void keep_part(struct tar *tar, struct keep *keep, size_t i, uint64_t start,
		      const uint8_t *data, size_t len)
{
	const struct range *range = &keep->ranges[i];
	struct piece *piece = &keep->pieces[i];
	uint8_t *memory = piece->memory;

	if (!memory) {
		memory = arena_zalloc(&tar->source->arena, (size_t)range->len + 1);
		*piece = (struct piece){ .start = range->start, .memory = memory };
		tar->captured += range->len;
	}
	memcpy(memory + (start - range->start), data, len);
	piece->len = start - range->start + len;
}

/* Keeps what of [start, start + len) the ranges ask for. */
static void keep_block(struct tar *tar, struct keep *keep, uint64_t start, const uint8_t *data,
		       size_t len)
{
	uint64_t end = start + len;

	for (; keep->next < keep->n; keep->next++) {
		const struct range *range = &keep->ranges[keep->next];
		uint64_t range_end = range->start + range->len;
		uint64_t from = range->start > start ? range->start : start;
		uint64_t to = range_end < end ? range_end : end;

		if (from < to)
			keep_part(tar, keep, keep->next, from, data + (from - start),
				  (size_t)(to - from));
		if (range_end > end)
			return;
	}
}

/* The pieces that hold something, in order. */
static void settle(struct member *member, struct keep *keep)
{
	size_t n = 0;

	for (size_t i = 0; i < keep->n; i++)
		if (keep->pieces[i].len)
			keep->pieces[n++] = keep->pieces[i];
	member->pieces = keep->pieces;
	member->n_pieces = n;
}

static int stream_member(struct tar *tar, struct member *member)
{
	struct keep keep = { 0 };
	la_int64_t start;
	const void *data;
	size_t len;
	int status;

	while ((status = archive_read_data_block(tar->archive, &data, &len, &start)) == ARCHIVE_OK) {
		if (!keep.pieces)
			plan(tar, member, bytes_first((struct bytes){ data, len }, CAPTURE_HEAD),
			     &keep);
		keep_block(tar, &keep, (uint64_t)start, data, len);
		if (keep.next == keep.n) {
			status = archive_read_data_skip(tar->archive);
			break;
		}
	}
	settle(member, &keep);
	if (status == ARCHIVE_OK || status == ARCHIVE_EOF)
		return ARCHIVE_OK;
	member->state = MEMBER_TRUNCATED;
	add_problem(tar, member, archive_problem(tar, ERROR_DAMAGED));
	return status;
}

/* --- the walk ----------------------------------------------------------------------------- */

/* False at the end or where nothing more can be read. */
static bool next_entry(struct tar *tar, struct archive_entry **ret)
{
	int status = archive_read_next_header(tar->archive, ret);

	if (status == ARCHIVE_WARN || status == ARCHIVE_OK)
		return true;
	if (status != ARCHIVE_EOF)
		add_problem(tar, NULL, archive_problem(tar, ERROR_DAMAGED));
	return false;
}

static bool take_entry(struct tar *tar, struct archive_entry *entry)
{
	struct member *member = add_entry(tar, entry);

	if (!member)
		return false;
	if (member->type != MEMBER_FILE)
		return true;
	if (tar->source->compression == COMPRESSION_NONE) {
		locate(tar, member);
		return true;
	}
	if ((uint64_t)archive_filter_bytes(tar->archive, 0) > MAX_INFLATED) {
		add_problem(tar, member,
			    error_new(ERROR_LIMIT, "the archive inflates to more than %llu bytes",
				      (unsigned long long)MAX_INFLATED));
		return false;
	}
	return stream_member(tar, member) == ARCHIVE_OK;
}

static struct error *walk(struct tar *tar)
{
	struct archive_entry *entry;
	int status;

	if (archive_read_open2(tar->archive, &tar->feed, NULL, feed_read, feed_skip, NULL) !=
	    ARCHIVE_OK)
		return archive_problem(tar, ERROR_UNREADABLE);
	status = archive_read_next_header(tar->archive, &entry);
	if (status != ARCHIVE_OK && status != ARCHIVE_WARN)
		return error_new(ERROR_UNREADABLE, "not a tar archive that can be read (%s)",
				 status == ARCHIVE_EOF ? "it is empty"
						       : archive_error_string(tar->archive));
	tar->source->compression = compression_of(tar->archive);
	if (tar->source->compression != COMPRESSION_NONE)
		tar->feed.step = STREAM_STEP;
	while (take_entry(tar, entry) && next_entry(tar, &entry))
		;
	return NULL;
}

struct error *index_tar(struct source *source, const struct capture *capture)
{
	struct tar tar = { .source = source, .capture = capture };
	locale_t pinned = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	locale_t before = pinned ? uselocale(pinned) : (locale_t)0;
	struct error *error;

	tar.feed = (struct feed){ .fd = source->fd, .size = source->size, .step = HEADER_STEP,
				  .buffer = malloc(STREAM_STEP) };
	if (!tar.feed.buffer)
		out_of_memory();
	tar.archive = new_reader();
	error = walk(&tar);
	archive_read_free(tar.archive);
	free(tar.feed.buffer);
	if (pinned) {
		uselocale(before);
		freelocale(pinned);
	}
	return error;
}
