#include "inspect/images.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "decoders/base/nearest.h"
#include "decoders/base/progress.h"
#include "decoders/base/size.h"
#include "decoders/model/capture.h"
#include "decoders/model/enter.h"

enum { READ_STEP = 1 << 20 };

struct visit {
	struct invocation *invocation;
	image_visitor visitor;
	void *context;
	struct arena arena; /* of the image that is being visited */
};

static void visit_bytes(struct visit *visit, const char *source, struct bytes name,
			struct bytes image)
{
	struct image_reader reader;
	struct error *error;

	error = image_open(image, name, source, &visit->invocation->problems, &reader);
	if (error) {
		problems_add(&visit->invocation->problems,
			     source ? error_in_source(error, source) : error);
		return;
	}
	visit->visitor(&reader, visit->context);
	image_close(&reader);
}

/* --- files ------------------------------------------------------------------------------------ */

static struct error *read_all(int fd, uint64_t max, struct out *out)
{
	for (;;) {
		static char buffer[READ_STEP];
		ssize_t n = read(fd, buffer, sizeof(buffer));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_errno(ERROR_UNREADABLE, "cannot read");
		if (n == 0)
			return NULL;
		if (out->len + (size_t)n > max)
			return error_new(ERROR_LIMIT, "more than the limit of %llu bytes",
					 (unsigned long long)max);
		out_write(out, buffer, (size_t)n);
		progress_tick(out->len, 0);
	}
}

struct error *read_whole(const char *path, uint64_t max, struct out *ret)
{
	bool is_stdin = !strcmp(path, "-");
	int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	struct error *error;
	struct out bytes;

	if (fd < 0)
		return error_in_source(error_errno(ERROR_UNREADABLE, "cannot open"), path);
	out_init(&bytes, -1);
	error = read_all(fd, max, &bytes);
	if (!is_stdin)
		close(fd);
	if (error)
		out_deinit(&bytes);
	else
		*ret = bytes;
	return error_in_source(error, path);
}

static struct error *visit_file(struct visit *visit, const char *path)
{
	struct out bytes = { 0 };
	struct error *error;

	error = read_whole(path, MAX_LOADED, &bytes);
	if (error)
		return error;
	visit_bytes(visit, NULL, !strcmp(path, "-") ? BYTES("standard input") : bytes_of(path),
		    out_held(&bytes));
	out_deinit(&bytes);
	return NULL;
}

static struct error *visit_files(struct visit *visit)
{
	for (int i = 0; i < visit->invocation->n_arguments; i++) {
		struct error *error = visit_file(visit, visit->invocation->arguments[i]);

		if (visit->invocation->n_arguments == 1)
			return error;
		problems_add(&visit->invocation->problems, error);
	}
	return NULL;
}

/* --- members ----------------------------------------------------------------------------------- */

/* MEMBER itself, or the end of its name behind a slash. */
static bool names_member(const char *argument, struct bytes member)
{
	struct bytes name = bytes_of(argument);

	return bytes_equal(name, member) ||
	       (member.len > name.len && bytes_end_with(member, name) &&
		member.data[member.len - name.len - 1] == '/');
}

static bool is_wanted(const struct invocation *invocation, struct bytes name, struct bytes head)
{
	struct image_header header;

	for (int i = 1; i < invocation->n_arguments; i++)
		if (names_member(invocation->arguments[i], name))
			return true;
	return invocation->n_arguments == 1 && image_has_magic(head) &&
	       image_recognise(head, name, &header);
}

static enum capture_plan plan(void *context, const struct source *source,
			      const struct member *member, struct bytes head, struct arena *arena,
			      const struct range **ret_ranges, size_t *ret_n)
{
	(void)source;
	(void)arena;
	(void)ret_ranges;
	(void)ret_n;
	return is_wanted(context, member->name, head) ? CAPTURE_ALL : CAPTURE_NOTHING;
}

static void visit_member(struct visit *visit, struct source *source, const struct member *member)
{
	struct bytes image = { 0 };
	struct error *error;

	error = source_load(source, member, MAX_LOADED, &visit->arena, &image);
	problems_add(&visit->invocation->problems, error);
	if (image.data)
		visit_bytes(visit, source->path, member->name, image);
	arena_reset(&visit->arena);
}

/* Raw kinds have no entries: pages alone may be most of a checkpoint. */
static bool is_raw(struct bytes name)
{
	struct image_header header;

	return image_recognise(NO_BYTES, name, &header) && header.first == FIRST_RAW;
}

/* Every image of the source; members that are none are passed over. An error where all are. */
static struct error *visit_all(struct visit *visit, struct source *source)
{
	size_t n = 0;

	for (size_t i = 0; i < source->n_by_name; i++) {
		const struct member *member = &source->members.items[source->by_name[i]];
		uint8_t bytes[IMAGE_HEADER_MAX];
		struct bytes head = { bytes, 0 };

		if (member->type != MEMBER_FILE || is_raw(member->name))
			continue;
		head.len = source_head(source, member, bytes, sizeof(bytes));
		if (!is_wanted(visit->invocation, member->name, head))
			continue;
		visit_member(visit, source, member);
		n++;
	}
	return n ? NULL
		 : error_in_source(error_new(ERROR_UNREADABLE, "holds no image that has entries"), source->path);
}

static struct error *find_member(const struct source *source, const char *argument,
				 const struct member **ret)
{
	const struct member *found = source_find(source, bytes_of(argument));
	struct nearest nearest = nearest_to(bytes_of(argument));

	for (size_t i = 0; !found && i < source->n_by_name; i++) {
		const struct member *member = &source->members.items[source->by_name[i]];

		if (names_member(argument, member->name))
			found = member;
		nearest_try(&nearest, bytes_basename(member->name));
		nearest_try(&nearest, member->name);
	}
	if (!found)
		return error_in_source(nearest_hint(&nearest,
						    error_new(ERROR_UNREADABLE,
							      "there is no member \"%s\"", argument),
						    NULL),
				       source->path);
	*ret = found;
	return NULL;
}

static struct error *visit_named(struct visit *visit, struct source *source)
{
	for (int i = 1; i < visit->invocation->n_arguments; i++) {
		const struct member *member = NULL;
		struct error *error = find_member(source, visit->invocation->arguments[i], &member);

		if (error && visit->invocation->n_arguments == 2)
			return error;
		problems_add(&visit->invocation->problems, error);
		if (!error)
			visit_member(visit, source, member);
	}
	return NULL;
}

/* Whether any of what is asked for is in the source. */
static bool has_wanted(const struct invocation *invocation, struct source *source)
{
	for (size_t i = 0; i < source->n_by_name; i++) {
		const struct member *member = &source->members.items[source->by_name[i]];
		uint8_t bytes[IMAGE_HEADER_MAX];
		struct bytes head = { bytes, 0 };

		if (invocation->n_arguments == 1)
			head.len = source_head(source, member, bytes, sizeof(bytes));
		if (member->type == MEMBER_FILE && is_wanted(invocation, member->name, head))
			return true;
	}
	return false;
}

/* Named members of a streamed archive are kept whole; the first pass over it keeps images alone. */
static struct error *keep_named(struct visit *visit, struct source *source)
{
	const struct invocation *invocation = visit->invocation;
	VEC(struct want) wants = { 0 };

	for (int i = 1; i < invocation->n_arguments; i++) {
		const struct member *member;
		struct error *error = find_member(source, invocation->arguments[i], &member);

		if (error)
			error_free(error); /* told when it is visited */
		else if (member->size && member->size <= MAX_LOADED)
			*vec_push(&visit->arena, &wants) = (struct want){
				.member = source_index(source, member), .range = { 0, member->size }
			};
	}
	return source_keep(source, wants.items, wants.n);
}

/* The archive again, and what is inside the archives in it. */
static struct error *enter_nested(struct visit *visit, struct source *source)
{
	struct capture capture = { .plan = capture_plan, .context = capture_new(&visit->arena) };
	struct wrapper wrapper;
	struct bytes images;
	struct source outer;
	struct error *error = source_open(visit->invocation->arguments[0], &capture, &outer);

	if (error)
		return error;
	error = enter_images(&outer, visit->invocation->options.inside, &visit->arena,
			     &visit->invocation->problems, &wrapper, &images);
	if (!error)
		error = keep_named(visit, &outer);
	if (error) {
		source_close(&outer);
		return error;
	}
	source_close(source);
	*source = outer;
	return NULL;
}

static struct error *visit_members(struct visit *visit)
{
	struct invocation *invocation = visit->invocation;
	struct capture capture = { .plan = plan, .context = invocation };
	struct source source;
	struct error *error;

	error = source_open(invocation->arguments[0], &capture, &source);
	if (error)
		return error;
	problems_move(&invocation->problems, &source.problems);
	if (!has_wanted(invocation, &source))
		error_free(enter_nested(visit, &source)); /* then it is looked for here, and told */
	if (invocation->n_arguments == 1)
		error = visit_all(visit, &source);
	else
		error = visit_named(visit, &source);
	source_close(&source);
	return error;
}

/* Whether PATH is an image itself, and no archive or directory of them. */
static bool is_image_file(const struct invocation *invocation)
{
	const char *path = invocation->arguments[0];
	uint8_t bytes[IMAGE_HEADER_MAX];
	struct image_header header;
	struct stat st;
	ssize_t len;
	int fd;

	/* With members behind it standard input is an archive; alone it is an image. */
	if (!strcmp(path, "-"))
		return invocation->n_arguments == 1;
	if (stat(path, &st) < 0 || S_ISDIR(st.st_mode))
		return false;
	if (S_ISFIFO(st.st_mode))
		return true;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return false;
	len = read(fd, bytes, sizeof(bytes));
	close(fd);
	return len >= 0 && image_recognise((struct bytes){ bytes, (size_t)len }, bytes_of(path), &header);
}

struct error *visit_images(struct invocation *invocation, image_visitor visitor, void *context,
			   bool *ret_several)
{
	struct visit visit = { .invocation = invocation, .visitor = visitor, .context = context };
	bool files = is_image_file(invocation);
	struct error *error;

	*ret_several = files ? invocation->n_arguments > 1 : invocation->n_arguments != 2;
	arena_init(&visit.arena);
	error = files ? visit_files(&visit) : visit_members(&visit);
	arena_deinit(&visit.arena);
	return error;
}
