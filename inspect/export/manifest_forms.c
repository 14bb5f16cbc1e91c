#include "inspect/export/manifest_forms.h"

#include "decoders/base/escape.h"
#include "decoders/base/json_c.h"
#include "decoders/base/json_text.h"
#include "decoders/base/size.h"
#include "inspect/options.h"

/* --- writing ------------------------------------------------------------------------------------------ */

static void write_hashdeep(const struct manifest *manifest, struct out *out)
{
	out_text(out, "%%%% HASHDEEP-1.0\n"
		      "%%%% size,sha256,filename\n"
		      "## by coldcase " COLDCASE_VERSION "; in names \\xNN is a byte, \\\\ a backslash\n"
		      "##\n");
	for (size_t i = 0; i < manifest->entries.n; i++) {
		const struct manifest_entry *entry = &manifest->entries.items[i];

		if (!*entry->sha256)
			continue;
		out_printf(out, "%llu,%s,%s", (unsigned long long)entry->size, entry->sha256,
			   entry->is_archive || manifest->is_directory ? "./" : "");
		escape_text(out, entry->name);
		out_char(out, '\n');
	}
}

static void write_rows(const struct manifest *manifest, enum format format, struct out *out)
{
	static const char *const names[] = { "kind", "name", "size", "sha256" };
	struct row_writer writer;

	rows_begin(&writer, row_form_of(format), names, ARRAY_SIZE(names), out);
	for (size_t i = 0; i < manifest->entries.n; i++) {
		const struct manifest_entry *entry = &manifest->entries.items[i];
		const struct value values[] = {
			value_text(entry->is_archive ? BYTES("archive") : BYTES("member")),
			value_text(entry->name),
			value_number(VALUE_UINT, entry->size),
			value_text(*entry->sha256 ? bytes_of(entry->sha256) : NO_BYTES),
		};

		rows_put(&writer, values);
	}
	rows_end(&writer);
}

void manifest_write(const struct manifest *manifest, enum format format, struct out *out)
{
	if (format == FORMAT_TEXT)
		write_hashdeep(manifest, out);
	else
		write_rows(manifest, format, out);
}

/* --- reading: what both forms have ---------------------------------------------------------------------- */

struct parsing {
	struct bytes text;
	size_t pos; /* of what is looked at */
	struct arena *arena;
	struct manifest *manifest;
};

static struct error *parse_error(const struct parsing *parsing, const char *what)
{
	size_t line, column;

	json_line_and_column(parsing->text, parsing->pos, &line, &column);
	return error_new(ERROR_UNREADABLE, "line %zu: %s", line, what);
}

static bool read_number(struct bytes text, uint64_t *ret)
{
	uint64_t number = 0;

	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] < '0' || text.data[i] > '9' || !size_mul(number, 10, &number) ||
		    !size_add(number, (uint64_t)(text.data[i] - '0'), &number))
			return false;
	*ret = number;
	return text.len > 0;
}

static bool read_sha256(struct bytes text, char ret[DIGEST_TEXT + 1])
{
	for (size_t i = 0; i < text.len && i < DIGEST_TEXT; i++) {
		uint8_t c = text.data[i];

		if (c >= 'A' && c <= 'F')
			c |= 0x20;
		if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
			return false;
		ret[i] = (char)c;
	}
	ret[DIGEST_TEXT] = '\0';
	return text.len == DIGEST_TEXT;
}

/* --- hashdeep's ------------------------------------------------------------------------------------------- */

enum { MOST_COLUMNS = 16 };

struct columns {
	size_t n, size, sha256; /* the last is the name */
};

static struct bytes next_line(struct parsing *parsing, size_t *next)
{
	struct bytes rest = bytes_from(parsing->text, *next), line;

	parsing->pos = *next;
	line = bytes_first(rest, bytes_find(rest, '\n'));
	*next += line.len + 1;
	return line.len && line.data[line.len - 1] == '\r' ? bytes_first(line, line.len - 1) : line;
}

/* "%%%% size,md5,sha256,filename" */
static struct error *parse_columns(struct parsing *parsing, struct bytes line, struct columns *ret)
{
	struct columns columns = { .size = MOST_COLUMNS, .sha256 = MOST_COLUMNS };
	struct bytes rest = bytes_from(line, 5), name = NO_BYTES;

	while (rest.len && columns.n < MOST_COLUMNS) {
		name = bytes_first(rest, bytes_find(rest, ','));
		rest = bytes_from(rest, name.len + 1);
		if (bytes_equal(name, BYTES("size")))
			columns.size = columns.n;
		else if (bytes_equal(name, BYTES("sha256")))
			columns.sha256 = columns.n;
		columns.n++;
	}
	if (!bytes_start_with(line, BYTES("%%%% ")) || columns.size == MOST_COLUMNS ||
	    columns.sha256 == MOST_COLUMNS || !bytes_equal(name, BYTES("filename")))
		return parse_error(parsing, "the columns size, sha256 and, last, filename are wanted");
	*ret = columns;
	return NULL;
}

static struct error *parse_line(struct parsing *parsing, struct bytes line, const struct columns *columns)
{
	struct manifest_entry entry = { .is_archive = false };
	bool fits = true;

	for (size_t i = 0; i + 1 < columns->n; i++) {
		size_t len = bytes_find(line, ',');
		struct bytes field = bytes_first(line, len);

		fits = fits && len < line.len;
		if (i == columns->size)
			fits = fits && read_number(field, &entry.size);
		else if (i == columns->sha256)
			fits = fits && read_sha256(field, entry.sha256);
		line = bytes_from(line, len + 1);
	}
	if (!fits)
		return parse_error(parsing, "not a line of a manifest");
	entry.is_archive = bytes_start_with(line, BYTES("./"));
	entry.name = escape_undo(parsing->arena, bytes_from(line, entry.is_archive ? 2 : 0));
	*vec_push(parsing->arena, &parsing->manifest->entries) = entry;
	return NULL;
}

/* "./" before one name says that it is the archive; before several, that they are in a directory. */
static void find_archive(struct manifest *manifest)
{
	size_t n = 0;

	for (size_t i = 0; i < manifest->entries.n; i++)
		n += manifest->entries.items[i].is_archive;
	for (size_t i = 0; i < manifest->entries.n && n > 1; i++)
		manifest->entries.items[i].is_archive = false;
}

static struct error *parse_hashdeep(struct parsing *parsing)
{
	struct columns columns;
	struct error *error;
	size_t next = 0;

	next_line(parsing, &next);
	error = parse_columns(parsing, next_line(parsing, &next), &columns);
	while (!error && next < parsing->text.len) {
		struct bytes line = next_line(parsing, &next);

		if (line.len && line.data[0] != '#')
			error = parse_line(parsing, line, &columns);
	}
	find_archive(parsing->manifest);
	return error;
}

/* --- JSON ---------------------------------------------------------------------------------------------------- */

enum { LONGEST_OBJECT = 1 << 20 }; /* of text; the longest name with all its bytes escaped fits */

static struct bytes text_of(struct json_object *object, const char *key)
{
	struct json_object *value;

	if (!json_object_object_get_ex(object, key, &value) || !json_object_is_type(value, json_type_string))
		return NO_BYTES;
	return (struct bytes){ (const uint8_t *)json_object_get_string(value),
			       (size_t)json_object_get_string_len(value) };
}

static bool take_object(struct parsing *parsing, struct json_object *object)
{
	struct bytes name = text_of(object, "name"), sha256 = text_of(object, "sha256");
	struct manifest_entry entry = { .is_archive = bytes_equal(text_of(object, "kind"), BYTES("archive")) };
	struct json_object *size;

	if (!name.data || !json_object_object_get_ex(object, "size", &size) ||
	    !json_object_is_type(size, json_type_int) || json_object_get_int64(size) < 0 ||
	    (sha256.data && !read_sha256(sha256, entry.sha256)))
		return false;
	entry.size = json_object_get_uint64(size);
	entry.name = escape_undo(parsing->arena, name);
	*vec_push(parsing->arena, &parsing->manifest->entries) = entry;
	return true;
}

static struct error *parse_object(struct parsing *parsing, size_t start, size_t end)
{
	struct bytes text = bytes_first(bytes_from(parsing->text, start), end - start);
	struct json_object *object = NULL;
	const char *reason;
	size_t broken;
	bool taken;

	parsing->pos = start;
	if (text.len > LONGEST_OBJECT)
		return parse_error(parsing, "an object with name, size and sha256 is wanted");
	if (!json_c_parse(text, &object, &broken, &reason))
		return parse_error(parsing, reason);
	taken = json_object_is_type(object, json_type_object) && take_object(parsing, object);
	json_object_put(object);
	return taken ? NULL : parse_error(parsing, "an object with name, size and sha256 is wanted");
}

static struct error *parse_list(struct parsing *parsing)
{
	struct error *error = NULL;
	struct json_member member;
	struct json_walk walk;
	enum json_step step = JSON_END;

	json_walk_begin(parsing->text, parsing->pos, &walk);
	while (!error && (step = json_walk_next(&walk, &member)) == JSON_MEMBER)
		error = parse_object(parsing, member.start, member.end);
	parsing->pos = walk.pos;
	if (!error && step == JSON_BROKEN)
		error = parse_error(parsing, walk.reason);
	return error;
}

/* An object a line. */
static struct error *parse_lines(struct parsing *parsing)
{
	struct error *error = NULL;
	size_t next = 0;

	while (!error && next < parsing->text.len) {
		struct bytes line = next_line(parsing, &next);

		if (json_skip_blank(line, 0) < line.len)
			error = parse_object(parsing, parsing->pos, parsing->pos + line.len);
	}
	return error;
}

struct error *manifest_read(struct bytes text, struct arena *arena, struct manifest *ret)
{
	struct manifest manifest = { 0 };
	struct parsing parsing = { .text = text, .arena = arena, .manifest = &manifest };
	size_t start = json_skip_blank(text, 0);
	struct error *error;

	if (bytes_start_with(text, BYTES("%%%% HASHDEEP-1.")))
		error = parse_hashdeep(&parsing);
	else if (start < text.len && text.data[start] == '[')
		error = (parsing.pos = start, parse_list(&parsing));
	else if (start < text.len && text.data[start] == '{')
		error = parse_lines(&parsing);
	else
		error = error_new(ERROR_UNREADABLE, "neither a manifest of hashdeep's form nor JSON");
	if (!error)
		*ret = manifest;
	return error;
}
