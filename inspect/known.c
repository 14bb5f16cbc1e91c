#include "inspect/known.h"

#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "inspect/scan_rules.h"

enum { LARGEST_KNOWN = 64 << 20 }; /* bytes of a file */

void known_init(struct known *known)
{
	*known = (struct known){ 0 };
	arena_init(&known->arena);
}

void known_deinit(struct known *known)
{
	arena_deinit(&known->arena);
}

struct error *known_read_file(struct arena *arena, const char *path, struct bytes *ret)
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

static struct error *take_line(struct known *known, char *line, unsigned number, const char *today)
{
	struct known_line taken = { .line = number };
	struct error *error = ignore_line_parse(line, &taken.says);

	if (error) {
		struct error *placed = error_new(ERROR_USAGE, "line %u: %s", number, error->message);

		error_free(error);
		return placed;
	}
	if (!taken.says.rule)
		return NULL;
	taken.is_expired = taken.says.expires && strcmp(taken.says.expires, today) < 0;
	*vec_push(&known->arena, &known->lines) = taken;
	return NULL;
}

struct error *known_read_ignore(struct known *known, const char *path, const char *today)
{
	struct bytes text = NO_BYTES;
	struct error *error = known_read_file(&known->arena, path, &text);
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

/* --- what is known ------------------------------------------------------------------------------------- */

static bool names(struct arena *arena, const struct known_line *line, const struct finding *finding)
{
	return bytes_equal(finding->rule, bytes_of(line->says.rule)) &&
	       (!line->says.subject || fnmatch(line->says.subject, arena_text(arena, finding->subject), 0) == 0);
}

static bool knows(void *context, const struct finding *finding, struct bytes *ret_reason, bool *ret_in_baseline)
{
	struct known *known = context;
	struct known_finding *before = known_find(known, finding);

	if (before)
		before->was_found = true;
	*ret_in_baseline = before && finding->severity >= before->finding.severity;
	for (size_t i = 0; i < known->lines.n; i++) {
		struct known_line *line = &known->lines.items[i];

		if (!names(&known->arena, line, finding))
			continue;
		line->was_used = true;
		if (line->is_expired)
			continue;
		*ret_reason = line->says.reason;
		*ret_in_baseline = false;
		return true;
	}
	*ret_reason = BYTES("in the baseline");
	return *ret_in_baseline;
}

void known_apply(struct known *known, struct findings *findings)
{
	findings_suppress(findings, knows, known);
}

void known_tell(const struct known *known, bool of_scan, struct problems *notes)
{
	for (size_t i = 0; i < known->lines.n; i++) {
		const struct known_line *line = &known->lines.items[i];

		if (scan_finds(line->says.rule) != of_scan)
			continue;
		if (line->is_expired && line->was_used)
			problems_add(notes, error_in_source(error_new(ERROR_USAGE, "line %u: %s has expired",
								      line->line, line->says.rule), known->ignore));
		else if (!line->was_used)
			problems_add(notes, error_in_source(error_new(ERROR_USAGE, "line %u: nothing is known by it: %s",
								      line->line, line->says.rule), known->ignore));
	}
}
