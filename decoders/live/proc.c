#include "decoders/live/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "decoders/base/size.h"

/* --- members --------------------------------------------------------------------------------------------- */

static void put_name(char *buffer, size_t size, uint32_t pid, const char *name)
{
	if (pid)
		snprintf(buffer, size, "%u%s%s", pid, *name ? "/" : "", name);
	else
		snprintf(buffer, size, "%s", name);
}

uint32_t proc_member(struct live *live, uint32_t pid, const char *name)
{
	struct source *source = &live->checkpoint->source;
	uint32_t index = (uint32_t)source->members.n, known;
	struct member *member;
	struct bytes full;
	char text[128];
	uint64_t key;

	put_name(text, sizeof(text), pid, name);
	full = bytes_of(arena_printf(&source->arena, "%s/%s", live->root_path, text));
	key = map_key(full);
	known = map_get(&live->members, key);
	if (known != MAP_NONE && bytes_equal(source->members.items[known].name, full))
		return known;
	map_put(&source->arena, &live->members, key, index);
	member = vec_push(&source->arena, &source->members);
	member->name = full;
	member->type = MEMBER_FILE;
	member->archive_offset = NO_OFFSET;
	return index;
}

struct origin proc_origin(uint32_t member, uint32_t line)
{
	return (struct origin){ .member = member, .entry = line, .offset = NO_OFFSET };
}

/* --- files ----------------------------------------------------------------------------------------------- */

/* Nothing but a regular file: a directory that only looks like /proc may hold pipes and devices. */
static int open_regular(struct live *live, const char *name)
{
	int fd = openat(live->proc, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW);
	struct stat st;

	if (fd >= 0 && (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))) {
		close(fd);
		errno = EOPNOTSUPP;
		return -1;
	}
	return fd;
}

bool proc_open(struct live *live, enum unseen what, uint32_t pid, const char *name, struct proc_file *ret)
{
	char path[128];

	put_name(path, sizeof(path), pid, name);
	ret->live = live;
	ret->fd = open_regular(live, path);
	if (ret->fd < 0) {
		unseen_count(live, what, pid);
		return false;
	}
	ret->member = proc_member(live, pid, name);
	ret->line = UINT32_MAX;
	ret->start = ret->end = 0;
	ret->is_over = ret->was_cut = false;
	return true;
}

void proc_close(struct proc_file *file)
{
	close(file->fd);
}

/* Once for each line: what it said at its end is lost. */
static void tell_cut(const struct proc_file *file)
{
	struct checkpoint *checkpoint = file->live->checkpoint;
	struct error *error = error_new(ERROR_LIMIT, "a line of more than %d bytes; the rest is left out", LONGEST_LINE);

	error = error_at(error_in_image(error, checkpoint->source.members.items[file->member].name), file->line, NO_OFFSET);
	problems_add(&checkpoint->problems, error_in_source(error, checkpoint->source.path));
}

/* More bytes behind those that are there; false where there is no room, or nothing more. */
static bool fill(struct proc_file *file)
{
	ssize_t n;

	if (file->start > 0) {
		memmove(file->buffer, file->buffer + file->start, file->end - file->start);
		file->end -= file->start;
		file->start = 0;
	}
	if (file->is_over || file->end == sizeof(file->buffer))
		return false;
	do
		n = read(file->fd, file->buffer + file->end, sizeof(file->buffer) - file->end);
	while (n < 0 && errno == EINTR);
	if (n <= 0) {
		file->is_over = true;
		return false;
	}
	file->end += (size_t)n;
	return true;
}

bool proc_line(struct proc_file *file, struct bytes *ret)
{
	for (;;) {
		struct bytes held = { (const uint8_t *)file->buffer + file->start, file->end - file->start };
		size_t len = bytes_find(held, '\n');

		if (len == held.len && fill(file))
			continue;
		held = (struct bytes){ (const uint8_t *)file->buffer + file->start, file->end - file->start };
		if (held.len == 0)
			return false;
		len = bytes_find(held, '\n');
		file->start += len < held.len ? len + 1 : len;
		if (file->was_cut) { /* the rest of a line that was too long */
			file->was_cut = len == held.len && !file->is_over;
			continue;
		}
		file->was_cut = len == held.len && !file->is_over;
		file->line++;
		if (file->was_cut)
			tell_cut(file);
		*ret = bytes_first(held, len);
		return true;
	}
}

struct bytes proc_text(struct live *live, enum unseen what, uint32_t pid, const char *name, uint32_t *ret_member)
{
	char path[128];
	uint8_t *data = NULL;
	size_t len = 0, room = 0;
	struct bytes text;
	int fd;

	put_name(path, sizeof(path), pid, name);
	fd = open_regular(live, path);
	if (fd < 0) {
		unseen_count(live, what, pid);
		return NO_BYTES;
	}
	while (len < LONGEST_TEXT) {
		ssize_t n;

		if (len == room) {
			room = room ? room * 2 : 4096;
			data = realloc(data, room);
			if (!data)
				out_of_memory();
		}
		n = read(fd, data + len, room - len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			unseen_count(live, what, pid);
		if (n <= 0)
			break;
		len += (size_t)n;
	}
	close(fd);
	text = arena_copy(&live->checkpoint->arena, (struct bytes){ data, len });
	free(data);
	if (ret_member)
		*ret_member = proc_member(live, pid, name);
	return text;
}

bool proc_short(struct live *live, enum unseen what, uint32_t pid, const char *name, void *buffer, size_t size,
		struct bytes *ret)
{
	char path[128];
	ssize_t n;
	int fd;

	put_name(path, sizeof(path), pid, name);
	fd = open_regular(live, path);
	n = fd < 0 ? -1 : read(fd, buffer, size);
	if (n < 0)
		unseen_count(live, what, pid);
	if (fd >= 0)
		close(fd);
	*ret = (struct bytes){ buffer, n < 0 ? 0 : (size_t)n };
	return n > 0;
}

bool proc_number(struct live *live, enum unseen what, uint32_t pid, const char *name, bool hexadecimal, int64_t *ret)
{
	char text[32];
	struct bytes got;
	char *end;

	if (!proc_short(live, what, pid, name, text, sizeof(text) - 1, &got))
		return false;
	text[got.len] = '\0';
	*ret = strtoll(text, &end, hexadecimal ? 16 : 10);
	return end != text;
}

struct bytes proc_link(struct live *live, enum unseen what, uint32_t pid, const char *name)
{
	char path[128], target[LONGEST_LINK + 1];
	ssize_t n;

	put_name(path, sizeof(path), pid, name);
	n = readlinkat(live->proc, path, target, sizeof(target));
	if (n < 0) {
		unseen_count(live, what, pid);
		return NO_BYTES;
	}
	return arena_copy(&live->checkpoint->arena, (struct bytes){ (const uint8_t *)target, (size_t)n });
}

/* --- directories ----------------------------------------------------------------------------------------- */

DIR *proc_directory(struct live *live, enum unseen what, uint32_t pid, const char *name)
{
	char path[128];
	DIR *directory = NULL;
	int fd;

	put_name(path, sizeof(path), pid, name);
	fd = openat(live->proc, *path ? path : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (fd >= 0 && !(directory = fdopendir(fd)))
		close(fd);
	if (!directory)
		unseen_count(live, what, pid);
	return directory;
}

bool proc_next_number(DIR *directory, uint32_t *ret)
{
	const struct dirent *entry;

	while ((entry = readdir(directory))) {
		struct bytes name = bytes_of(entry->d_name);
		uint64_t number;

		if (proc_take_number(&name, 10, &number) && name.len == 0 && number <= INT32_MAX) {
			*ret = (uint32_t)number;
			return true;
		}
	}
	return false;
}

/* --- words ----------------------------------------------------------------------------------------------- */

static bool is_space(uint8_t c)
{
	return c == ' ' || c == '\t';
}

bool proc_field(struct bytes line, const char *name, struct bytes *ret)
{
	struct bytes prefix = bytes_of(name);

	if (!bytes_start_with(line, prefix))
		return false;
	line = bytes_from(line, prefix.len);
	while (line.len && is_space(line.data[0]))
		line = bytes_from(line, 1);
	while (line.len && is_space(line.data[line.len - 1]))
		line.len--;
	*ret = line;
	return true;
}

static unsigned digit(uint8_t c)
{
	return c >= '0' && c <= '9'   ? (unsigned)(c - '0')
	       : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a' + 10)
	       : c >= 'A' && c <= 'F' ? (unsigned)(c - 'A' + 10)
				      : 16;
}

bool proc_take_number(struct bytes *text, unsigned base, uint64_t *ret)
{
	uint64_t value = 0;
	size_t i = 0;

	*ret = 0;
	while (text->len && is_space(text->data[0]))
		*text = bytes_from(*text, 1);
	for (; i < text->len && digit(text->data[i]) < base; i++)
		if (!size_mul(value, (uint64_t)base, &value) ||
		    !size_add(value, (uint64_t)digit(text->data[i]), &value))
			return false;
	if (i == 0)
		return false;
	*text = bytes_from(*text, i);
	*ret = value;
	return true;
}
