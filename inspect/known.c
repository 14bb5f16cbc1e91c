#include "inspect/known.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>


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

static unsigned number(const char *text, size_t n)
{
	unsigned number = 0;

	for (size_t i = 0; i < n; i++)
		number = number * 10 + (unsigned)(text[i] - '0');
	return number;
}

/* YYYY-MM-DD, and a day that there is. */
static bool is_date(const char *text)
{
	static const unsigned days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	unsigned year, month, day;
	bool is_leap;

	for (size_t i = 0; i < 10; i++)
		if (i == 4 || i == 7 ? text[i] != '-' : !isdigit((unsigned char)text[i]))
			return false;
	year = number(text, 4);
	month = number(text + 5, 2);
	day = number(text + 8, 2);
	is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
	return !text[10] && month >= 1 && month <= 12 && day >= 1 &&
	       day <= days[month - 1] + (month == 2 && is_leap);
}

static struct bytes trimmed(const char *text)
{
	struct bytes bytes = bytes_of(text + strspn(text, " \t"));

	while (bytes.len && strchr(" \t\r", bytes.data[bytes.len - 1]))
		bytes.len--;
	return bytes;
}

static struct error *take_line(struct known *known, char *line, unsigned number, const char *today)
{
	char *reason = strchr(line, '#'), *rest = NULL, *word;
	struct known_line taken = { .line = number };

	if (reason == line || line[strspn(line, " \t\r")] == '\0')
		return NULL; /* a comment, or nothing */
	if (reason)
		taken.reason = trimmed(reason + 1);
	if (!taken.reason.len)
		return error_new(ERROR_USAGE, "line %u: no reason (\"# ...\")", number);
	*reason = '\0';
	for (word = strtok_r(line, " \t\r", &rest); word; word = strtok_r(NULL, " \t\r", &rest)) {
		if (!taken.rule) {
			taken.rule = word;
		} else if (!strncmp(word, "exp:", 4)) {
			if (!is_date(word + 4))
				return error_new(ERROR_USAGE, "line %u: \"%s\" is no exp:YYYY-MM-DD of a day that there is",
						 number, word);
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
	return bytes_equal(finding->rule, bytes_of(line->rule)) &&
	       (!line->subject || fnmatch(line->subject, arena_text(arena, finding->subject), 0) == 0);
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
		*ret_reason = line->reason;
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
