/* A file as a source: one member, and nothing is looked for in it. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "decoders/source/internal.h"

static struct error *add_file(struct source *source, const char *path)
{
	struct member *member = source_add_member(source, bytes_basename(bytes_of(path)));
	struct piece *piece = arena_zalloc(&source->arena, sizeof(*piece));

	if (!member || member->state != MEMBER_OK)
		return error_new(ERROR_UNREADABLE, "not a file that has a name");
	piece->len = source->size;
	member->type = MEMBER_FILE;
	member->size = source->size;
	member->pieces = piece;
	member->n_pieces = 1;
	source->by_name = arena_zalloc(&source->arena, sizeof(*source->by_name));
	source->n_by_name = 1;
	return NULL;
}

struct error *source_open_file(const char *path, struct source *ret)
{
	struct source source = { .fd = -1, .last = NO_OPEN_FILE };
	struct error *error = NULL;
	struct stat st;

	arena_init(&source.arena);
	problems_init(&source.problems);
	source.path = arena_text(&source.arena, bytes_of(path));
	source.fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (source.fd < 0 || fstat(source.fd, &st) < 0)
		error = error_errno(ERROR_UNREADABLE, "cannot open");
	else if (!S_ISREG(st.st_mode))
		error = error_new(ERROR_UNREADABLE, "not a regular file");
	if (!error) {
		source.size = (uint64_t)st.st_size;
		error = add_file(&source, path);
	}
	if (error) {
		source_close(&source);
		return error_in_source(error, path);
	}
	*ret = source;
	return NULL;
}
