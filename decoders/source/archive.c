/* The index of a tar archive, plain or compressed, and what is kept of a streamed one. */
#include <stdlib.h>

#include "decoders/base/size.h"
#include "decoders/source/digests.h"
#include "decoders/source/internal.h"
#include "decoders/source/keep.h"
#include "decoders/source/tar.h"

struct indexing {
	struct source *source;
	const struct capture *capture; /* the first pass asks it what to keep */
	const struct want *wants;      /* a second pass knows */
	size_t n_wants, next_want;
	bool again;                    /* this is a second pass: the members are there */
	struct tar_walk tar;
	uint64_t captured, names; /* bytes kept of members, and of their names */
};

typedef const char *(*entry_text_of)(struct archive_entry *);

/* As it is stored, else in UTF-8, which costs a conversion. */
static struct bytes entry_text(struct archive_entry *entry, entry_text_of exact, entry_text_of utf8)
{
	const char *text = exact(entry);

	return bytes_of(text ? text : utf8(entry));
}

/* The target of a link; a name longer than any is cut. */
static struct bytes link_target(struct indexing *indexing, struct archive_entry *entry, entry_text_of exact,
				entry_text_of utf8)
{
	struct bytes target = bytes_first(entry_text(entry, exact, utf8), MAX_NAME);

	indexing->names += target.len;
	return arena_copy(&indexing->source->arena, target);
}

static enum member_type entry_type(struct archive_entry *entry)
{
	return archive_entry_hardlink(entry) ? MEMBER_HARDLINK
					     : member_type_of(archive_entry_filetype(entry));
}

static struct member *add_entry(struct indexing *indexing, struct archive_entry *entry)
{
	struct source *source = indexing->source;
	struct member *member = source_add_member(
		source, entry_text(entry, archive_entry_pathname, archive_entry_pathname_utf8));

	if (!member)
		return NULL;
	if (member->state == MEMBER_OK)
		member->state = indexing->tar.found;
	member->type = entry_type(entry);
	member->mode = (uint32_t)archive_entry_perm(entry);
	member->uid = (uint32_t)archive_entry_uid(entry);
	member->gid = (uint32_t)archive_entry_gid(entry);
	member->mtime = archive_entry_mtime(entry);
	member->archive_offset = tar_at(&indexing->tar);
	if (member->type == MEMBER_FILE)
		member->size = (uint64_t)archive_entry_size(entry);
	else if (member->type == MEMBER_SYMLINK)
		member->link = link_target(indexing, entry, archive_entry_symlink, archive_entry_symlink_utf8);
	else if (member->type == MEMBER_HARDLINK)
		member->link = link_target(indexing, entry, archive_entry_hardlink, archive_entry_hardlink_utf8);
	return member;
}

/* --- uncompressed: the data stays where it is --------------------------------------------- */

/* Whether the headers of the entry say that it is sparse: its own type, or pax records. */
static bool is_sparse(struct indexing *indexing, const struct member *member)
{
	enum { WINDOW = 4096, OVERLAP = 16 };
	uint64_t start = indexing->tar.base +
			 (uint64_t)archive_read_header_position(indexing->tar.archive);
	uint8_t headers[WINDOW];

	for (uint64_t at = start; at < member->archive_offset; at += WINDOW - OVERLAP) {
		uint64_t left = member->archive_offset - at;
		size_t len = feed_again(&indexing->tar.feed, at, headers,
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
static void locate_sparse(struct indexing *indexing, struct member *member)
{
	VEC(struct piece) pieces = { 0 };
	la_int64_t start;
	const void *data;
	size_t len;
	int status;

	while ((status = archive_read_data_block(indexing->tar.archive, &data, &len, &start)) ==
	       ARCHIVE_OK)
		if (len)
			*vec_push(&indexing->source->arena, &pieces) = (struct piece){
				.start = (uint64_t)start,
				.len = len,
				.archive_offset = tar_at(&indexing->tar),
			};
	member->is_sparse = true;
	member->pieces = pieces.items;
	member->n_pieces = pieces.n;
	if (status == ARCHIVE_EOF)
		return;
	member->state = MEMBER_TRUNCATED;
	indexing->tar.is_cut = true;
	tar_problem(&indexing->tar, member, tar_error(&indexing->tar, ERROR_DAMAGED));
}

/* Small members are in the buffer with their headers: kept, they need not be read again. */
static bool is_small(struct indexing *indexing, const struct member *member)
{
	enum { SMALL = 8 << 10, ALL_SMALL = 64 << 20 };

	return member->size && member->size <= SMALL && indexing->captured < ALL_SMALL;
}

/* False where libarchive cannot give all of it; then it stays where it is. */
static bool keep_small(struct indexing *indexing, struct member *member)
{
	struct arena *arena = &indexing->source->arena;
	struct piece *piece = arena_alloc(arena, sizeof(*piece));
	size_t size = (size_t)member->size;

	*piece = (struct piece){ .len = size, .memory = arena_alloc(arena, size + 1) };
	if (archive_read_data(indexing->tar.archive, piece->memory, size) != (la_ssize_t)size)
		return false;
	indexing->captured += size;
	member->pieces = piece;
	member->n_pieces = 1;
	return true;
}

static void locate(struct indexing *indexing, struct member *member)
{
	uint64_t left = indexing->tar.feed.input.size > member->archive_offset
				? indexing->tar.feed.input.size - member->archive_offset
				: 0;
	struct piece *piece = arena_alloc(&indexing->source->arena, sizeof(*piece));

	*piece = (struct piece){ .len = member->size < left ? member->size : left,
				 .archive_offset = member->archive_offset };
	member->pieces = piece;
	member->n_pieces = 1;
	if (piece->len == member->size)
		return;
	member->state = MEMBER_TRUNCATED;
	indexing->tar.is_cut = true;
	tar_problem(&indexing->tar, member,
		    error_new(ERROR_DAMAGED, "the archive ends inside it: %llu of %llu bytes",
			      (unsigned long long)piece->len, (unsigned long long)member->size));
}

/* --- streamed: what is wanted is kept while it passes -------------------------------------- */

/* The ranges that a second pass wants of the member at the current position. */
static void wanted_ranges(struct indexing *indexing, const struct range **ret, size_t *ret_n)
{
	size_t first, n = 0;
	struct range *ranges;

	while (indexing->next_want < indexing->n_wants &&
	       indexing->wants[indexing->next_want].member < indexing->tar.position)
		indexing->next_want++;
	first = indexing->next_want;
	while (first + n < indexing->n_wants && indexing->wants[first + n].member == indexing->tar.position)
		n++;
	ranges = arena_alloc(&indexing->source->arena, (n + 1) * sizeof(*ranges));
	for (size_t i = 0; i < n; i++)
		ranges[i] = indexing->wants[first + i].range;
	*ret = ranges;
	*ret_n = n;
}

static void plan(struct indexing *indexing, struct member *member, struct bytes head, struct keep *ret)
{
	struct arena *arena = &indexing->source->arena;
	struct range *whole = arena_zalloc(arena, sizeof(*whole));
	const struct range *ranges = whole;
	enum capture_plan what = indexing->again ? CAPTURE_RANGES : CAPTURE_NOTHING;
	size_t n = 1;

	if (indexing->again)
		wanted_ranges(indexing, &ranges, &n);
	else if (indexing->capture)
		what = indexing->capture->plan(indexing->capture->context, indexing->source, member, head, arena,
					  &ranges, &n);
	if (what != CAPTURE_RANGES) {
		ranges = whole;
		n = 1;
		whole->len = what == CAPTURE_ALL ? member->size : head.len;
	}
	keep_init(arena, ranges, n, ret);
	if (keep_total(ret) > MAX_CAPTURED - indexing->captured) {
		tar_problem(&indexing->tar, member,
			    error_new(ERROR_LIMIT, "not kept: the archive holds more than the limit of "
						   "%llu bytes to keep",
				      (unsigned long long)MAX_CAPTURED));
		ret->n = 0;
	}
	indexing->captured += ret->n ? keep_total(ret) : 0;
}

static void add_limit_problem(struct indexing *indexing, struct member *member)
{
	tar_problem(&indexing->tar, member,
		    error_new(ERROR_LIMIT, "the archive inflates to more than %llu bytes; the rest of "
					   "it is left out",
			      (unsigned long long)feed_inflation_limit(&indexing->tar.feed)));
}

static void stream_member(struct indexing *indexing, struct member *member)
{
	struct archive *archive = indexing->tar.archive;
	struct keep keep = { 0 };
	la_int64_t start;
	const void *data;
	size_t len;
	int status;

	while ((status = archive_read_data_block(archive, &data, &len, &start)) == ARCHIVE_OK) {
		if (!keep.pieces)
			plan(indexing, member, bytes_first((struct bytes){ data, len }, CAPTURE_HEAD),
			     &keep);
		keep_block(&keep, (uint64_t)start, data, len);
		if (indexing->capture && indexing->capture->pass)
			indexing->capture->pass(indexing->capture->context, indexing->source, member,
						(uint64_t)start, (struct bytes){ data, len });
		if (tar_at(&indexing->tar) > feed_inflation_limit(&indexing->tar.feed))
			break;
	}
	if (!keep.pieces && member->size)
		plan(indexing, member, NO_BYTES, &keep); /* nothing but a hole */
	if (keep.pieces)
		keep_settle(&keep, member, status == ARCHIVE_EOF);
	if (status == ARCHIVE_EOF)
		return;
	member->state = MEMBER_TRUNCATED;
	indexing->tar.is_cut = true;
	if (status == ARCHIVE_OK)
		add_limit_problem(indexing, member);
	else
		tar_problem(&indexing->tar, member, tar_error(&indexing->tar, ERROR_DAMAGED));
}

/* --- a pass over all of it ------------------------------------------------------------------ */

/* The member of an entry: a new one, or in a second pass the one that is there. */
static struct member *member_of(struct indexing *indexing, struct archive_entry *entry)
{
	struct source *source = indexing->source;
	uint32_t position = indexing->tar.position;

	if (!indexing->again)
		return add_entry(indexing, entry);
	return position < source->members.n ? &source->members.items[position] : NULL;
}

/* Names and headers alone may be the bomb. */
static bool is_within_limits(struct indexing *indexing, struct archive_entry *entry)
{
	struct bytes name = entry_text(entry, archive_entry_pathname, archive_entry_pathname_utf8);
	uint64_t limit = feed_inflation_limit(&indexing->tar.feed);
	struct error *error = NULL;

	indexing->names += name.len;
	if (name.len > MAX_NAME || indexing->names > MAX_NAMES)
		error = error_new(ERROR_LIMIT, "names of members longer than the limit; the rest of "
					       "the archive is left out");
	else if (indexing->source->is_streamed && tar_at(&indexing->tar) > limit)
		error = error_new(ERROR_LIMIT, "the archive inflates to more than %llu bytes; the rest "
					       "of it is left out",
				  (unsigned long long)limit);
	if (error)
		tar_problem(&indexing->tar, NULL, error);
	return error == NULL;
}

static bool take_entry(struct indexing *indexing, struct archive_entry *entry)
{
	struct member *member = is_within_limits(indexing, entry) ? member_of(indexing, entry) : NULL;

	if (!member)
		return false;
	if (member->type != MEMBER_FILE)
		return true;
	if (indexing->source->is_streamed)
		stream_member(indexing, member);
	else if (is_sparse(indexing, member))
		locate_sparse(indexing, member);
	else if (!is_small(indexing, member) || !keep_small(indexing, member))
		locate(indexing, member);
	return true;
}

static struct error *pass(struct indexing *indexing)
{
	struct source *source = indexing->source;
	struct archive_entry *entry;
	struct error *error = tar_open(source, indexing->again, indexing->capture, &indexing->tar);

	if (error)
		return error;
	do
		error = tar_next(&indexing->tar, &entry);
	while (!error && entry && take_entry(indexing, entry));
	source->is_cut |= indexing->tar.is_cut;
	if (!error && indexing->capture && indexing->capture->stored)
		problems_add(&source->problems,
			     error_in_source(feed_drain(&indexing->tar.feed), source->path));
	if (source_is_pipe(source) && !source->outer)
		source->size = indexing->tar.feed.input.read;
	if (source->is_streamed)
		source->unpacked += indexing->tar.feed.pos;
	tar_close(&indexing->tar);
	return error;
}

/* Whoever wants to see all bytes of a file does not wait for any number of zeroes. */
static bool is_worth_seeing(struct source *source)
{
	if (source->outer || holes_of_file(source->fd) <= MOST_ZEROES)
		return true;
	problems_add(&source->problems,
		     error_in_source(error_new(ERROR_LIMIT, "not read as a whole, so no SHA-256: more than %llu bytes "
							    "of holes",
					       (unsigned long long)MOST_ZEROES),
				     source->path));
	return false;
}

struct error *index_tar(struct source *source, const struct capture *capture)
{
	struct capture members = capture ? *capture : (struct capture){ 0 };
	struct indexing indexing = { .source = source, .capture = capture };
	struct error *error = source->spool ? spool_archive(source) : NULL;

	if (members.stored && !is_worth_seeing(source)) {
		members.stored = NULL;
		indexing.capture = &members;
	}

	return error ? error : pass(&indexing);
}

/* --- what is wanted after all ---------------------------------------------------------------- */

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
	struct indexing indexing = { .source = source, .again = true };
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
	if (source_is_pipe(source))
		return error_in_source(error_new(ERROR_LIMIT, "a pipe cannot be read a second time for "
							      "what was not kept"),
				       source->path);
	qsort(missing, n_missing, sizeof(*missing), by_place);
	indexing.wants = missing;
	indexing.n_wants = join(missing, n_missing);
	return pass(&indexing);
}
