/* The bytes of members: out of files beneath a directory, pieces of an archive, or memory. */
#include "decoders/source/source.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "decoders/base/size.h"
#include "decoders/source/digests.h"
#include "decoders/source/internal.h"

ssize_t read_fully(int fd, void *buffer, size_t len, uint64_t offset)
{
	size_t done = 0;

	while (done < len) {
		ssize_t n = pread(fd, (char *)buffer + done, len - done, (off_t)(offset + done));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		done += (size_t)n;
	}
	return (ssize_t)done;
}

/* A file below a directory, with no symbolic link followed on the way. */
static int open_beneath(int directory, const char *name)
{
	struct open_how how = {
		.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
	};
	long fd = syscall(SYS_openat2, directory, name, &how, sizeof(how));

	if (fd < 0 && (errno == ENOSYS || errno == EPERM))
		return openat(directory, name, (int)how.flags);
	return (int)fd;
}

/* The descriptor of a directory's file; the last one stays open. */
static struct error *member_fd(struct open_file *last, const struct source *source,
			       const struct member *member, int *ret)
{
	uint32_t index = source_index(source, member);
	struct stat st;
	int fd;

	if (last->fd >= 0 && last->directory == source->fd && last->member == index) {
		*ret = last->fd;
		return NULL;
	}
	fd = open_beneath(source->fd, (const char *)member->name.data);
	if (fd < 0)
		return member_error(error_errno(ERROR_DAMAGED, "cannot open"), source, member);
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		close(fd);
		return member_error(error_new(ERROR_DAMAGED, "not a regular file"), source, member);
	}
	if (last->fd >= 0)
		close(last->fd);
	*last = (struct open_file){ source->fd, index, fd };
	*ret = fd;
	return NULL;
}

/* How much of LEN bytes at OFFSET of a file is hole; not every file system knows. */
static uint64_t hole_of_file(int fd, uint64_t offset, uint64_t len)
{
	struct stat st;
	off_t data = offset > INT64_MAX ? -1 : lseek(fd, (off_t)offset, SEEK_DATA);

	if (data < 0 && errno == ENXIO && fstat(fd, &st) == 0)
		data = st.st_size;
	if (data < 0 || (uint64_t)data <= offset)
		return 0;
	return (uint64_t)data - offset < len ? (uint64_t)data - offset : len;
}

uint64_t holes_of_file(int fd)
{
	uint64_t at = 0, sum = 0;
	struct stat st;

	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_blocks * 512 + (off_t)MOST_ZEROES >= st.st_size)
		return 0;
	while (at < (uint64_t)st.st_size) {
		uint64_t hole = hole_of_file(fd, at, UINT64_MAX);
		off_t next = hole ? (off_t)(at + hole) : lseek(fd, (off_t)at, SEEK_HOLE);

		sum += hole;
		if (next < 0 || (uint64_t)next <= at)
			break;
		at = (uint64_t)next;
	}
	return sum;
}

static struct error *short_read(const struct source *source, const struct member *member,
				ssize_t got, uint64_t offset, size_t len)
{
	struct error *error;

	if (got < 0)
		error = error_errno(ERROR_DAMAGED, "cannot read %zu bytes", len);
	else
		error = error_new(ERROR_DAMAGED, "%zu bytes wanted, %zd there", len, got);
	return member_error(error_at(error, NO_ENTRY, offset), source, member);
}

static struct error *read_from_file(struct open_file *last, const struct source *source,
				    const struct member *member, uint64_t offset, void *buffer,
				    size_t len)
{
	struct error *error;
	ssize_t got;
	int fd = -1;

	error = member_fd(last, source, member, &fd);
	if (error)
		return error;
	got = read_fully(fd, buffer, len, offset);
	return got == (ssize_t)len ? NULL : short_read(source, member, got, offset, len);
}

static const struct piece *piece_at(const struct member *member, uint64_t offset)
{
	size_t low = 0, high = member->n_pieces;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct piece *piece = &member->pieces[middle];

		if (offset < piece->start)
			high = middle;
		else if (offset - piece->start >= piece->len)
			low = middle + 1;
		else
			return piece;
	}
	return NULL;
}

/* How much of LEN bytes at OFFSET, where no piece is, is hole. */
static uint64_t hole_at(const struct member *member, uint64_t offset, uint64_t len)
{
	size_t low = 0, high = member->n_pieces;
	uint64_t end;

	while (low < high) { /* the first piece behind OFFSET */
		size_t middle = low + (high - low) / 2;

		if (member->pieces[middle].start > offset)
			high = middle;
		else
			low = middle + 1;
	}
	end = low < member->n_pieces ? member->pieces[low].start : member->size;
	if (end > member->size)
		end = member->size;
	return end - offset < len ? end - offset : len;
}

static struct error *read_piece(struct open_file *last, struct source *source,
				const struct member *member, const struct piece *piece,
				uint64_t offset, void *buffer, size_t len)
{
	uint64_t within = offset - piece->start;
	ssize_t got;

	if (piece->memory) {
		memcpy(buffer, piece->memory + within, len);
		return NULL;
	}
	if (source->is_spooled) {
		got = read_fully(source->spool->fd, buffer, len,
				 source->spool_start + piece->archive_offset + within);
		return got == (ssize_t)len ? NULL : short_read(source, member, got, offset, len);
	}
	if (source->outer)
		return source_read_with(last, source->outer,
					&source->outer->members.items[source->outer_member],
					piece->archive_offset + within, buffer, len);
	got = read_fully(source->fd, buffer, len, piece->archive_offset + within);
	return got == (ssize_t)len ? NULL : short_read(source, member, got, offset, len);
}

struct error *source_read_with(struct open_file *last, struct source *source,
			       const struct member *member, uint64_t offset, void *buffer, size_t len)
{
	if (source->is_directory)
		return read_from_file(last, source, member, offset, buffer, len);
	while (len) {
		const struct piece *piece = piece_at(member, offset);
		struct error *error;
		size_t part;

		if (!piece && member->is_sparse && offset < member->size) {
			part = (size_t)hole_at(member, offset, len);
			memset(buffer, 0, part);
			buffer = (char *)buffer + part;
			offset += part;
			len -= part;
			continue;
		}
		if (!piece && (offset >= member->size || !source->is_streamed)) /* else it is cut */
			return short_read(source, member, 0, offset, len);
		if (!piece)
			return member_error(error_at(error_new(ERROR_LIMIT,
							       "not kept while the archive streamed past"),
						     NO_ENTRY, offset),
					    source, member);
		part = piece->len - (offset - piece->start) < len
			       ? (size_t)(piece->len - (offset - piece->start))
			       : len;
		error = read_piece(last, source, member, piece, offset, buffer, part);
		if (error)
			return error;
		buffer = (char *)buffer + part;
		offset += part;
		len -= part;
	}
	return NULL;
}

struct error *source_read(struct source *source, const struct member *member, uint64_t offset,
			  void *buffer, size_t len)
{
	return source_read_with(&source->last, source, member, offset, buffer, len);
}

static uint64_t hole_in_directory(struct open_file *last, const struct source *source,
				  const struct member *member, uint64_t offset, uint64_t len)
{
	int fd = -1;
	struct error *error = member_fd(last, source, member, &fd);

	error_free(error); /* whoever reads it says so */
	return error ? 0 : hole_of_file(fd, offset, len);
}

/* A spool is written to by its position, which seeking would move. */
uint64_t source_hole(struct open_file *last, struct source *source, const struct member *member,
		     uint64_t offset, uint64_t len)
{
	const struct piece *piece;

	if (source->is_directory)
		return hole_in_directory(last, source, member, offset, len);
	piece = piece_at(member, offset);
	if (!piece)
		return member->is_sparse && offset < member->size ? hole_at(member, offset, len) : 0;
	if (piece->memory || source->is_spooled)
		return 0;
	offset -= piece->start;
	len = piece->len - offset < len ? piece->len - offset : len;
	if (source->outer)
		return source_hole(last, source->outer, &source->outer->members.items[source->outer_member],
				   piece->archive_offset + offset, len);
	return hole_of_file(source->fd, piece->archive_offset + offset, len);
}

uint64_t member_readable(const struct source *source, const struct member *member)
{
	uint64_t end = 0;

	if (source->is_directory || (member->is_sparse && member->state != MEMBER_TRUNCATED))
		return member->size;
	if (member->is_sparse && member->n_pieces)
		return member->pieces[member->n_pieces - 1].start + member->pieces[member->n_pieces - 1].len;
	for (size_t i = 0; i < member->n_pieces && member->pieces[i].start == end; i++)
		end += member->pieces[i].len;
	return end;
}

/*
 * Images are no place for holes, yet copying may leave some. They count once, however often an image is loaded;
 * where they are too many it ends before the one that is, and *LEN is where.
 */
static struct error *load_to(struct source *source, const struct member *member, uint8_t *data, size_t *len)
{
	enum { WINDOW = 256 << 10 };
	struct member *own = &source->members.items[source_index(source, member)];
	uint64_t holes = 0, part;

	for (size_t at = 0; at < *len; at += (size_t)part) {
		struct error *error;

		part = source_hole(&source->last, source, member, at, *len - at);
		if (part) {
			holes += part;
			if (!own->has_been_loaded && holes > MAX_LOADED - source->loaded_holes) {
				*len = at;
				return NULL;
			}
			memset(data + at, 0, (size_t)part);
			continue;
		}
		part = *len - at < WINDOW ? *len - at : WINDOW;
		error = source_read(source, member, at, data + at, (size_t)part);
		if (error)
			return error;
	}
	source->loaded_holes += own->has_been_loaded ? 0 : holes;
	own->has_been_loaded = true;
	return NULL;
}

struct error *source_load(struct source *source, const struct member *member, uint64_t limit,
			  struct arena *arena, struct bytes *ret)
{
	uint64_t size = member_readable(source, member), whole = member->size;
	struct error *error;
	uint8_t *data;
	size_t len;

	if (member->type != MEMBER_FILE)
		return member_error(error_new(ERROR_DAMAGED, "not a regular file"), source, member);
	if (size > limit)
		size = limit;
	if (size == member->size && member->n_pieces == 1 && member->pieces[0].memory) {
		*ret = (struct bytes){ member->pieces[0].memory, (size_t)size };
		return NULL;
	}
	data = arena_try_alloc(arena, (size_t)size + 1);
	if (!data)
		return member_error(error_new(ERROR_LIMIT, "no memory for its %llu bytes",
					      (unsigned long long)size),
				    source, member);
	len = (size_t)size;
	error = load_to(source, member, data, &len);
	if (error)
		return error;
	*ret = (struct bytes){ data, len };
	if (len < size)
		return member_error(error_at(error_new(ERROR_LIMIT, "not read from here on: more than %llu bytes of "
								    "holes in images",
						       (unsigned long long)MAX_LOADED),
					     NO_ENTRY, len),
				    source, member);
	if (size == whole)
		return NULL;
	if (source->is_streamed && member->state == MEMBER_OK && size < limit)
		return member_error(error_new(ERROR_LIMIT, "only the first %llu of %llu bytes were kept "
							   "while the archive streamed past",
					      (unsigned long long)size, (unsigned long long)whole),
				    source, member);
	if (size == limit)
		return member_error(error_new(ERROR_LIMIT, "%llu bytes, more than the limit of %llu",
					      (unsigned long long)whole, (unsigned long long)limit),
				    source, member);
	return member_error(error_at(error_new(ERROR_DAMAGED, "%llu bytes expected, %llu there",
					       (unsigned long long)whole, (unsigned long long)size),
				     NO_ENTRY, size),
			    source, member);
}

size_t source_head(struct source *source, const struct member *member, uint8_t *buffer, size_t len)
{
	uint64_t size = member_readable(source, member);
	struct error *error;

	if (member->type != MEMBER_FILE)
		return 0;
	if (len > size)
		len = (size_t)size;
	error = source_read(source, member, 0, buffer, len);
	error_free(error);
	return error ? 0 : len;
}

bool source_is_archive(struct source *source, const struct member *member)
{
	static const struct bytes magics[] = {
		BYTES("\x1f\x8b"), BYTES("\x28\xb5\x2f\xfd"), BYTES("\xfd" "7zXZ"), BYTES("BZh"),
		BYTES("\x04\x22\x4d\x18"),
	};
	uint8_t bytes[512];
	struct bytes head = { bytes, source_head(source, member, bytes, sizeof(bytes)) };

	for (size_t i = 0; i < ARRAY_SIZE(magics); i++)
		if (bytes_start_with(head, magics[i]))
			return true;
	return head.len == sizeof(bytes) && !memcmp(bytes + 257, "ustar", 5);
}
