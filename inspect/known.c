#include "inspect/known.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "inspect/scan_rules.h"

enum { LARGEST_KNOWN = 64 << 20 }; /* bytes of a file */

void known_init(struct known *known)
{
	*known = (struct known){ 0 };
	arena_init(&known->arena);
	ignore_list_init(&known->ignored);
}

void known_deinit(struct known *known)
{
	ignore_list_deinit(&known->ignored);
	arena_deinit(&known->arena);
}

/* Windows tools put the mark of UTF-8 in front of what they write. */
static struct bytes without_mark(struct bytes text)
{
	const struct bytes mark = BYTES("\xef\xbb\xbf");

	return bytes_start_with(text, mark) ? bytes_from(text, mark.len) : text;
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
		*ret = without_mark((struct bytes){ data, len });
	}
	if (fd >= 0)
		close(fd);
	return error ? error_in_source(error, path) : NULL;
}

/* --- the ignore file --------------------------------------------------------------------------------- */

struct error *known_read_ignore(struct known *known, const char *path)
{
	struct bytes text = NO_BYTES;
	struct error *error = NULL;

	if (!path && access(IGNORE_FILE, F_OK) != 0)
		return NULL;
	path = path ? path : IGNORE_FILE;
	known->ignored.path = path;
	error = known_read_file(&known->arena, path, &text);
	return error ? error : error_in_source(ignore_list_add(&known->ignored, text), path);
}

/* --- what is known ------------------------------------------------------------------------------------- */

static bool knows(void *context, const struct finding *finding, struct bytes *ret_reason, bool *ret_in_baseline)
{
	struct known *known = context;
	struct known_finding *before = known_find(known, finding);

	if (before)
		before->was_found = true;
	*ret_in_baseline = before && finding->severity >= before->finding.severity;
	if (ignore_list_knows(&known->ignored, finding, ret_reason)) {
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
	const struct ignore_list *ignored = &known->ignored;

	for (size_t i = 0; i < ignored->lines.n; i++) {
		const struct ignored_line *line = &ignored->lines.items[i];

		if (scan_finds(line->says.rule) != of_scan)
			continue;
		if (line->is_expired && line->was_used)
			problems_add(notes, error_in_source(error_new(ERROR_USAGE, "line %u: %s has expired",
								      line->line, line->says.rule), ignored->path));
		else if (!line->was_used)
			problems_add(notes, error_in_source(error_new(ERROR_USAGE, "line %u: nothing is known by it: %s",
								      line->line, line->says.rule), ignored->path));
	}
}
