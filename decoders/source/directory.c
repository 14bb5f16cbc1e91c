/* The index of a directory: every file below it, no link followed, sorted by name. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "decoders/source/internal.h"
#include "decoders/source/name.h"

static struct error *walk(struct source *source, int fd, struct bytes path, unsigned depth);

static void add_problem(struct source *source, struct bytes name, struct error *error)
{
	problems_add(&source->problems, error_in_source(error_in_image(error, name), source->path));
}

static void walk_below(struct source *source, int fd, const char *entry, struct bytes path,
		       unsigned depth)
{
	int below;

	if (source->is_flat)
		return;
	if (depth == MAX_DIRECTORY_DEPTH) {
		add_problem(source, path,
			    error_new(ERROR_LIMIT, "directories nested deeper than %d are left out",
				      MAX_DIRECTORY_DEPTH));
		return;
	}
	below = openat(fd, entry, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (below < 0)
		add_problem(source, path, error_errno(ERROR_DAMAGED, "cannot open"));
	else
		problems_add(&source->problems, walk(source, below, path, depth + 1));
}

static struct bytes read_link(struct source *source, int fd, const char *entry)
{
	char target[4096];
	ssize_t len = readlinkat(fd, entry, target, sizeof(target));

	return len < 0 ? NO_BYTES
		       : arena_copy(&source->arena,
				    (struct bytes){ (const uint8_t *)target, (size_t)len });
}

static void add_file(struct source *source, int fd, const char *entry, struct bytes path,
		     unsigned depth)
{
	struct member *member;
	struct stat st;

	if (fstatat(fd, entry, &st, AT_SYMLINK_NOFOLLOW) < 0) {
		add_problem(source, path, error_errno(ERROR_DAMAGED, "cannot stat"));
		return;
	}
	member = source_add_member(source, path);
	if (!member)
		return;
	member->mode = st.st_mode & 07777;
	member->uid = st.st_uid;
	member->gid = st.st_gid;
	member->mtime = st.st_mtime;
	member->type = member_type_of(st.st_mode);
	if (S_ISREG(st.st_mode)) {
		member->size = (uint64_t)st.st_size;
		source->size += member->size;
	} else if (S_ISLNK(st.st_mode)) {
		member->link = read_link(source, fd, entry);
	} else if (S_ISDIR(st.st_mode)) {
		walk_below(source, fd, entry, path, depth);
	}
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names in a directory, without "." and "..", sorted. */
static struct error *list(struct source *source, DIR *directory, char ***ret, size_t *ret_n)
{
	VEC(char *) names = { 0 };
	struct dirent *entry;

	while (errno = 0, (entry = readdir(directory))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		if (names.n == MAX_MEMBERS)
			return error_new(ERROR_LIMIT, "more than %d files", MAX_MEMBERS);
		*vec_push(&source->arena, &names) =
			arena_text(&source->arena, bytes_of(entry->d_name));
	}
	if (errno)
		return error_errno(ERROR_UNREADABLE, "cannot list the directory");
	if (names.n)
		qsort(names.items, names.n, sizeof(*names.items), by_name);
	*ret = names.items;
	*ret_n = names.n;
	return NULL;
}

/* Takes FD over. */
static struct error *walk(struct source *source, int fd, struct bytes path, unsigned depth)
{
	DIR *directory = fdopendir(fd);
	struct error *error;
	char **names;
	size_t n;

	if (!directory) {
		error = error_errno(ERROR_UNREADABLE, "cannot list the directory");
		close(fd);
		return error_in_source(error_in_image(error, path), source->path);
	}
	error = list(source, directory, &names, &n);
	if (error) {
		closedir(directory);
		return error_in_source(path.len ? error_in_image(error, path) : error, source->path);
	}
	for (size_t i = 0; i < n; i++)
		add_file(source, dirfd(directory), names[i],
			 name_join(&source->arena, path, bytes_of(names[i])), depth);
	closedir(directory);
	return NULL;
}

struct error *index_directory(struct source *source)
{
	int fd = openat(source->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return error_errno(ERROR_UNREADABLE, "cannot open");
	return walk(source, fd, BYTES(""), 0);
}
