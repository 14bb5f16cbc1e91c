/* Opening and closing a source; its members by name. */
#include "decoders/source/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "decoders/source/internal.h"
#include "decoders/source/name.h"

struct error *member_error(struct error *error, const struct source *source,
			   const struct member *member)
{
	return error_in_source(error_in_image(error, member->name), source->path);
}

enum member_type member_type_of(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFREG:
		return MEMBER_FILE;
	case S_IFDIR:
		return MEMBER_DIRECTORY;
	case S_IFLNK:
		return MEMBER_SYMLINK;
	case S_IFIFO:
		return MEMBER_FIFO;
	case S_IFCHR:
		return MEMBER_CHARDEV;
	case S_IFBLK:
		return MEMBER_BLOCKDEV;
	case S_IFSOCK:
		return MEMBER_SOCKET;
	default:
		return MEMBER_OTHER;
	}
}

const char *member_type_name(enum member_type type)
{
	static const char *const names[] = {
		[MEMBER_FILE] = "file",		[MEMBER_DIRECTORY] = "directory",
		[MEMBER_SYMLINK] = "symlink",	[MEMBER_HARDLINK] = "hardlink",
		[MEMBER_FIFO] = "fifo",		[MEMBER_CHARDEV] = "chardev",
		[MEMBER_BLOCKDEV] = "blockdev", [MEMBER_SOCKET] = "socket",
		[MEMBER_OTHER] = "other",
	};

	return names[type];
}

struct member *source_add_member(struct source *source, struct bytes raw_name)
{
	struct member *member;

	if (source->members.n == MAX_MEMBERS) {
		problems_add(&source->problems,
			     error_in_source(error_new(ERROR_LIMIT, "more than %d members; the rest is left out",
						       MAX_MEMBERS),
					     source->path));
		return NULL;
	}
	member = vec_push(&source->arena, &source->members);
	member->archive_offset = NO_OFFSET;
	if (!name_clean(&source->arena, raw_name, &member->name)) {
		member->state = MEMBER_UNSAFE;
		problems_add(&source->problems,
			     member_error(error_new(ERROR_DAMAGED,
						    "the name climbs out of the archive; the member is not used"),
					  source, member));
	}
	return member;
}

/*
 * By name; of one name the later member first, so that it is the one that is found, but what was
 * salvaged last.
 */
static int compare_by_name(const void *a, const void *b, void *context)
{
	const struct source *source = context;
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
	const struct member *first = &source->members.items[left];
	const struct member *second = &source->members.items[right];
	int order = bytes_compare(first->name, second->name);

	if (!order)
		order = (first->state == MEMBER_SALVAGED) - (second->state == MEMBER_SALVAGED);
	return order ? order : (left < right) - (left > right);
}

static bool is_usable(const struct member *member)
{
	return member->state != MEMBER_UNSAFE && member->state != MEMBER_TRAILING;
}

static void note_replaced(struct source *source, struct member *member)
{
	member->state = MEMBER_REPLACED;
	problems_add(&source->problems,
		     member_error(error_new(ERROR_DAMAGED, "the archive has several members of this name; "
							   "the last one counts"),
				  source, member));
}

static void sort_names(struct source *source)
{
	size_t n = 0, kept = 0;
	uint32_t *order = arena_alloc(&source->arena, (source->members.n + 1) * sizeof(*order));

	for (uint32_t i = 0; i < source->members.n; i++)
		if (is_usable(&source->members.items[i]))
			order[n++] = i;
	/* Most archives are in order already. */
	for (size_t i = 1; i < n; i++)
		if (compare_by_name(&order[i - 1], &order[i], source) > 0) {
			qsort_r(order, n, sizeof(*order), compare_by_name, source);
			break;
		}
	for (size_t i = 0; i < n; i++) {
		struct member *member = &source->members.items[order[i]];
		const struct member *last = kept ? &source->members.items[order[kept - 1]] : NULL;

		if (!last || !bytes_equal(last->name, member->name))
			order[kept++] = order[i];
		else if (member->type != MEMBER_DIRECTORY || last->type != MEMBER_DIRECTORY)
			note_replaced(source, member);
	}
	source->by_name = order;
	source->n_by_name = kept;
}

static const char *what_it_is_not(const struct source *source, const struct stat *st)
{
	if (source->is_flat)
		return "not a directory";
	if (S_ISFIFO(st->st_mode))
		return "a pipe; it is read as standard input: -";
	return "neither a directory nor a regular file";
}

static struct error *index_file(struct source *source, const struct stat *st,
				const struct capture *capture)
{
	bool is_pipe = S_ISFIFO(st->st_mode) && !strcmp(source->path, "-");

	if (S_ISDIR(st->st_mode)) {
		source->is_directory = true;
		return index_directory(source);
	}
	if (source->is_flat || !(S_ISREG(st->st_mode) || is_pipe))
		return error_new(ERROR_UNREADABLE, "%s", what_it_is_not(source, st));
	source->size = (uint64_t)st->st_size;
	return index_tar(source, capture);
}

static struct error *open_file(struct source *source, const struct capture *capture)
{
	struct stat st;

	source->fd = !strcmp(source->path, "-")
			     ? dup(STDIN_FILENO)
			     : open(source->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (source->fd < 0 || fstat(source->fd, &st) < 0)
		return error_errno(ERROR_UNREADABLE, "cannot open");
	return index_file(source, &st, capture);
}

/* SOURCE: what is known of it before it is opened. */
static struct error *open_source(const char *path, struct source source,
				 const struct capture *capture, struct source *ret)
{
	struct error *error;

	source.fd = -1;
	source.last = NO_OPEN_FILE;
	source.spool = capture ? capture->spool : NULL;
	if (source.outer && !source.spool)
		source.spool = source.outer->spool;
	arena_init(&source.arena);
	problems_init(&source.problems);
	source.path = arena_text(&source.arena, bytes_of(path));
	error = source.outer ? index_tar(&source, capture) : open_file(&source, capture);
	if (error) {
		error = error_in_source(error, path);
		source_close(&source);
		return error;
	}
	sort_names(&source);
	*ret = source;
	return NULL;
}

struct error *source_open(const char *path, const struct capture *capture, struct source *ret)
{
	return open_source(path, (struct source){ 0 }, capture, ret);
}

struct error *source_open_flat(const char *path, struct source *ret)
{
	return open_source(path, (struct source){ .is_flat = true }, NULL, ret);
}

static unsigned nesting(const struct source *source)
{
	unsigned depth = 0;

	for (; source->outer; source = source->outer)
		depth++;
	return depth;
}

/* What was unpacked for an archive inside another counts for all of them together. */
static struct error *account(struct source *source, const struct source *inner)
{
	while (source->outer)
		source = source->outer;
	if (inner)
		source->unpacked_inside += inner->unpacked +
					   (inner->is_streamed ? inner->outer->unpacked : 0);
	if (source->unpacked_inside <= inflation_limit(source->size, INSIDE_FACTOR))
		return NULL;
	return error_in_source(error_new(ERROR_LIMIT, "the archives inside it inflate to more than %llu "
						      "bytes; the rest of them is left out",
					 (unsigned long long)inflation_limit(source->size, INSIDE_FACTOR)),
			       source->path);
}

struct error *source_open_member(struct source *outer, const struct member *member,
				 const struct capture *capture, struct source *ret)
{
	struct source source = { .outer = outer, .outer_member = source_index(outer, member),
				 .size = member->size };
	struct error *error;
	char *path;

	if (member->type != MEMBER_FILE)
		return member_error(error_new(ERROR_DAMAGED, "not a regular file"), outer, member);
	if (nesting(outer) == MAX_NESTING)
		return member_error(error_new(ERROR_LIMIT, "archives inside archives, nested deeper than %d",
					      MAX_NESTING),
				    outer, member);
	error = account(outer, NULL);
	if (error)
		return error;
	if (asprintf(&path, "%s/%.*s", outer->path, BYTES_FMT(member->name)) < 0)
		out_of_memory();
	error = open_source(path, source, capture, ret);
	free(path);
	if (!error)
		error_free(account(outer, ret)); /* the next one will be told */
	return error;
}

void source_own_outer(struct source *source)
{
	struct source *outer = malloc(sizeof(*outer));

	if (!outer)
		out_of_memory();
	*outer = *source->outer;
	source->outer = outer;
	source->owns_outer = true;
}

const struct source *source_outermost(const struct source *source)
{
	while (source->outer)
		source = source->outer;
	return source;
}

bool source_is_same(const struct source *a, const struct source *b)
{
	struct stat left, right;

	if (a == b)
		return true;
	if (a->outer || b->outer)
		return a->outer && b->outer && a->outer_member == b->outer_member &&
		       source_is_same(a->outer, b->outer);
	return fstat(a->fd, &left) == 0 && fstat(b->fd, &right) == 0 && left.st_dev == right.st_dev &&
	       left.st_ino == right.st_ino;
}

void source_close(struct source *source)
{
	if (source->last.fd >= 0)
		close(source->last.fd);
	if (source->fd >= 0)
		close(source->fd);
	if (source->owns_outer) {
		source_close(source->outer);
		free(source->outer);
	}
	problems_deinit(&source->problems);
	arena_deinit(&source->arena);
	*source = (struct source){ .fd = -1, .last = NO_OPEN_FILE };
}

const struct member *source_find(const struct source *source, struct bytes name)
{
	size_t low = 0, high = source->n_by_name;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct member *member = &source->members.items[source->by_name[middle]];
		int order = bytes_compare(name, member->name);

		if (order == 0)
			return member;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}
