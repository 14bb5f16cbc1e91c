/*
 * Images on their way from one layout to another (old_layout.h): read entry by entry, taken apart on
 * the wire, and written under whatever name and header the other layout has for them.
 */
#pragma once

#include "tests/support/wire.h" /* before what includes json-c */

#include "tests/interop/corpus.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "decoders/base/arena.h"
#include "decoders/base/cursor.h"
#include "decoders/image/kinds.h"

/* What is where it is in old dumps; all else stays as it is today. */
enum old_feature {
	OLD_HEADERS = 1 << 0,
	OLD_FILES = 1 << 1,
	OLD_WATCHES = 1 << 2,
	OLD_VMAS = 1 << 3,
	OLD_SIGACTIONS = 1 << 4,
	OLD_RLIMITS = 1 << 5,
	OLD_TIMERS = 1 << 6,
	OLD_SIGNALS = 1 << 7,
	OLD_CREDS = 1 << 8,
	OLD_SECCOMP = 1 << 9,
	OLD_IDS_IN_CORE = 1 << 10,
	OLD_IDS_TWICE = 1 << 11,
	OLD_FDINFO = 1 << 12,
	OLD_REMAPS = 1 << 13,
	OLD_PAGE_FLAGS = 1 << 14,
	OLD_PAGE_COUNTS = 1 << 15,
	OLD_SHM = 1 << 16,
	OLD_NAMESPACES = 1 << 17,
	OLD_FIELDS = 1 << 18,
	OLD_ALL = (1 << 19) - 1,
	NO_INVENTORY = 1 << 19, /* as of a dump that failed at its end */
};

/* What is going from one image directory to another. */
struct old_layout {
	const char *from, *to;
	unsigned features;
	struct arena arena;
	VEC(struct old_task) tasks;   /* of pstree.img */
	VEC(struct old_image *) images; /* that are being written */
	VEC(uint64_t) alike;          /* threads whose task has one seccomp filter for all */
	VEC(const char *) dropped;    /* names of images that are no more */
	bool has_inventory, big_endian;
	struct timespec mtime;        /* of the image that is being read */
	size_t n_moved;               /* fields, entries and headers that are not where they were */
};

struct old_task {
	uint32_t pid;
	struct bytes ids; /* the message of ids-PID.img; absent: it has none */
};

struct old_image {
	const char *name;
	struct out bytes;
	struct timespec mtime;
};

/* --- wire ------------------------------------------------------------------------------------- */

struct wire_field {
	uint32_t number;
	struct bytes whole, content; /* content: of length-delimited fields */
	uint64_t value;              /* of varints */
};

HELPER bool take_field(struct cursor *cursor, struct wire_field *ret)
{
	const uint8_t *start = cursor->pos;
	uint64_t key, len;

	*ret = (struct wire_field){ 0 };
	if (!cursor_varint(cursor, &key))
		return false;
	ret->number = (uint32_t)(key >> 3);
	switch (key & 7) {
	case 0:
		if (!cursor_varint(cursor, &ret->value))
			return false;
		break;
	case 2:
		if (!cursor_varint(cursor, &len) || !cursor_take(cursor, len, &ret->content))
			return false;
		break;
	default:
		if (!cursor_take(cursor, (key & 7) == 1 ? 8 : 4, &ret->content))
			return false;
	}
	ret->whole = (struct bytes){ start, (size_t)(cursor->pos - start) };
	return true;
}

#define EACH_FIELD(field, message)                                             \
	for (struct cursor field##_at = cursor_over(message, false);           \
	     field##_at.pos < field##_at.end && take_field(&field##_at, &field);)

#define FIELD(number) ((uint64_t)1 << (number))

/* The fields whose bits are not in WITHOUT, as they are. */
HELPER void put_without(struct out *out, struct bytes message, uint64_t without)
{
	struct wire_field field;

	EACH_FIELD(field, message)
		if (field.number >= 64 || !(without >> field.number & 1))
			out_bytes(out, field.whole);
}

/* The same for fields whose place is elsewhere in the old layout. */
HELPER void put_moving(struct old_layout *old, struct out *out, struct bytes message,
		       uint64_t moving)
{
	struct wire_field field;

	put_without(out, message, moving);
	EACH_FIELD(field, message)
		old->n_moved += field.number < 64 && (moving >> field.number & 1);
}

/* The last field of that number; its whole is absent where there is none. */
HELPER struct wire_field field_of(struct bytes message, uint32_t number)
{
	struct wire_field field, found = { 0 };

	EACH_FIELD(field, message)
		if (field.number == number)
			found = field;
	return found;
}

HELPER struct bytes message_of(struct bytes message, uint32_t number)
{
	return field_of(message, number).content;
}

/* --- files ------------------------------------------------------------------------------------ */

HELPER struct bytes old_read(struct old_layout *old, const char *name)
{
	int fd = open(make_text("%s/%s", old->from, name), O_RDONLY | O_CLOEXEC);
	struct stat st;
	uint8_t *data;

	if (fd < 0 || fstat(fd, &st) < 0) {
		if (fd >= 0)
			close(fd);
		return NO_BYTES;
	}
	data = arena_alloc(&old->arena, (size_t)st.st_size + 1);
	if (read(fd, data, (size_t)st.st_size) != st.st_size)
		fail_msg("cannot read %s/%s", old->from, name);
	close(fd);
	old->mtime = st.st_mtim;
	return (struct bytes){ data, (size_t)st.st_size };
}

HELPER void old_write(const char *path, struct bytes bytes, struct timespec mtime)
{
	const struct timespec times[2] = { mtime, mtime };

	write_file(path, bytes.data, bytes.len);
	utimensat(AT_FDCWD, path, times, 0);
}

/* The same file under the same name: a link where that can be. */
HELPER void old_keep(struct old_layout *old, const char *name)
{
	const char *from = make_text("%s/%s", old->from, name);
	const char *to = make_text("%s/%s", old->to, name);

	if (linkat(AT_FDCWD, from, AT_FDCWD, to, 0) < 0)
		old_write(to, old_read(old, name), old->mtime);
}

/* --- images ----------------------------------------------------------------------------------- */

/* One that is read. */
struct old_reading {
	const struct image_kind *kind;
	const char *name;
	uint64_t number; /* in its name */
	struct bytes bytes;
	struct cursor cursor;
};

HELPER bool old_open(struct old_layout *old, const char *name, struct old_reading *ret)
{
	struct bytes bytes = old_read(old, name);
	struct image_header header;

	if (!bytes.data ||
	    !image_recognise(bytes_first(bytes, IMAGE_HEADER_MAX), bytes_of(name), &header) ||
	    !header.kind || !header.kind->message)
		return false;
	*ret = (struct old_reading){ header.kind, name, 0, bytes,
				     cursor_over(bytes, header.big_endian) };
	image_name_fits(header.kind, bytes_of(name), &ret->number);
	ret->cursor.pos += header.len;
	old->big_endian = header.big_endian;
	return true;
}

HELPER bool old_next(struct old_reading *reading, struct bytes *ret)
{
	uint32_t size;

	return cursor_u32(&reading->cursor, &size) && cursor_take(&reading->cursor, size, ret);
}

/* The message of an image of one entry; absent where there is none. */
HELPER struct bytes old_only(struct old_layout *old, const char *name)
{
	struct old_reading reading;
	struct bytes payload;

	return old_open(old, name, &reading) && old_next(&reading, &payload) ? payload : NO_BYTES;
}

HELPER const char *old_name(const struct image_kind *kind, uint64_t number)
{
	const char *percent = strchr(kind->pattern, '%');

	if (!percent)
		return kind->pattern;
	return make_text(percent[1] == 'x' ? "%.*s%" PRIx64 "%s" : "%.*s%" PRIu64 "%s",
			 (int)(percent - kind->pattern), kind->pattern, number, percent + 2);
}

HELPER void put_header(const struct old_layout *old, const struct image_kind *kind,
		       struct out *image)
{
	bool is_bare = kind->first == FIRST_NONE || (old->features & OLD_HEADERS);

	if (!is_bare)
		put_u32(image, kind->first == FIRST_SERVICE ? MAGIC_SERVICE : MAGIC_COMMON,
			old->big_endian);
	put_u32(image, kind->magic, old->big_endian);
}

/* The image of that name, begun where it is new. */
HELPER struct out *old_image_named(struct old_layout *old, const struct image_kind *kind,
				   const char *name)
{
	struct old_image *image;

	for (size_t i = 0; i < old->images.n; i++)
		if (!strcmp(old->images.items[i]->name, name))
			return &old->images.items[i]->bytes;
	image = arena_alloc(&old->arena, sizeof(*image));
	*vec_push(&old->arena, &old->images) = image;
	*image = (struct old_image){ .name = name, .mtime = old->mtime };
	out_init(&image->bytes, -1);
	put_header(old, kind, &image->bytes);
	old->n_moved += (old->features & OLD_HEADERS) && kind->first != FIRST_NONE;
	return &image->bytes;
}

HELPER struct out *old_image(struct old_layout *old, const char *kind_name, uint64_t number)
{
	const struct image_kind *kind = image_kind_named(kind_name);

	if (!kind)
		fail_msg("there is no kind %s", kind_name);
	return old_image_named(old, kind, old_name(kind, number));
}

HELPER void old_put(const struct old_layout *old, struct out *image, struct bytes payload)
{
	put_u32(image, (uint32_t)payload.len, old->big_endian);
	out_bytes(image, payload);
}

/* Every field of that number, as an entry of an image. */
HELPER void old_put_each(struct old_layout *old, const char *kind, uint64_t number,
			 struct bytes message, uint32_t of)
{
	struct out *image = old_image(old, kind, number);
	struct wire_field field;

	EACH_FIELD(field, message)
		if (field.number == of)
			old_put(old, image, field.content);
}

/* --- tasks ------------------------------------------------------------------------------------ */

HELPER const struct old_task *old_task(const struct old_layout *old, uint64_t pid)
{
	for (size_t i = 0; i < old->tasks.n; i++)
		if (old->tasks.items[i].pid == pid)
			return &old->tasks.items[i];
	return NULL;
}

/* The seccomp mode and filter of a thread, in wire form. */
HELPER struct bytes old_seccomp_of(struct old_layout *old, uint64_t tid)
{
	struct bytes core = old_only(old, make_text("core-%" PRIu64 ".img", tid));
	struct bytes thread = message_of(core, 5);
	struct out out;
	struct bytes copy;

	out_init(&out, -1);
	put_without(&out, thread, ~(FIELD(11) | FIELD(12)));
	copy = arena_copy(&old->arena, out_held(&out));
	out_deinit(&out);
	return copy;
}

HELPER bool old_is_alike(const struct old_layout *old, uint64_t tid)
{
	for (size_t i = 0; i < old->alike.n; i++)
		if (old->alike.items[i] == tid)
			return true;
	return false;
}

/* Old dumps have one seccomp filter a task: only a task of which that is true can be theirs. */
HELPER void old_compare_threads(struct old_layout *old, struct bytes task)
{
	struct bytes leaders = old_seccomp_of(old, field_of(task, 1).value);
	struct wire_field field;

	EACH_FIELD(field, task)
		if (field.number == 5 &&
		    !bytes_equal(leaders, old_seccomp_of(old, field.value)))
			return;
	EACH_FIELD(field, task)
		if (field.number == 5)
			*vec_push(&old->arena, &old->alike) = field.value;
}

HELPER void old_read_tasks(struct old_layout *old)
{
	struct old_reading reading;
	struct bytes payload;

	if (!old_open(old, "pstree.img", &reading))
		return;
	while (old_next(&reading, &payload)) {
		uint32_t pid = (uint32_t)field_of(payload, 1).value;
		struct bytes ids = old_only(old, make_text("ids-%u.img", pid));

		*vec_push(&old->arena, &old->tasks) = (struct old_task){ pid, ids };
		old_compare_threads(old, payload);
	}
}
