/*
 * The index of a tar archive, plain or compressed, read through libarchive.
 *
 * Names in pax headers are UTF-8; the character type is pinned so that they do not depend on the
 * user's locale.
 */
#include <archive_entry.h>
#include <locale.h>
#include <stdlib.h>
#include <unistd.h>

#include "decoders/base/size.h"
#include "decoders/source/feed.h"
#include "decoders/source/internal.h"
#include "decoders/source/keep.h"

struct tar {
	struct source *source;
	const struct capture *capture; /* the first pass asks it what to keep */
	const struct want *wants;      /* a second pass knows */
	size_t n_wants, next_want;
	bool again;                    /* this is a second pass: the members are there */
	uint32_t position;             /* of the next member */
	bool is_broken;                /* what follows cannot be read */
	struct archive *archive;
	struct feed feed;
	uint64_t captured, names; /* bytes kept of members, and of their names */
};

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

/* The target of a link; a name longer than any is cut. */
static struct bytes link_target(struct tar *tar, const char *exact, const char *utf8)
{
	struct bytes target = bytes_first(entry_text(exact, utf8), MAX_NAME);

	tar->names += target.len;
	return arena_copy(&tar->source->arena, target);
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
		member->link = link_target(tar, archive_entry_symlink(entry),
					   archive_entry_symlink_utf8(entry));
	else if (member->type == MEMBER_HARDLINK)
		member->link = link_target(tar, archive_entry_hardlink(entry),
					   archive_entry_hardlink_utf8(entry));
	return member;
}

/* --- uncompressed: the data stays where it is --------------------------------------------- */

/* Whether the headers of the entry say that it is sparse: its own type, or pax records. */
static bool is_sparse(const struct tar *tar, const struct member *member)
{
	enum { WINDOW = 4096, OVERLAP = 16 };
	uint64_t start = (uint64_t)archive_read_header_position(tar->archive);
	uint8_t headers[WINDOW];

	for (uint64_t at = start; at < member->archive_offset; at += WINDOW - OVERLAP) {
		uint64_t left = member->archive_offset - at;
		size_t len = feed_again(&tar->feed, at, headers,
					left < WINDOW ? (size_t)left : WINDOW);

		if (at == start && len >= 512 && headers[156] == 'S')
			return true;
		if (left > 512 && memmem(headers, len, "GNU.sparse", 10))
			return true;
		if (left <= WINDOW)
			break;
	}
	return false;
}

/* A sparse member's pieces are told by its map, which libarchive reads. */
static void locate_sparse(struct tar *tar, struct member *member)
{
	VEC(struct piece) pieces = { 0 };
	la_int64_t start;
	const void *data;
	size_t len;
	int status;

	while ((status = archive_read_data_block(tar->archive, &data, &len, &start)) == ARCHIVE_OK)
		if (len)
			*vec_push(&tar->source->arena, &pieces) = (struct piece){
				.start = (uint64_t)start,
				.len = len,
				.archive_offset = (uint64_t)archive_filter_bytes(tar->archive, 0),
			};
	member->is_sparse = true;
	member->pieces = pieces.items;
	member->n_pieces = pieces.n;
	if (status == ARCHIVE_EOF)
		return;
	member->state = MEMBER_TRUNCATED;
	add_problem(tar, member, archive_problem(tar, ERROR_DAMAGED));
}

/* Small members are in the buffer with their headers: kept, they need not be read again. */
static bool is_small(const struct tar *tar, const struct member *member)
{
	enum { SMALL = 8 << 10, ALL_SMALL = 64 << 20 };

	return member->size && member->size <= SMALL && tar->captured < ALL_SMALL;
}

/* False where libarchive cannot give all of it; then it stays where it is. */
static bool keep_small(struct tar *tar, struct member *member)
{
	struct arena *arena = &tar->source->arena;
	struct piece *piece = arena_alloc(arena, sizeof(*piece));
	size_t size = (size_t)member->size;

	*piece = (struct piece){ .len = size, .memory = arena_alloc(arena, size + 1) };
	if (archive_read_data(tar->archive, piece->memory, size) != (la_ssize_t)size)
		return false;
	tar->captured += size;
	member->pieces = piece;
	member->n_pieces = 1;
	return true;
}

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

/* --- streamed: what is wanted is kept while it passes -------------------------------------- */

/* The ranges that a second pass wants of the member at the current position. */
static void wanted_ranges(struct tar *tar, const struct range **ret, size_t *ret_n)
{
	size_t first, n = 0;
	struct range *ranges;

	while (tar->next_want < tar->n_wants && tar->wants[tar->next_want].member < tar->position)
		tar->next_want++;
	first = tar->next_want;
	while (first + n < tar->n_wants && tar->wants[first + n].member == tar->position)
		n++;
	ranges = arena_alloc(&tar->source->arena, (n + 1) * sizeof(*ranges));
	for (size_t i = 0; i < n; i++)
		ranges[i] = tar->wants[first + i].range;
	*ret = ranges;
	*ret_n = n;
}

static void plan(struct tar *tar, struct member *member, struct bytes head, struct keep *ret)
{
	struct arena *arena = &tar->source->arena;
	struct range *whole = arena_zalloc(arena, sizeof(*whole));
	const struct range *ranges = whole;
	enum capture_plan what = tar->again ? CAPTURE_RANGES : CAPTURE_NOTHING;
	size_t n = 1;

	if (tar->again)
		wanted_ranges(tar, &ranges, &n);
	else if (tar->capture)
		what = tar->capture->plan(tar->capture->context, tar->source, member, head, arena,
					  &ranges, &n);
	if (what != CAPTURE_RANGES) {
		ranges = whole;
		n = 1;
		whole->len = what == CAPTURE_ALL ? member->size : head.len;
	}
	keep_init(arena, ranges, n, ret);
	if (keep_total(ret) > MAX_CAPTURED - tar->captured) {
		add_problem(tar, member,
			    error_new(ERROR_LIMIT, "not kept: the archive holds more than the limit of "
						   "%llu bytes to keep",
				      (unsigned long long)MAX_CAPTURED));
		ret->n = 0;
	}
	tar->captured += ret->n ? keep_total(ret) : 0;
}

static void add_limit_problem(struct tar *tar, struct member *member)
{
	add_problem(tar, member,
		    error_new(ERROR_LIMIT, "the archive inflates to more than %llu bytes; the rest of "
					   "it is left out",
			      (unsigned long long)feed_inflation_limit(&tar->feed)));
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
		keep_block(&keep, (uint64_t)start, data, len);
		if ((uint64_t)archive_filter_bytes(tar->archive, 0) > feed_inflation_limit(&tar->feed))
			break;
	}
	if (!keep.pieces && member->size)
		plan(tar, member, NO_BYTES, &keep); /* nothing but a hole */
	if (keep.pieces)
		keep_settle(&keep, member, status == ARCHIVE_EOF);
	if (status == ARCHIVE_EOF)
		return ARCHIVE_OK;
	member->state = MEMBER_TRUNCATED;
	if (status == ARCHIVE_OK)
		add_limit_problem(tar, member);
	else
		add_problem(tar, member, archive_problem(tar, ERROR_DAMAGED));
	return ARCHIVE_FATAL;
}

/* --- the walk ----------------------------------------------------------------------------- */

/* False at the end or where nothing more can be read. */
static bool next_entry(struct tar *tar, struct archive_entry **ret)
{
	int status = archive_read_data_skip(tar->archive);

	if (status >= ARCHIVE_WARN)
		status = archive_read_next_header(tar->archive, ret);
	if (status == ARCHIVE_WARN || status == ARCHIVE_OK)
		return true;
	if (status != ARCHIVE_EOF) {
		tar->is_broken = true;
		add_problem(tar, NULL, archive_problem(tar, ERROR_DAMAGED));
	}
	return false;
}

/* The member of an entry: a new one, or in a second pass the one that is there. */
static struct member *member_of(struct tar *tar, struct archive_entry *entry)
{
	if (!tar->again)
		return add_entry(tar, entry);
	return tar->position < tar->source->members.n
		       ? &tar->source->members.items[tar->position]
		       : NULL;
}

/* Names and headers alone may be the bomb. */
static bool is_within_limits(struct tar *tar, struct archive_entry *entry)
{
	struct bytes name = entry_text(archive_entry_pathname(entry),
				       archive_entry_pathname_utf8(entry));
	struct error *error = NULL;

	tar->names += name.len;
	if (name.len > MAX_NAME || tar->names > MAX_NAMES)
		error = error_new(ERROR_LIMIT, "names of members longer than the limit; the rest of "
					       "the archive is left out");
	else if (tar->source->is_streamed &&
		 (uint64_t)archive_filter_bytes(tar->archive, 0) > feed_inflation_limit(&tar->feed))
		error = error_new(ERROR_LIMIT, "the archive inflates to more than %llu bytes; the rest "
					       "of it is left out",
				  (unsigned long long)feed_inflation_limit(&tar->feed));
	if (error)
		add_problem(tar, NULL, error);
	return error == NULL;
}

static bool take_entry(struct tar *tar, struct archive_entry *entry)
{
	struct member *member = is_within_limits(tar, entry) ? member_of(tar, entry) : NULL;
	bool go_on = member != NULL;

	if (member && member->type == MEMBER_FILE) {
		if (tar->source->is_streamed)
			go_on = stream_member(tar, member) == ARCHIVE_OK;
		else if (is_sparse(tar, member))
			locate_sparse(tar, member);
		else if (!is_small(tar, member) || !keep_small(tar, member))
			locate(tar, member);
	}
	tar->position++;
	tar->is_broken |= !go_on;
	return go_on;
}

/*
 * What stands behind the end of the archive: another one, the rest of a longer file that was written
 * over, or members behind a damaged header that looked like the end. Zeroes are padding.
 */
static void check_tail(struct tar *tar)
{
	uint64_t end = (uint64_t)archive_filter_bytes(tar->archive, 0), at;

	if (feed_has_tail(&tar->feed, end, &at))
		add_problem(tar, NULL,
			    error_at(error_new(ERROR_DAMAGED, "bytes behind the end of the archive are "
							      "not used"),
				     NO_ENTRY, at));
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
	while (take_entry(tar, entry) && next_entry(tar, &entry))
		;
	if (!tar->is_broken)
		check_tail(tar);
	return NULL;
}

static struct error *read_archive(struct tar *tar)
{
	struct source *source = tar->source;
	struct error *error;

	error = feed_open(source->fd, source->size, &tar->feed);
	if (error)
		return error;
	source->compression = tar->feed.compression;
	source->is_streamed = tar->feed.is_stream;
	tar->archive = archive_read_new();
	if (!tar->archive || archive_read_support_format_tar(tar->archive) != ARCHIVE_OK)
		out_of_memory();
	error = walk(tar);
	archive_read_free(tar->archive);
	if (tar->feed.is_pipe)
		source->size = tar->feed.read;
	feed_close(&tar->feed);
	return error;
}

/* One pass over the archive, with the character type pinned. */
static struct error *pass(struct tar *tar)
{
	locale_t pinned = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	locale_t before = pinned ? uselocale(pinned) : (locale_t)0;
	struct error *error = read_archive(tar);

	if (pinned) {
		uselocale(before);
		freelocale(pinned);
	}
	return error;
}

struct error *index_tar(struct source *source, const struct capture *capture)
{
	struct tar tar = { .source = source, .capture = capture };

	return pass(&tar);
}

/* Whether a range is among the pieces already, which come from earlier ranges whole. */
static bool is_kept(const struct member *member, struct range range)
{
	for (size_t i = 0; i < member->n_pieces; i++) {
		const struct piece *piece = &member->pieces[i];

		if (piece->start <= range.start && range.start - piece->start <= piece->len &&
		    range.len <= piece->len - (range.start - piece->start))
			return true;
	}
	return false;
}

static int by_place(const void *a, const void *b)
{
	const struct want *left = a, *right = b;

	if (left->member != right->member)
		return left->member < right->member ? -1 : 1;
	return (left->range.start > right->range.start) - (left->range.start < right->range.start);
}

/* Joins ranges of one member that touch or overlap; WANTS are sorted. */
static size_t join(struct want *wants, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		struct want next = wants[i], *last = kept ? &wants[kept - 1] : NULL;
		uint64_t end = next.range.start + next.range.len;

		if (!last || last->member != next.member ||
		    next.range.start > last->range.start + last->range.len)
			wants[kept++] = next;
		else if (end > last->range.start + last->range.len)
			last->range.len = end - last->range.start;
	}
	return kept;
}

struct error *source_keep(struct source *source, const struct want *wants, size_t n)
{
	struct tar tar = { .source = source, .again = true };
	struct want *missing;
	size_t n_missing = 0;

	if (!source->is_streamed)
		return NULL;
	missing = arena_alloc(&source->arena, (n + 1) * sizeof(*missing));
	for (size_t i = 0; i < n; i++)
		if (!is_kept(&source->members.items[wants[i].member], wants[i].range))
			missing[n_missing++] = wants[i];
	if (n_missing == 0)
		return NULL;
	if (lseek(source->fd, 0, SEEK_CUR) < 0)
		return error_in_source(error_new(ERROR_LIMIT, "a pipe cannot be read a second time for "
							      "what was not kept"),
				       source->path);
	qsort(missing, n_missing, sizeof(*missing), by_place);
	tar.wants = missing;
	tar.n_wants = join(missing, n_missing);
	return pass(&tar);
}
