#include "decoders/source/tar.h"

#include "decoders/base/size.h"
#include "decoders/source/internal.h"
#include "decoders/source/salvage.h"

enum { MOST_RESTARTS = 10000 };
#define LONGEST_TAIL ((uint64_t)64 << 20)   /* looked at behind the end */
#define LONGEST_DAMAGE ((uint64_t)16 << 30) /* looked at behind damage */

uint64_t tar_at(const struct tar_walk *tar)
{
	return tar->base + (uint64_t)archive_filter_bytes(tar->archive, 0);
}

struct error *tar_error(const struct tar_walk *tar, enum error_kind kind)
{
	const char *message = archive_error_string(tar->archive);

	return error_at(error_new(kind, "%s", message ? message : "the archive cannot be read"),
			NO_ENTRY, tar_at(tar));
}

/* Whether it is about what was not inflated: that the archive ends there would not be true. */
static bool is_left_out(const struct tar_walk *tar, const struct member *member)
{
	uint64_t end = member ? member->archive_offset + member->size : tar_at(tar) + TAR_BLOCK;

	return tar->source->lacks_rest && end > tar->source->spool_size;
}

void tar_problem(const struct tar_walk *tar, const struct member *member, struct error *error)
{
	struct source *source = tar->source;

	if (tar->is_quiet || is_left_out(tar, member))
		error_free(error);
	else
		problems_add(&source->problems, member ? member_error(error, source, member)
						       : error_in_source(error, source->path));
}

/* libarchive, from where the feed stands. */
static bool start_archive(struct tar_walk *tar)
{
	archive_read_free(tar->archive);
	tar->base = tar->feed.pos;
	tar->archive = archive_read_new();
	if (!tar->archive || archive_read_support_format_tar(tar->archive) != ARCHIVE_OK)
		out_of_memory();
	return archive_read_open2(tar->archive, &tar->feed, NULL, feed_read, feed_skip, NULL) ==
	       ARCHIVE_OK;
}

/*
 * Names in pax headers are UTF-8; the character type is pinned so that they do not depend on the
 * user's locale.
 */
struct error *tar_open(struct source *source, bool is_quiet, const struct capture *capture,
		       struct tar_walk *ret)
{
	struct error *error;

	*ret = (struct tar_walk){ .source = source, .is_quiet = is_quiet };
	error = feed_open(source, capture, &ret->feed);
	if (error)
		return error;
	if (!source->is_spooled)
		source->compression = ret->feed.compression;
	source->is_streamed = ret->feed.is_stream;
	ret->pinned = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	if (ret->pinned)
		ret->before = uselocale(ret->pinned);
	return NULL;
}

void tar_close(struct tar_walk *tar)
{
	if (tar->pinned) {
		uselocale(tar->before);
		freelocale(tar->pinned);
	}
	archive_read_free(tar->archive);
	feed_close(&tar->feed);
	*tar = (struct tar_walk){ 0 };
}

/* --- behind damage and behind the end ------------------------------------------------------------ */

static void report(struct tar_walk *tar, const struct found_header *found)
{
	bool behind_end = tar->found == MEMBER_TRAILING;
	uint64_t at = found->has_header ? found->header : found->content;
	const char *what = !found->has_header
				   ? "bytes behind the end of the archive are not used"
			   : behind_end ? "members behind the end of the archive are listed, and not used"
					: "reading goes on behind the damage at the next header";

	if (found->has_header || (behind_end && found->has_content))
		tar_problem(tar, NULL,
			    error_at(error_damage(error_new(ERROR_DAMAGED, "%s", what),
						  behind_end ? DAMAGE_TRAILING : DAMAGE_OTHER),
				     NO_ENTRY, at));
	if (found->is_damaged && behind_end)
		tar_problem(tar, NULL,
			    error_new(ERROR_DAMAGED,
				      "the end of the compressed stream is damaged, what was read may be wrong: %s",
				      feed_trouble(&tar->feed)));
	if (found->is_cut_short && !behind_end)
		tar_problem(tar, NULL,
			    error_new(ERROR_LIMIT, "no header in the %llu bytes behind the damage; the "
						   "rest was not searched",
				      (unsigned long long)LONGEST_DAMAGE));
}

/* Where a header may stand again: at a multiple of 512 from where libarchive began, and further on. */
static uint64_t next_block_of(const struct tar_walk *tar, uint64_t before)
{
	uint64_t at = tar_at(tar);
	uint64_t distance = (at > before ? at : before + TAR_BLOCK) - tar->base;

	return tar->base + (distance + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK;
}

/* Goes on at the next header; false where there is none. */
static bool restart(struct tar_walk *tar, uint64_t start)
{
	bool behind_end = tar->found == MEMBER_TRAILING;
	struct found_header found;

	salvage_header(&tar->feed, start, behind_end ? LONGEST_TAIL : LONGEST_DAMAGE, &found);
	report(tar, &found);
	if (!found.has_header)
		return false;
	if (++tar->restarts < MOST_RESTARTS)
		return start_archive(tar);
	tar_problem(tar, NULL, error_new(ERROR_LIMIT, "damaged in more than %d places; the rest is left out",
					 MOST_RESTARTS));
	return false;
}

/* What is stored behind the compressed data belongs to no archive. */
static void report_rest(struct tar_walk *tar)
{
	uint64_t at;

	if (feed_has_rest(&tar->feed, LONGEST_TAIL, &at))
		tar_problem(tar, NULL,
			    error_damage(error_new(ERROR_DAMAGED, "bytes behind the end of what is compressed "
								  "are not used, from byte %llu of the file on",
						   (unsigned long long)at),
					 DAMAGE_TRAILING));
}

/* The end is two blocks of zeroes. A single one may be where a header was lost. */
static void note_end(struct tar_walk *tar, uint64_t before)
{
	uint64_t marker = tar_at(tar) - before;

	if (marker >= 2 * TAR_BLOCK)
		tar->found = MEMBER_TRAILING;
	else if (tar->found == MEMBER_OK)
		tar->found = MEMBER_SALVAGED;
	if (marker < 2 * TAR_BLOCK)
		tar_problem(tar, NULL,
			    error_at(error_new(ERROR_DAMAGED, "the archive has no end marker here; it may "
							      "be cut, or a header is lost"),
				     NO_ENTRY, before));
}

/* --- the walk --------------------------------------------------------------------------------------- */

static bool can_go_on(int status)
{
	return status == ARCHIVE_OK || status == ARCHIVE_WARN;
}

static struct error *first_entry(struct tar_walk *tar, struct archive_entry **ret)
{
	int status;

	tar->has_begun = true;
	if (!start_archive(tar))
		return tar_error(tar, ERROR_UNREADABLE);
	status = archive_read_next_header(tar->archive, ret);
	tar->is_at_entry = true;
	if (can_go_on(status))
		return NULL;
	*ret = NULL;
	return error_new(ERROR_UNREADABLE, "not a tar archive that can be read (%s)",
			 status == ARCHIVE_EOF ? "it is empty" : archive_error_string(tar->archive));
}

/*
 * Leaves the entry. Where its data is cut short nothing follows: what looks like a header in there is
 * data.
 */
static bool leave_entry(struct tar_walk *tar)
{
	int status = ARCHIVE_OK;

	if (tar->is_cut)
		return false;
	if (tar->is_at_entry)
		status = archive_read_data_skip(tar->archive);
	tar->is_at_entry = false;
	if (!can_go_on(status))
		tar_problem(tar, NULL, tar_error(tar, ERROR_DAMAGED));
	return can_go_on(status);
}

/* The header where the walk stands; without one, on behind damage or the end. */
static bool find_entry(struct tar_walk *tar, struct archive_entry **ret)
{
	for (;;) {
		uint64_t before = tar_at(tar);
		int status = archive_read_next_header(tar->archive, ret);

		if (can_go_on(status))
			return true;
		if (status == ARCHIVE_EOF) {
			note_end(tar, before);
		} else {
			tar_problem(tar, NULL, tar_error(tar, ERROR_DAMAGED));
			if (tar->found == MEMBER_OK)
				tar->found = MEMBER_SALVAGED;
		}
		if (!restart(tar, next_block_of(tar, before))) {
			report_rest(tar);
			return false;
		}
	}
}

struct error *tar_next(struct tar_walk *tar, struct archive_entry **ret)
{
	*ret = NULL;
	if (!tar->has_begun)
		return first_entry(tar, ret);
	tar->position++;
	if (leave_entry(tar))
		tar->is_at_entry = find_entry(tar, ret);
	if (!tar->is_at_entry)
		*ret = NULL;
	return NULL;
}
