#include "inspect/export/carver.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "decoders/base/escape.h"
#include "decoders/model/rows.h"
#include "decoders/source/digests.h"
#include "inspect/export/directory.h"

/* --- manifests ------------------------------------------------------------------------------------------ */

struct error *carver_begin(struct carver *carver)
{
	static const char *const names[] = { "manifest.tsv", "parts.tsv" };
	struct out *const outs[] = { &carver->manifest, &carver->parts };

	carver->fd = -1;
	for (int i = 0; i < 2; i++) {
		int fd = directory_make_file(carver->directory, names[i]);

		if (fd < 0)
			return error_errno(ERROR_INTERNAL, "cannot make %s", names[i]);
		out_init(outs[i], fd);
	}
	out_text(&carver->manifest, "file\twhat\tpath\tpid\tfd\tsource\timage\toffset\taddress\tlength\t"
				    "sha256\tcomplete\tmissing\twhy\n");
	out_text(&carver->parts, "file\tstart\tlength\tsource\timage\toffset\n");
	return NULL;
}

static void put_number(struct out *out, uint64_t value, uint64_t absent)
{
	if (value == absent)
		out_char(out, '-');
	else
		out_u64(out, value);
	out_char(out, '\t');
}

static void put_text(struct out *out, struct bytes text)
{
	if (text.data)
		escape_text(out, text);
	else
		out_char(out, '-');
	out_char(out, '\t');
}

static void put_place(struct out *out, const struct content_place *place)
{
	put_text(out, bytes_of(place->source));
	put_text(out, place->image);
	if (place->offset == NO_OFFSET)
		out_char(out, '-');
	else
		out_hex(out, place->offset);
}

static void put_part(struct carver *carver, const struct carved_part *part)
{
	struct out *out = &carver->parts;

	put_text(out, bytes_of(carver->name));
	put_number(out, part->start, ABSENT_U64);
	put_number(out, part->len, ABSENT_U64);
	put_place(out, &part->place);
	out_char(out, '\n');
}

static uint64_t address_of(const struct content *content)
{
	for (size_t i = 0; i < content->n_owners; i++)
		if (content->owners[i].address != ABSENT_U64)
			return content->owners[i].address;
	return ABSENT_U64;
}

static void put_row(struct carver *carver, uint64_t missing, const char *why, const char *sha256)
{
	const struct content *content = &carver->content;
	const struct content_owner *owner = content->n_owners ? content->owners : NULL;
	struct out *out = &carver->manifest;

	put_text(out, bytes_of(carver->name));
	put_text(out, bytes_of(content->kind));
	put_text(out, content->path);
	put_number(out, owner ? owner->pid : ABSENT_U32, ABSENT_U32);
	put_number(out, owner ? owner->fd : ABSENT_U32, ABSENT_U32);
	put_place(out, &carver->first.place);
	out_char(out, '\t');
	if (address_of(content) == ABSENT_U64)
		out_char(out, '-');
	else
		out_hex(out, address_of(content));
	out_char(out, '\t');
	put_number(out, carver->at, ABSENT_U64);
	put_text(out, bytes_of(sha256));
	put_text(out, missing || why ? BYTES("no") : BYTES("yes"));
	put_number(out, missing, ABSENT_U64);
	out_text(out, why ? why : "-");
	out_char(out, '\n');
}

/* Whatever ends the program, files that are there have their rows. */
static void flush_manifests(struct carver *carver)
{
	(void)out_flush(&carver->parts); /* what failed is told in the end */
	(void)out_flush(&carver->manifest);
}

/* --- one file ----------------------------------------------------------------------------------------------- */

static struct error *about_file(const struct carver *carver, struct error *error)
{
	return error_in_image(error, bytes_of(carver->name));
}

static bool has_owner(const struct carver *carver, const struct content *content)
{
	for (size_t i = 0; i < content->n_owners; i++)
		for (size_t k = 0; k < carver->n_pids; k++)
			if (content->owners[i].pid == carver->pids[k])
				return true;
	return carver->n_pids == 0;
}

/* By kind and id; where evidence repeats itself, with a number behind it. */
static int make_named(struct carver *carver, const struct content *content)
{
	int fd;

	snprintf(carver->name, sizeof(carver->name), "%s-%s", content->kind, content->id);
	fd = directory_make_file(carver->directory, carver->name);
	if (fd >= 0 || errno != EEXIST)
		return fd;
	snprintf(carver->name, sizeof(carver->name), "%s-%s-again-%zu", content->kind, content->id,
		 carver->n_files);
	return directory_make_file(carver->directory, carver->name);
}

static bool begin(void *context, const struct content *content)
{
	struct carver *carver = context;

	if (carver->error || !has_owner(carver, content))
		return false;
	if (carver->n_files == CARVED_FILES || carver->written == carver->max_size) {
		carver->n_left_out++;
		return false;
	}
	unfinished_hold();
	carver->fd = make_named(carver, content);
	if (carver->fd >= 0)
		unfinished_begin(&carver->unfinished, carver->directory, carver->name);
	unfinished_let();
	if (carver->fd < 0) {
		carver->error = about_file(carver, error_errno(ERROR_INTERNAL, "cannot make the file"));
		return false;
	}
	carver->n_files++;
	carver->content = *content;
	carver->digest = digest_new();
	carver->at = 0;
	carver->n_parts = 0;
	carver->first = (struct carved_part){ .place = content->from };
	carver->stopped = NULL;
	return true;
}

static void give_up_digest(struct carver *carver)
{
	digest_free(carver->digest);
	carver->digest = NULL;
	problems_add(carver->problems,
		     about_file(carver, error_new(ERROR_LIMIT, "no SHA-256: more than %llu bytes of holes",
						  (unsigned long long)MOST_ZEROES)));
}

static void digest_hole(struct carver *carver, uint64_t len)
{
	if (!carver->digest)
		return;
	if (len > MOST_ZEROES - carver->zeroes) {
		give_up_digest(carver);
		return;
	}
	carver->zeroes += len;
	digest_add_zeroes(carver->digest, len);
}

static bool write_at(int fd, uint64_t start, struct bytes data)
{
	if (start > INT64_MAX || lseek(fd, (off_t)start, SEEK_SET) < 0)
		return false;
	while (data.len) {
		ssize_t n = write(fd, data.data, data.len);

		if (n < 0 && errno != EINTR)
			return false;
		data = bytes_from(data, n < 0 ? 0 : (size_t)n);
	}
	return true;
}

static bool is_next(const struct carved_part *part, uint64_t start, const struct content_place *place)
{
	return part->start + part->len == start && part->place.source == place->source &&
	       part->place.image.data == place->image.data && part->place.offset != NO_OFFSET &&
	       part->place.offset + part->len == place->offset;
}

/* What is one part whole has it in the manifest; of others each is listed. */
static void add_part(struct carver *carver, uint64_t start, size_t len, const struct content_place *place)
{
	if (carver->n_parts && is_next(&carver->part, start, place)) {
		carver->part.len += len;
		return;
	}
	if (carver->n_parts)
		put_part(carver, &carver->part);
	carver->part = (struct carved_part){ start, len, *place };
	if (carver->n_parts++ == 0)
		carver->first = carver->part;
}

/* What comes again, from runs that overlap, is passed over: the first counts. */
static bool pass_over(const struct carver *carver, uint64_t *start, struct bytes *data,
		      struct content_place *place)
{
	uint64_t again = *start < carver->at ? carver->at - *start : 0;

	if (again >= data->len)
		return false;
	*data = bytes_from(*data, (size_t)again);
	*start += again;
	place->offset += place->offset == NO_OFFSET ? 0 : again;
	return true;
}

static bool take(void *context, uint64_t start, struct bytes data, const struct content_place *from)
{
	struct carver *carver = context;
	uint64_t left = carver->max_size - carver->written;
	struct content_place place = *from;

	if (carver->stopped || carver->error)
		return false;
	if (!pass_over(carver, &start, &data, &place))
		return true;
	if (data.len > left) {
		data = bytes_first(data, (size_t)left);
		carver->stopped = "cut at --max-size";
		carver->n_left_out++;
	}
	if (!write_at(carver->fd, start, data)) {
		carver->error = about_file(carver, error_errno(ERROR_INTERNAL, "cannot write"));
		carver->stopped = "it could not be written";
		return false;
	}
	digest_hole(carver, start - carver->at);
	if (carver->digest)
		digest_add(carver->digest, data);
	add_part(carver, start, data.len, &place);
	carver->written += data.len;
	carver->at = start + data.len;
	return !carver->stopped;
}

/* The hole at the end. */
static void fill_up(struct carver *carver)
{
	uint64_t size = carver->content.size;

	if (carver->stopped || size <= carver->at)
		return;
	if (size > INT64_MAX || ftruncate(carver->fd, (off_t)size) < 0) {
		errno = size > INT64_MAX ? EFBIG : errno;
		problems_add(carver->problems,
			     about_file(carver, error_errno(ERROR_LIMIT, "no hole at its end, to %llu bytes",
							    (unsigned long long)size)));
		carver->stopped = "the hole at its end is missing";
		return;
	}
	digest_hole(carver, size - carver->at);
	carver->at = size;
}

static void end(void *context, uint64_t missing, const char *why)
{
	struct carver *carver = context;
	char sha256[DIGEST_TEXT + 1] = "";

	fill_up(carver);
	if (carver->stopped) {
		missing += carver->content.size > carver->at ? carver->content.size - carver->at : 0;
		why = carver->stopped;
	}
	if (carver->n_parts > 1 || (carver->n_parts && (carver->part.start || carver->part.len < carver->at)))
		put_part(carver, &carver->part);
	if (carver->digest)
		digest_end(carver->digest, sha256);
	put_row(carver, missing, why, *sha256 ? sha256 : NULL);
	if (close(carver->fd) < 0 && !carver->error)
		carver->error = about_file(carver, error_errno(ERROR_INTERNAL, "cannot write"));
	carver->fd = -1;
	flush_manifests(carver);
	unfinished_end(&carver->unfinished);
}

/* --- all of it -------------------------------------------------------------------------------------------------- */

struct content_sink carver_sink(struct carver *carver)
{
	return (struct content_sink){ .begin = begin, .take = take, .end = end, .context = carver };
}

static struct error *close_manifest(struct out *out, const char *name)
{
	struct error *error = NULL;

	if (!out_flush(out)) {
		errno = out->error;
		error = error_errno(ERROR_INTERNAL, "cannot write %s", name);
	}
	close(out->fd);
	out_deinit(out);
	return error;
}

struct error *carver_end(struct carver *carver)
{
	struct error *error = carver->error;
	struct error *manifest = close_manifest(&carver->manifest, "manifest.tsv");
	struct error *parts = close_manifest(&carver->parts, "parts.tsv");

	if (carver->n_left_out)
		problems_add(carver->problems,
			     error_new(ERROR_LIMIT, "%zu contents are left out or cut: the limits are %llu bytes "
						    "(--max-size) and %d files",
				       carver->n_left_out, (unsigned long long)carver->max_size, CARVED_FILES));
	if (!error)
		error = manifest;
	else
		error_free(manifest);
	if (!error)
		return parts;
	error_free(parts);
	return error;
}
