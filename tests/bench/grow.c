/*
 * grow: large checkpoints out of a small real one, for benchmarks and limits.
 *
 *     grow tasks N FROM TO       a directory TO like FROM whose first task stands there N times
 *     grow runs N FROM TO        a directory TO with one task, whose pages lie in N runs
 *     grow memory BYTES FILE FROM TO
 *                                a directory TO with one task that has one mapping with pages: BYTES,
 *                                those of FILE and behind them a hole
 *     grow many VMAS FDS FROM TO  a directory TO with one task that has so many mappings and open files more
 *     grow tar BYTES FROM TO     an archive TO of FROM whose last pages file has BYTES more
 *                                bytes, as a hole: it costs no disk
 *
 * FROM is a directory of images. Every image is CRIU's own, renamed; only pstree and the pages
 * id in the pagemaps are written anew.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static _Noreturn void die(const char *what, const char *name)
{
	fprintf(stderr, "grow: %s %s: %s\n", what, name, strerror(errno));
	exit(1);
}

static char *path(const char *directory, const char *name)
{
	char *text;

	if (asprintf(&text, "%s/%s", directory, name) < 0)
		abort();
	return text;
}

static uint8_t *load(const char *from, size_t *ret_len)
{
	FILE *file = fopen(from, "rb");
	uint8_t *data;
	long len;

	if (!file || fseek(file, 0, SEEK_END) < 0 || (len = ftell(file)) < 0)
		die("cannot read", from);
	rewind(file);
	data = malloc((size_t)len + 1);
	*ret_len = fread(data, 1, (size_t)len, file);
	fclose(file);
	return data;
}

static void save(const char *to, const void *data, size_t len)
{
	FILE *file = fopen(to, "wb");

	if (!file || fwrite(data, 1, len, file) != len || fclose(file) != 0)
		die("cannot write", to);
}

/* --- tasks ------------------------------------------------------------------------------------- */

static void put_u32(uint8_t **at, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		*(*at)++ = (uint8_t)(value >> 8 * i);
}

static void put_field(uint8_t **at, unsigned number, uint64_t value)
{
	*(*at)++ = (uint8_t)(number << 3);
	for (; value >= 0x80; value >>= 7)
		*(*at)++ = (uint8_t)(value | 0x80);
	*(*at)++ = (uint8_t)value;
}

/* pstree.img of a root and N - 1 children, pids from FIRST on. */
static void write_pstree(const char *to, uint32_t first, uint32_t n)
{
	uint8_t *data = malloc(64 + (size_t)n * 64), *at = data;

	put_u32(&at, 0x54564319);
	put_u32(&at, 0x50273030);
	for (uint32_t i = 0; i < n; i++) {
		uint8_t *size = at;

		at += 4;
		put_field(&at, 1, first + i);
		put_field(&at, 2, i ? first : 0);
		put_field(&at, 3, first);
		put_field(&at, 4, first);
		put_field(&at, 5, first + i);
		put_u32(&size, (uint32_t)(at - size - 4));
	}
	save(path(to, "pstree.img"), data, (size_t)(at - data));
	free(data);
}

/* A pagemap whose head names another pages file; everything behind the head stays. */
static void write_pagemap(const char *to, const uint8_t *data, size_t len, uint32_t pages_id)
{
	uint32_t head = data[8] | (uint32_t)data[9] << 8;
	uint8_t *copy = malloc(len + 16), *at = copy + 8, *size = at;

	memcpy(copy, data, 8);
	at += 4;
	put_field(&at, 1, pages_id);
	put_u32(&size, (uint32_t)(at - size - 4));
	memcpy(at, data + 12 + head, len - 12 - head);
	save(to, copy, (size_t)(at - copy) + len - 12 - head);
	free(copy);
}

static void copy_shared(const char *from, const char *to)
{
	static const char *const names[] = { "inventory.img", "files.img", "seccomp.img", "stats-dump",
					     "timens-0.img", "memfd.img", "pipes-data.img" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		size_t len;
		uint8_t *data;

		if (access(path(from, names[i]), R_OK) < 0)
			continue;
		data = load(path(from, names[i]), &len);
		save(path(to, names[i]), data, len);
	}
}

/* The number in the name of the first file that begins with PREFIX. */
static uint32_t first_number(const char *from, const char *prefix)
{
	DIR *directory = opendir(from);
	uint32_t lowest = UINT32_MAX;
	struct dirent *entry;

	if (!directory)
		die("cannot list", from);
	while ((entry = readdir(directory))) {
		char *end;
		unsigned long number;

		if (strncmp(entry->d_name, prefix, strlen(prefix)) != 0)
			continue;
		number = strtoul(entry->d_name + strlen(prefix), &end, 10);
		if (!strcmp(end, ".img") && number < lowest)
			lowest = (uint32_t)number;
	}
	closedir(directory);
	return lowest;
}

static char *numbered(const char *directory, const char *prefix, uint32_t number)
{
	char *text;

	if (asprintf(&text, "%s/%s%u.img", directory, prefix, number) < 0)
		abort();
	return text;
}

/* The number in the head of a pagemap: magics, size, tag, varint. */
static uint32_t pages_id(const uint8_t *pagemap)
{
	uint32_t id = 0;

	for (int i = 0; i < 5; i++) {
		id |= (uint32_t)(pagemap[13 + i] & 0x7f) << 7 * i;
		if (!(pagemap[13 + i] & 0x80))
			break;
	}
	return id;
}

static void grow_tasks(uint32_t n, const char *from, const char *to)
{
	static const char *const prefixes[] = { "core-", "fs-", "ids-", "mm-",
						"pagemap-", "pages-", "fdinfo-" };
	enum { N_PREFIXES = 7, PAGEMAP = 4, PAGES = 5, FDINFO = 6 };
	uint32_t table = first_number(from, "fdinfo-");
	uint32_t pid = first_number(from, "core-");
	uint8_t *data[N_PREFIXES];
	size_t len[N_PREFIXES];

	if (mkdir(to, 0777) < 0 && errno != EEXIST)
		die("cannot make", to);
	copy_shared(from, to);
	for (int i = 0; i < N_PREFIXES; i++)
		data[i] = load(numbered(from, prefixes[i],
					i == PAGES    ? pages_id(data[PAGEMAP])
					: i == FDINFO ? table
						      : pid),
			       &len[i]);
	for (uint32_t k = 0; k < n; k++)
		for (int i = 0; i < N_PREFIXES; i++) {
			char *name = numbered(to, prefixes[i],
					      i == PAGES    ? k + 1
					      : i == FDINFO ? table + k
							    : pid + k);

			if (i == PAGEMAP)
				write_pagemap(name, data[i], len[i], k + 1);
			else
				save(name, data[i], len[i]);
			free(name);
		}
	write_pstree(to, pid, n);
}

/* --- runs ---------------------------------------------------------------------------------------- */

/* One task whose pagemap has N runs of a page each, with a hole between any two. */
static void grow_runs(uint32_t n, const char *from, const char *to)
{
	uint32_t pid = first_number(from, "core-");
	uint8_t *data = malloc(64 + (size_t)n * 32), *at = data, *size;
	int pages;

	grow_tasks(1, from, to);
	put_u32(&at, 0x54564319);
	put_u32(&at, 0x56084025);
	put_u32(&at, 2);
	put_field(&at, 1, 1);
	for (uint32_t i = 0; i < n; i++) {
		size = at;
		at += 4;
		put_field(&at, 1, 0x10000000 + (uint64_t)i * 8192);
		put_field(&at, 2, 1);
		put_field(&at, 4, 4);
		put_u32(&size, (uint32_t)(at - size - 4));
	}
	save(numbered(to, "pagemap-", pid), data, (size_t)(at - data));
	pages = open(numbered(to, "pages-", 1), O_WRONLY | O_TRUNC);
	if (pages < 0 || ftruncate(pages, (off_t)n * 4096) < 0)
		die("cannot write", to);
	close(pages);
	free(data);
}

/* --- memory -------------------------------------------------------------------------------------- */

static const uint64_t MEMORY = UINT64_C(0x100000000000); /* far from all that the task has */
enum { RUN = 1024, PAGE = 4096 };                        /* pages of a run, as CRIU writes them */

/* The one entry of the mm image with one more mapping: private, anonymous, writable. */
static void add_mapping(const char *name, uint64_t bytes)
{
	size_t len;
	uint8_t *data = load(name, &len), *copy = malloc(len + 64), *at = copy + len, *size;

	memcpy(copy, data, len);
	*at++ = 14 << 3 | 2;
	size = at++;
	put_field(&at, 1, MEMORY);
	put_field(&at, 2, MEMORY + bytes);
	put_field(&at, 3, 0);
	put_field(&at, 4, 0);
	put_field(&at, 5, 3);
	put_field(&at, 6, 0x22);
	put_field(&at, 7, 0x201);
	put_field(&at, 8, 1); /* -1 */
	*size = (uint8_t)(at - size - 1);
	size = copy + 8;
	put_u32(&size, (uint32_t)(at - copy - 12));
	save(name, copy, (size_t)(at - copy));
	free(copy);
	free(data);
}

static void write_memory_pagemap(const char *name, uint64_t pages)
{
	uint8_t *data = malloc(64 + (size_t)(pages / RUN + 1) * 32), *at = data, *size;

	put_u32(&at, 0x54564319);
	put_u32(&at, 0x56084025);
	put_u32(&at, 2);
	put_field(&at, 1, 1);
	for (uint64_t page = 0; page < pages; page += RUN) {
		size = at;
		at += 4;
		put_field(&at, 1, MEMORY + page * PAGE);
		put_field(&at, 2, pages - page < RUN ? pages - page : RUN);
		put_field(&at, 4, 4);
		put_u32(&size, (uint32_t)(at - size - 4));
	}
	save(name, data, (size_t)(at - data));
	free(data);
}

/* The shared memory that the task has mapped, with its pages in pages-2. */
static void copy_shmem(const char *from, const char *to)
{
	uint32_t id = first_number(from, "pagemap-shmem-");
	uint8_t *data;
	size_t len;

	if (id == UINT32_MAX)
		return;
	data = load(numbered(from, "pagemap-shmem-", id), &len);
	write_pagemap(numbered(to, "pagemap-shmem-", id), data, len, 2);
	data = load(numbered(from, "pages-", pages_id(data)), &len);
	save(numbered(to, "pages-", 2), data, len);
}

static void grow_memory(uint64_t bytes, const char *file, const char *from, const char *to)
{
	uint32_t pid = first_number(from, "core-");
	char *pages = numbered(to, "pages-", 1), *mapped = numbered(to, "mm-", pid);
	size_t len;
	uint8_t *data = load(file, &len);

	bytes &= ~(uint64_t)(PAGE - 1);
	grow_tasks(1, from, to);
	copy_shmem(from, to);
	add_mapping(mapped, bytes);
	write_memory_pagemap(numbered(to, "pagemap-", pid), bytes / PAGE);
	save(pages, data, len < bytes ? len : bytes);
	if (truncate(pages, (off_t)bytes) < 0)
		die("cannot write", pages);
	free(data);
}

/* --- many ---------------------------------------------------------------------------------------- */

/* Mappings of a page each, with a page between any two. */
static void add_mappings(const char *name, uint32_t n)
{
	size_t len;
	uint8_t *data = load(name, &len), *copy = malloc(len + (size_t)n * 64), *at = copy + len, *size;

	memcpy(copy, data, len);
	for (uint64_t i = 0; i < n; i++) {
		const uint64_t start = MEMORY + i * 2 * PAGE;
		const uint64_t fields[] = { start, start + PAGE, 0, 0, 3, 0x22, 0x201, 1 };

		*at++ = 14 << 3 | 2;
		size = at++;
		for (unsigned field = 0; field < 8; field++)
			put_field(&at, field + 1, fields[field]);
		*size = (uint8_t)(at - size - 1);
	}
	size = copy + 8;
	put_u32(&size, (uint32_t)(at - copy - 12));
	save(name, copy, (size_t)(at - copy));
	free(copy);
	free(data);
}

/* Descriptor 1000 + I is a file of its own, /data/I. */
static void put_open_file(uint8_t **files, uint8_t **fds, uint32_t i)
{
	static const uint8_t owner[] = { 5 << 3 | 2, 10, 8, 0, 16, 0, 24, 0, 32, 0, 40, 0 };
	uint8_t *entry = *files, *size, *inner;
	char path[32];
	int len = snprintf(path, sizeof(path), "/data/%u", i);

	*files += 4;
	put_field(files, 1, 1);
	put_field(files, 2, 100000 + i);
	*(*files)++ = 3 << 3 | 2;
	size = (*files)++;
	inner = *files;
	put_field(files, 1, 100000 + i);
	put_field(files, 2, 2);
	put_field(files, 3, i);
	memcpy(*files, owner, sizeof(owner));
	*files += sizeof(owner);
	*(*files)++ = 6 << 3 | 2;
	*(*files)++ = (uint8_t)len;
	memcpy(*files, path, (size_t)len);
	*files += len;
	*size = (uint8_t)(*files - inner);
	put_u32(&entry, (uint32_t)(*files - entry - 4));

	entry = *fds;
	*fds += 4;
	put_field(fds, 1, 100000 + i);
	put_field(fds, 2, 0);
	put_field(fds, 3, 1);
	put_field(fds, 4, 1000 + i);
	put_u32(&entry, (uint32_t)(*fds - entry - 4));
}

static void add_files(const char *files_name, const char *fds_name, uint32_t n)
{
	size_t len, fds_len;
	uint8_t *data = load(files_name, &len), *fds_data = load(fds_name, &fds_len);
	uint8_t *files = realloc(data, len + (size_t)n * 96), *fds = realloc(fds_data, fds_len + (size_t)n * 32);
	uint8_t *at = files + len, *fds_at = fds + fds_len;

	for (uint32_t i = 0; i < n; i++)
		put_open_file(&at, &fds_at, i);
	save(files_name, files, (size_t)(at - files));
	save(fds_name, fds, (size_t)(fds_at - fds));
	free(files);
	free(fds);
}

static void grow_many(uint32_t n_mappings, uint32_t n_files, const char *from, const char *to)
{
	uint32_t pid = first_number(from, "core-");

	grow_tasks(1, from, to);
	copy_shmem(from, to);
	add_mappings(numbered(to, "mm-", pid), n_mappings);
	add_files(path(to, "files.img"), numbered(to, "fdinfo-", first_number(from, "fdinfo-")), n_files);
}

/* --- tar ---------------------------------------------------------------------------------------- */

static void put_header(int fd, const char *name, uint64_t size)
{
	char header[512] = { 0 };
	unsigned sum = 0;

	snprintf(header, 100, "checkpoint/%s", name);
	memcpy(header + 100, "0000644\0000000000\0000000000", 24);
	if (size < (uint64_t)1 << 33) {
		snprintf(header + 124, 12, "%011llo", (unsigned long long)size);
	} else { /* base 256 */
		header[124] = (char)0x80;
		for (int i = 0; i < 8; i++)
			header[135 - i] = (char)(size >> 8 * i);
	}
	memcpy(header + 136, "00000000000", 12);
	memset(header + 148, ' ', 8);
	header[156] = '0';
	memcpy(header + 257, "ustar\00000", 8);
	for (int i = 0; i < 512; i++)
		sum += (unsigned char)header[i];
	snprintf(header + 148, 8, "%06o", sum);
	if (write(fd, header, 512) != 512)
		die("cannot write", name);
}

static void put_member(int fd, const char *from, const char *name, uint64_t hole)
{
	size_t len;
	uint8_t *data = load(path(from, name), &len);
	uint64_t size = len + hole;

	put_header(fd, name, size);
	if (write(fd, data, len) != (ssize_t)len ||
	    lseek(fd, (off_t)(hole + (512 - size % 512) % 512), SEEK_CUR) < 0)
		die("cannot write", name);
	free(data);
}

static int is_file(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static void grow_tar(uint64_t hole, const char *from, const char *to)
{
	int fd = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0666);
	struct dirent **entries;
	int n = scandir(from, &entries, is_file, alphasort), last = -1;

	if (fd < 0 || n < 0)
		die("cannot write", to);
	for (int i = 0; i < n; i++)
		if (!strncmp(entries[i]->d_name, "pages-", 6))
			last = i;
	for (int i = 0; i < n; i++)
		put_member(fd, from, entries[i]->d_name, i == last ? hole : 0);
	if (ftruncate(fd, lseek(fd, 1024, SEEK_CUR)) < 0)
		die("cannot write", to);
}

int main(int argc, char **argv)
{
	if (argc == 5 && !strcmp(argv[1], "tasks"))
		grow_tasks((uint32_t)strtoul(argv[2], NULL, 10), argv[3], argv[4]);
	else if (argc == 5 && !strcmp(argv[1], "runs"))
		grow_runs((uint32_t)strtoul(argv[2], NULL, 10), argv[3], argv[4]);
	else if (argc == 6 && !strcmp(argv[1], "memory"))
		grow_memory(strtoull(argv[2], NULL, 10), argv[3], argv[4], argv[5]);
	else if (argc == 6 && !strcmp(argv[1], "many"))
		grow_many((uint32_t)strtoul(argv[2], NULL, 10), (uint32_t)strtoul(argv[3], NULL, 10), argv[4],
			  argv[5]);
	else if (argc == 5 && !strcmp(argv[1], "tar"))
		grow_tar(strtoull(argv[2], NULL, 10), argv[3], argv[4]);
	else
		return fprintf(stderr, "usage: grow tasks|runs N FROM TO | grow memory BYTES FILE "
				       "FROM TO | grow many VMAS FDS FROM TO | grow tar BYTES FROM TO\n"), 2;
	return 0;
}
