#include "inspect/known.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "decoders/base/escape.h"

enum {
	LARGEST_KNOWN = 64 << 20, /* bytes of a file */
	MOST_KNOWN = 20000,
};

void known_init(struct known *known)
{
	*known = (struct known){ 0 };
	arena_init(&known->arena);
}

void known_deinit(struct known *known)
{
	arena_deinit(&known->arena);
}

static struct error *read_file(struct arena *arena, const char *path, struct bytes *ret)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a FIFO has no size, and is not waited for */
	struct error *error = NULL;
	struct stat st;
	uint8_t *data;
	size_t len = 0;

	if (fd < 0 || fstat(fd, &st) < 0)
		error = error_errno(ERROR_USAGE, "cannot be read");
	else if (!S_ISREG(st.st_mode) || st.st_size > LARGEST_KNOWN)
		error = error_new(ERROR_USAGE, "is no file, or larger than %d bytes", LARGEST_KNOWN);
	if (!error) {
		data = arena_alloc(arena, (size_t)st.st_size + 1);
		while (len < (size_t)st.st_size) {
			ssize_t n = read(fd, data + len, (size_t)st.st_size - len);

			if (n <= 0)
				break;
			len += (size_t)n;
		}
		data[len] = '\0';
		*ret = (struct bytes){ data, len };
	}
	if (fd >= 0)
		close(fd);
	return error ? error_in_source(error, path) : NULL;
}

/* --- the ignore file --------------------------------------------------------------------------------- */

static bool is_date(const char *text)
{
	for (size_t i = 0; i < 10; i++)
		if (i == 4 || i == 7 ? text[i] != '-' : !isdigit((unsigned char)text[i]))
			return false;
	return !text[10];
}

static struct error *take_line(struct known *known, char *line, unsigned number, const char *today)
{
	char *reason = strchr(line, '#'), *rest = NULL, *word;
	struct known_line taken = { .line = number };

	if (reason == line || line[strspn(line, " \t\r")] == '\0')
		return NULL; /* a comment, or nothing */
	if (!reason || reason[1 + strspn(reason + 1, " \t\r")] == '\0')
		return error_new(ERROR_USAGE, "line %u: no reason (\"# ...\")", number);
	*reason = '\0';
	for (word = strtok_r(line, " \t\r", &rest); word; word = strtok_r(NULL, " \t\r", &rest)) {
		if (!taken.rule) {
			taken.rule = word;
		} else if (!strncmp(word, "exp:", 4)) {
			if (!is_date(word + 4))
				return error_new(ERROR_USAGE, "line %u: not exp:YYYY-MM-DD", number);
			taken.is_expired = strcmp(word + 4, today) < 0;
		} else if (!taken.subject) {
			taken.subject = word;
		} else {
			return error_new(ERROR_USAGE, "line %u: more than RULE SUBJECT exp:YYYY-MM-DD", number);
		}
	}
	if (!taken.rule)
		return NULL;
	*vec_push(&known->arena, &known->lines) = taken;
	return NULL;
}

struct error *known_read_ignore(struct known *known, const char *path, const char *today)
{
	struct bytes text = NO_BYTES;
	struct error *error = read_file(&known->arena, path, &text);
	char *rest = NULL, *line;
	unsigned number = 0;

	if (error)
		return error;
	known->ignore = path;
	line = arena_text(&known->arena, text);
	for (; !error && line; line = rest) {
		rest = strchr(line, '\n');
		if (rest)
			*rest++ = '\0';
		error = take_line(known, line, ++number, today);
	}
	return error ? error_in_source(error, path) : NULL;
}

/* --- the baseline --------------------------------------------------------------------------------------- */

static struct bytes text_of(struct arena *arena, struct json_object *object, const char *key)
{
	struct json_object *value = NULL;

	if (!json_object_object_get_ex(object, key, &value) || !json_object_is_type(value, json_type_string))
		return NO_BYTES;
	return escape_undo(arena, (struct bytes){ (const uint8_t *)json_object_get_string(value),
						  (size_t)json_object_get_string_len(value) });
}

static void take_report(struct known *known, struct json_object *report)
{
	struct json_object *findings = NULL;

	if (!json_object_object_get_ex(report, "findings", &findings) ||
	    !json_object_is_type(findings, json_type_array))
		return;
	for (size_t i = 0; i < json_object_array_length(findings); i++) {
		struct json_object *finding = json_object_array_get_idx(findings, i);

		if (known->baseline.n >= MOST_KNOWN || !json_object_is_type(finding, json_type_object))
			continue;
		*vec_push(&known->arena, &known->baseline) =
			(struct known_finding){ text_of(&known->arena, finding, "rule"),
						text_of(&known->arena, finding, "subject") };
	}
}

struct error *known_read_baseline(struct known *known, const char *path)
{
	struct bytes text = NO_BYTES;
	struct error *error = read_file(&known->arena, path, &text);
	struct json_object *document;

	if (error)
		return error;
	document = json_tokener_parse((const char *)text.data);
	if (json_object_is_type(document, json_type_array))
		for (size_t i = 0; i < json_object_array_length(document); i++)
			take_report(known, json_object_array_get_idx(document, i));
	else if (json_object_is_type(document, json_type_object))
		take_report(known, document);
	else
		error = error_in_source(error_new(ERROR_USAGE, "is no JSON report of check"), path);
	json_object_put(document);
	return error;
}

/* --- looking up ---------------------------------------------------------------------------------------- */

/* Pids and addresses differ from one checkpoint to the next: digits do not count. */
static bool is_alike(struct bytes a, struct bytes b)
{
	for (;;) {
		while (a.len && isdigit(*a.data))
			a = bytes_from(a, 1);
		while (b.len && isdigit(*b.data))
			b = bytes_from(b, 1);
		if (!a.len || !b.len)
			return a.len == b.len;
		if (*a.data != *b.data)
			return false;
		a = bytes_from(a, 1);
		b = bytes_from(b, 1);
	}
}

static bool names(struct arena *arena, const struct known_line *line, const struct finding *finding)
{
	return bytes_equal(finding->rule, bytes_of(line->rule)) &&
	       (!line->subject || fnmatch(line->subject, arena_text(arena, finding->subject), 0) == 0);
}

bool known_is(struct known *known, const struct finding *finding)
{
	for (size_t i = 0; i < known->lines.n; i++) {
		struct known_line *line = &known->lines.items[i];

		if (!names(&known->arena, line, finding))
			continue;
		line->was_used = true;
		if (!line->is_expired)
			return true;
	}
	for (size_t i = 0; i < known->baseline.n; i++)
		if (bytes_equal(known->baseline.items[i].rule, finding->rule) &&
		    is_alike(known->baseline.items[i].subject, finding->subject))
			return true;
	return false;
}

void known_tell(const struct known *known, struct problems *notes)
{
	for (size_t i = 0; i < known->lines.n; i++) {
		const struct known_line *line = &known->lines.items[i];

		if (line->is_expired && line->was_used)
			problems_add(notes, error_in_source(error_new(ERROR_USAGE, "line %u: %s has expired",
								      line->line, line->rule), known->ignore));
		else if (!line->was_used)
			problems_add(notes, error_in_source(error_new(ERROR_USAGE, "line %u: nothing is known by it: %s",
								      line->line, line->rule), known->ignore));
	}
}
