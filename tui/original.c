/*
 * From a row of an index to the checkpoint that it is about, itself.
 *
 * The index says where that was. It is looked for beneath the directory of --originals alone, which the user names: neither
 * there nor by its name may an index choose what is opened. And it is shown only if it is what was indexed.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/index/index.h"
#include "decoders/base/digest.h"
#include "tui/internal.h"
#include "tui/screens/index.h"

/* Of more the digest takes seconds, and nobody waits for that: the size decides. */
#define MOST_COMPARED ((uint64_t)256 << 20)

enum { PATH_COLUMN, INSIDE, NODE, SHA256, IDENTITY, SIZE, N_COLUMNS };

/* What an index knows of one. */
struct recorded {
	struct arena arena;
	const char *texts[SIZE]; /* "": not known */
	uint64_t size;           /* bytes; NO_OFFSET: not known */
};

static struct error *read_recorded(struct tui *tui, int64_t id, struct recorded *ret)
{
	static const char sql[] = "SELECT i.path, i.inside, i.node, i.sha256, i.identity, c.size FROM indexed AS i "
				  "LEFT JOIN checkpoint AS c ON c.checkpoint = i.id WHERE i.id = ?1";
	struct value values[N_COLUMNS];
	struct error *error = index_ask(&tui->index, bytes_of(sql), id, &ret->arena, values, N_COLUMNS);

	for (int i = 0; i < SIZE; i++)
		ret->texts[i] = values[i].type == VALUE_TEXT ? arena_text(&ret->arena, values[i].text) : "";
	ret->size = values[SIZE].type == VALUE_UINT ? values[SIZE].number : NO_OFFSET;
	return error;
}

/* --- where it is ---------------------------------------------------------------------------------------- */

static bool begins_in(const char *directory, const char *path)
{
	size_t len = strcmp(directory, "/") ? strlen(directory) : 0;

	return !strncmp(path, directory, len) && path[len] == '/';
}

/*
 * The path without links, which is the caller's to free; NULL: nothing of ours is there. Even a look at a path elsewhere may
 * do something: mount it, or hang. A FIFO would be waited for.
 */
static char *beneath(const char *directory, const char *path)
{
	char *real = begins_in(directory, path) && !strstr(path, "/..") ? realpath(path, NULL) : NULL;
	struct stat st;

	if (real && begins_in(directory, real) && stat(real, &st) == 0 && (S_ISREG(st.st_mode) || S_ISDIR(st.st_mode)))
		return real;
	free(real);
	return NULL;
}

/* Where it was, or else by its name in the directory itself. */
static struct error *find(struct recorded *recorded, const char *directory, char **ret)
{
	const char *path = recorded->texts[PATH_COLUMN], *node = recorded->texts[NODE], *by_name;

	if (!directory)
		return error_new(ERROR_USAGE, "start with --originals DIR, beneath which checkpoints are opened: %s", path);
	*ret = beneath(directory, path);
	if (*ret)
		return NULL;
	by_name = arena_printf(&recorded->arena, "%s/%.*s", directory, BYTES_FMT(bytes_basename(bytes_of(path))));
	*ret = beneath(directory, by_name);
	if (*ret)
		return NULL;
	return error_new(ERROR_USAGE, "not found in %s: %s%s%s", directory, path, *node ? ", of " : "", node);
}

/* --- whether it is what was indexed -------------------------------------------------------------------- */

static bool digest_file(const char *path, char ret[DIGEST_TEXT + 1])
{
	static uint8_t buffer[256 << 10];
	struct digest *digest = digest_new();
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t n = fd < 0 ? -1 : 0;

	while (fd >= 0 && (n = read(fd, buffer, sizeof(buffer))) > 0)
		digest_add(digest, (struct bytes){ buffer, (size_t)n });
	if (fd >= 0)
		close(fd);
	digest_end(digest, ret);
	return n == 0;
}

/* An archive by its bytes; a directory by those of its files. */
static struct error *compare_digest(const struct recorded *recorded, const char *path)
{
	bool is_archive = *recorded->texts[SHA256];
	struct identity identity = { 0 };
	struct problems problems;
	struct error *error = NULL;

	problems_init(&problems);
	if (!is_archive)
		error = identity_take(path, recorded->texts[INSIDE], NULL, 0, &problems, &identity);
	else if (!digest_file(path, identity.sha256))
		error = error_errno(ERROR_UNREADABLE, "cannot be read");
	problems_deinit(&problems);
	if (!error && is_archive && strcmp(identity.sha256, recorded->texts[SHA256]) != 0)
		error = error_new(ERROR_USAGE, "is not what was indexed: its SHA-256 is another one");
	else if (!error && !is_archive && strcmp(identity.key, recorded->texts[IDENTITY]) != 0)
		error = error_new(ERROR_USAGE, "is not what was indexed: its files, or parents that were named, are others");
	return error ? error_in_source(error, path) : NULL;
}

static bool can_compare(const struct recorded *recorded, const struct checkpoint *checkpoint)
{
	return source_outermost(&checkpoint->source)->size <= MOST_COMPARED &&
	       (*recorded->texts[SHA256] || *recorded->texts[IDENTITY]);
}

static struct error *compare(const struct recorded *recorded, const struct checkpoint *checkpoint, const char *path)
{
	uint64_t size = source_outermost(&checkpoint->source)->size;

	if (recorded->size != NO_OFFSET && size != recorded->size)
		return error_in_source(error_new(ERROR_USAGE, "is not what was indexed: it has %llu bytes, and had %llu",
						 (unsigned long long)size, (unsigned long long)recorded->size), path);
	return can_compare(recorded, checkpoint) ? compare_digest(recorded, path) : NULL;
}

static void tell(struct tui *tui, const struct recorded *recorded, const struct checkpoint *checkpoint, const char *path)
{
	tui_say(tui, can_compare(recorded, checkpoint) ? "as it was indexed: %s"
						       : "of the size that was indexed, its bytes were not compared: %s", path);
}

/* --- opening ------------------------------------------------------------------------------------------- */

static void open_process(struct tui *tui, struct checkpoint *checkpoint, uint32_t pid)
{
	struct link link = LINK_TO(&screen_process);
	uint32_t row;

	checkpoint_need(checkpoint, PART_TASKS);
	row = map_get(&checkpoint->process_by_pid, pid);
	if (row == MAP_NONE)
		return;
	link.row = row;
	tui_open(tui, &link);
}

static struct error *open_as_recorded(struct tui *tui, const struct recorded *recorded, const char *path, uint32_t pid)
{
	const struct tui_setup *setup = tui->setup;
	struct link link = LINK_TO(&screen_overview);
	struct error *error = setup->open_original(setup->context, path, recorded->texts[INSIDE], &link.checkpoint);

	if (error)
		return error;
	error = compare(recorded, link.checkpoint, path);
	if (error) {
		problems_deinit(&link.checkpoint->problems); /* it was not looked at: they are no result */
		problems_init(&link.checkpoint->problems);
		setup->close_original(setup->context, link.checkpoint);
		return error;
	}
	tui_open(tui, &link);
	if (pid != ABSENT_U32)
		open_process(tui, link.checkpoint, pid);
	tell(tui, recorded, link.checkpoint, path);
	return NULL;
}

struct error *original_open(struct tui *tui, int64_t id, uint32_t pid)
{
	struct recorded recorded = { 0 };
	struct error *error;
	char *path = NULL;

	arena_init(&recorded.arena);
	error = read_recorded(tui, id, &recorded);
	if (!error && !*recorded.texts[PATH_COLUMN])
		error = error_new(ERROR_USAGE, "the index has no checkpoint %lld", (long long)id);
	if (!error)
		error = find(&recorded, tui->setup->originals, &path);
	if (!error && path)
		error = open_as_recorded(tui, &recorded, path, pid);
	free(path);
	arena_deinit(&recorded.arena);
	return error;
}

void original_release(struct tui *tui, struct checkpoint *checkpoint)
{
	if (!tui->index.path || !checkpoint)
		return;
	for (size_t i = 0; i < tui->n_views; i++)
		if (tui->views[i]->checkpoint == checkpoint)
			return;
	tui->setup->close_original(tui->setup->context, checkpoint);
}
