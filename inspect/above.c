#include "inspect/above.h"

#include <fcntl.h>
#include <unistd.h>

bool is_same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

bool above_has(const struct above *above, const struct stat *file)
{
	for (size_t i = 0; i < above->directories.n; i++)
		if (is_same_file(&above->directories.items[i], file))
			return true;
	return false;
}

/* What is above the root is the root. */
void above_find(int directory, struct above *ret)
{
	int fd = dup(directory);
	struct stat st;

	*ret = (struct above){ .directories = { 0 } };
	arena_init(&ret->arena);
	while (fd >= 0 && fstat(fd, &st) == 0 && !above_has(ret, &st)) {
		int up = openat(fd, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);

		*vec_push(&ret->arena, &ret->directories) = st;
		close(fd);
		fd = up;
	}
	if (fd >= 0)
		close(fd);
}

void above_deinit(struct above *above)
{
	arena_deinit(&above->arena);
}
