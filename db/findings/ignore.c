#include "db/findings/ignore.h"

#include <ctype.h>
#include <fnmatch.h>
#include <time.h>

#include "decoders/base/escape.h"

enum { LONGEST_SUBJECT = 120 };

/* --- reading ------------------------------------------------------------------------------------------- */

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

static const char blanks[] = " \t\r";

/* The quote that ends the quoted word at WORD, or the end of the line. */
static char *closing_quote(char *word)
{
	for (word++; *word && *word != '"'; word++)
		word += *word == '\\' && word[1];
	return word;
}

/* The "#" that is in no quotes; NULL where there is none. */
static char *find_reason(char *line)
{
	for (char *at = line; *at; at++) {
		if (*at == '#')
			return at;
		if (*at == '"' && (at == line || strchr(blanks, at[-1])))
			at = closing_quote(at);
		if (!*at)
			break;
	}
	return NULL;
}

/* Cut off, and out of its quotes; NULL at the end. */
static char *next_word(char **rest, bool *ret_is_quoted)
{
	char *word = *rest + strspn(*rest, blanks), *end;

	*ret_is_quoted = *word == '"';
	end = *ret_is_quoted ? closing_quote(word) : word + strcspn(word, blanks);
	*rest = *end ? end + 1 : end;
	*end = '\0';
	return *word || *ret_is_quoted ? word + *ret_is_quoted : NULL;
}

static struct error *take_word(struct ignore_line *line, char *word, bool is_quoted)
{
	if (!line->rule) {
		line->rule = word;
	} else if (!is_quoted && !strncmp(word, "exp:", 4)) {
		if (!is_date(word + 4))
			return error_new(ERROR_USAGE, "\"%s\" is no exp:YYYY-MM-DD of a day that there is", word);
		line->expires = word + 4;
	} else if (!line->subject) {
		line->subject = word;
	} else {
		return error_new(ERROR_USAGE, "more than RULE SUBJECT exp:YYYY-MM-DD # reason: a subject with blanks "
					      "stands in quotes (\"process 1\")");
	}
	return NULL;
}

struct error *ignore_line_parse(char *line, struct ignore_line *ret)
{
	char *reason = find_reason(line), *word;
	struct error *error = NULL;
	bool is_quoted;

	*ret = (struct ignore_line){ 0 };
	if (reason == line || line[strspn(line, blanks)] == '\0')
		return NULL; /* a comment, or nothing */
	if (reason)
		ret->reason = trimmed(reason + 1);
	if (!ret->reason.len)
		return error_new(ERROR_USAGE, "no reason: a line ends with \"# reason\", outside of quotes");
	*reason = '\0';
	while (!error && (word = next_word(&line, &is_quoted)))
		error = take_word(ret, word, is_quoted);
	return error;
}

/* --- lists --------------------------------------------------------------------------------------------- */

void ignore_list_init(struct ignore_list *list)
{
	*list = (struct ignore_list){ 0 };
	arena_init(&list->arena);
}

void ignore_list_deinit(struct ignore_list *list)
{
	arena_deinit(&list->arena);
}

/* The day in UTC, which alone decides what has expired. */
static void put_today(char *text, size_t size)
{
	time_t now = time(NULL);
	struct tm day;

	text[0] = '\0';
	if (gmtime_r(&now, &day))
		strftime(text, size, "%Y-%m-%d", &day);
}

static struct error *take_line(struct ignore_list *list, char *text, unsigned number, const char *today)
{
	struct ignored_line taken = { .line = number };
	struct error *error = ignore_line_parse(text, &taken.says), *placed;

	if (error) {
		placed = error_new(ERROR_USAGE, "line %u: %s", number, error->message);
		error_free(error);
		return placed;
	}
	if (!taken.says.rule)
		return NULL;
	taken.is_expired = taken.says.expires && strcmp(taken.says.expires, today) < 0;
	*vec_push(&list->arena, &list->lines) = taken;
	return NULL;
}

struct error *ignore_list_add(struct ignore_list *list, struct bytes text)
{
	char *rest = arena_text(&list->arena, text), *line, today[16];
	struct error *error = NULL;
	unsigned number = 0;

	put_today(today, sizeof(today));
	while (!error && (line = strsep(&rest, "\n")))
		error = take_line(list, line, ++number, today);
	return error;
}

static bool names(struct arena *arena, const struct ignore_line *line, const struct finding *finding)
{
	return bytes_equal(finding->rule, bytes_of(line->rule)) &&
	       (!line->subject || fnmatch(line->subject, arena_text(arena, finding->subject), 0) == 0);
}

bool ignore_list_knows(struct ignore_list *list, const struct finding *finding, struct bytes *ret_reason)
{
	for (size_t i = 0; i < list->lines.n; i++) {
		struct ignored_line *line = &list->lines.items[i];

		if (!names(&list->arena, &line->says, finding))
			continue;
		line->was_used = true;
		if (line->is_expired)
			continue;
		*ret_reason = line->says.reason;
		return true;
	}
	return false;
}

/* --- writing ------------------------------------------------------------------------------------------- */

static bool needs_quotes(struct bytes subject)
{
	if (bytes_start_with(subject, BYTES("exp:")))
		return true;
	for (size_t i = 0; i < subject.len; i++)
		if (strchr(" #\"", subject.data[i]) && subject.data[i])
			return true;
	return false;
}

static void put_subject(struct bytes subject, struct out *out)
{
	const char *quote = needs_quotes(subject) ? "\"" : "";
	size_t start = out->len;
	uint32_t c;

	out_text(out, quote);
	while (subject.len && out->len - start < LONGEST_SUBJECT) {
		struct bytes before = subject;
		bool is_character = utf8_next(&subject, &c);

		if (!is_character)
			subject = bytes_from(before, 1);
		before.len -= subject.len;
		if (!is_character || (c >= 0x80 && character_is_unsafe(c)))
			out_char(out, '*'); /* how many characters it is depends on the locale */
		else if (c < ' ' || c == 0x7f)
			out_char(out, '?');
		else if (strchr("*?[]\\\"", (int)(c < 0x80 ? c : 'x')))
			out_printf(out, "\\%c", (char)c);
		else
			out_bytes(out, before);
	}
	if (subject.len)
		out_char(out, '*');
	out_text(out, quote);
}

void ignore_line_put(const struct finding *finding, const char *expires, struct out *out)
{
	escape_text(out, finding->rule);
	if (finding->subject.len) {
		out_char(out, ' ');
		put_subject(finding->subject, out);
	}
	if (expires)
		out_printf(out, " exp:%s", expires);
	out_text(out, " # ");
}
