#include "decoders/host/host.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "decoders/host/internal.h"

/* --- files beneath the root ---------------------------------------------------------------------------------- */

/* Links are followed as if the directory were the root. */
static int open_beneath(int root, const char *path, uint64_t flags)
{
	struct open_how how = { .flags = flags | O_CLOEXEC, .resolve = RESOLVE_IN_ROOT };

	return (int)syscall(SYS_openat2, root, path, &how, sizeof(how));
}

/* Files of /proc have no size: they are read to their end. */
bool host_file(struct host *host, const char *path, struct bytes *ret)
{
	size_t len = 0, cap = 64 << 10;
	uint8_t *data = arena_alloc(&host->arena, cap);
	int fd = open_beneath(host->root, path, O_RDONLY | O_NOCTTY | O_NONBLOCK);
	ssize_t n = -1;

	while (fd >= 0 && (n = read(fd, data + len, cap - len)) > 0) {
		len += (size_t)n;
		if (len == cap && cap < HOST_LARGEST_FILE) {
			uint8_t *larger = arena_alloc(&host->arena, cap * 2);

			memcpy(larger, data, len);
			data = larger;
			cap *= 2;
		}
	}
	if (fd >= 0)
		close(fd);
	*ret = (struct bytes){ data, len };
	return n == 0 && len < cap;
}

int host_open_directory(struct host *host, const char *path)
{
	return open_beneath(host->root, path, O_RDONLY | O_DIRECTORY);
}

bool host_has(struct host *host, const char *path)
{
	int fd = open_beneath(host->root, path, O_PATH);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

bool host_file_size(int root, struct bytes path, uint64_t *ret)
{
	char text[4096];
	struct stat st;
	int fd;
	bool found;

	if (path.len == 0 || path.len >= sizeof(text) || memchr(path.data, '\0', path.len))
		return false;
	memcpy(text, path.data, path.len);
	text[path.len] = '\0';
	fd = open_beneath(root, text, O_PATH);
	if (fd < 0)
		return false;
	found = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
	close(fd);
	if (found)
		*ret = (uint64_t)st.st_size;
	return found;
}

/* --- facts ----------------------------------------------------------------------------------------------------- */

void host_add_number(struct host *host, const char *name, struct bytes value, uint64_t number, const char *source)
{
	if (host->facts.n < HOST_MOST_FACTS)
		*vec_push(&host->arena, &host->facts) = (struct fact){
			.name = name,
			.value = value.data ? arena_copy(&host->arena, value) : NO_BYTES,
			.number = number,
			.source = source,
		};
}

static uint64_t number_of(struct bytes text)
{
	uint64_t number = 0;

	if (text.len == 0 || text.len > 19)
		return HOST_NO_NUMBER;
	for (size_t i = 0; i < text.len; i++) {
		if (!isdigit(text.data[i]))
			return HOST_NO_NUMBER;
		number = number * 10 + (uint64_t)(text.data[i] - '0');
	}
	return number;
}

void host_add(struct host *host, const char *name, struct bytes value, const char *source)
{
	host_add_number(host, name, value, number_of(value), source);
}

void host_add_unknown(struct host *host, const char *name, const char *source)
{
	host_add_number(host, name, NO_BYTES, HOST_NO_NUMBER, source);
}

void host_add_line(struct host *host, const char *name, const char *path)
{
	struct bytes text, line;

	if (host_file(host, path, &text) && host_line(&text, &line))
		host_add(host, name, line, path);
	else
		host_add_unknown(host, name, path);
}

struct bytes host_value(const struct host *host, const char *name)
{
	for (size_t i = 0; i < host->facts.n; i++)
		if (!strcmp(host->facts.items[i].name, name))
			return host->facts.items[i].value;
	return NO_BYTES;
}

/* --- text -------------------------------------------------------------------------------------------------------- */

bool host_line(struct bytes *rest, struct bytes *ret)
{
	size_t len = bytes_find(*rest, '\n');

	if (rest->len == 0)
		return false;
	*ret = bytes_first(*rest, len);
	*rest = bytes_from(*rest, len + 1);
	return true;
}

bool host_word(struct bytes *line, struct bytes *ret)
{
	size_t len = 0;

	while (line->len && isspace(*line->data))
		*line = bytes_from(*line, 1);
	while (len < line->len && !isspace(line->data[len]))
		len++;
	*ret = bytes_first(*line, len);
	*line = bytes_from(*line, len);
	return len > 0;
}

uint64_t host_version(struct bytes text)
{
	uint64_t part[3] = { 0 };
	size_t n = 0;

	if (text.len == 0 || !isdigit(*text.data))
		return HOST_NO_NUMBER;
	while (n < 3 && text.len && isdigit(*text.data)) {
		while (text.len && isdigit(*text.data)) {
			if (part[n] < 1000)
				part[n] = part[n] * 10 + (uint64_t)(*text.data - '0');
			text = bytes_from(text, 1);
		}
		n++;
		if (text.len && *text.data != '.')
			break;
		text = bytes_from(text, 1);
	}
	for (size_t i = 0; i < 3; i++)
		part[i] = part[i] < 999 ? part[i] : 999;
	return part[0] * 1000000 + part[1] * 1000 + part[2];
}

/* --- all of it ----------------------------------------------------------------------------------------------------- */

struct error *host_read(const char *root, struct host *ret)
{
	*ret = (struct host){ .is_here = !strcmp(root, "/") };
	ret->root = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (ret->root < 0)
		return error_in_source(error_errno(ERROR_UNREADABLE, "cannot open"), root);
	arena_init(&ret->arena);
	host_read_kernel(ret);
	host_read_machine(ret);
	host_read_security(ret);
	host_read_software(ret);
	host_read_taken(ret);
	return NULL;
}

void host_close(struct host *host)
{
	if (host->root < 0)
		return;
	close(host->root);
	arena_deinit(&host->arena);
}
