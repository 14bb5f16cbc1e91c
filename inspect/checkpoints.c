#include "inspect/checkpoints.h"

#include <string.h>
#include <sys/stat.h>

#include "inspect/live.h"

static bool is_directory(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

void collect_checkpoints(struct invocation *invocation, struct arena *arena, struct collection *ret)
{
	for (int i = 0; i < invocation->n_arguments; i++) {
		const char *path = invocation->arguments[i];
		struct collection some = { 0 };
		struct error *error = NULL;

		if (!live_is_named(path) && is_directory(path) && !invocation->options.inside[0])
			error = collection_find(path, arena, &invocation->problems, &some);
		error_free(error); /* opening it says so again */
		if (error || some.n == 0)
			collection_add(arena, ret, path, invocation->options.inside);
		for (size_t k = 0; !error && k < some.n; k++) {
			collection_add(arena, ret, some.items[k].path, some.items[k].inside);
			ret->items[ret->n - 1].is_found = strcmp(some.items[k].path, path) != 0;
		}
	}
}

bool collect_several(struct invocation *invocation, const char *path, const struct error *error, struct arena *arena,
		     struct collection *collection)
{
	struct collection found = { 0 };

	if (error->kind != ERROR_UNREADABLE || invocation->options.inside[0] || !strcmp(path, "-"))
		return false;
	error_free(collection_find(path, arena, &invocation->problems, &found)); /* as opening it says */
	for (size_t i = 0; found.n > 1 && i < found.n; i++)
		collection_add(arena, collection, found.items[i].path, found.items[i].inside);
	return found.n > 1;
}

struct bytes collected_name(struct arena *arena, const struct collected *one)
{
	return bytes_of(one->inside[0] ? arena_printf(arena, "%s: %s", one->path, one->inside) : one->path);
}

struct error *collected_open(struct invocation *invocation, const struct collected *one, struct checkpoint *ret)
{
	const char *given = invocation->options.inside;
	struct error *error;

	invocation->options.inside = one->inside;
	error = open_checkpoint(invocation, one->path, ret);
	invocation->options.inside = given;
	if (error && one->is_found && error->kind == ERROR_UNREADABLE)
		error->kind = ERROR_DAMAGED; /* a part of what was named: the rest is there */
	return error;
}
