/* What the user writes: rows, bytes, lines of what is known. It goes into the directory of -o and nowhere else. */
#include <errno.h>
#include <unistd.h>

#include "db/findings/ignore.h"
#include "db/tables/render.h"
#include "decoders/base/escape.h"
#include "tui/internal.h"
#include "tui/widgets/hexdump.h"

static enum row_form form_of(struct bytes name)
{
	if (bytes_end_with(name, BYTES(".csv")))
		return ROWS_CSV;
	if (bytes_end_with(name, BYTES(".json")))
		return ROWS_JSON;
	if (bytes_end_with(name, BYTES(".jsonl")))
		return ROWS_JSONL;
	return ROWS_TEXT;
}

/* Nothing but a name: no directory, nothing hidden. */
static bool is_plain_name(const char *name)
{
	if (!*name || *name == '.' || strlen(name) > 200)
		return false;
	for (const char *p = name; *p; p++)
		if (!(*p >= 'a' && *p <= 'z') && !(*p >= 'A' && *p <= 'Z') && !(*p >= '0' && *p <= '9') &&
		    !strchr("._-+", *p))
			return false;
	return true;
}

struct error *write_nowhere(void)
{
	return error_new(ERROR_USAGE, "start with -o DIR: files go there and nowhere else");
}

static struct error *make_file(struct tui *tui, const char *name, int *ret)
{
	int fd;

	if (!tui->setup->make_file)
		return write_nowhere();
	if (!is_plain_name(name))
		return error_new(ERROR_USAGE, "a name of letters, digits and ._-+, such as rows.csv");
	fd = tui->setup->make_file(tui->setup->context, name);
	if (fd < 0)
		return error_errno(ERROR_USAGE, "cannot make %s", name);
	*ret = fd;
	return NULL;
}

struct error *tui_write_known(struct tui *tui, const char *line)
{
	const struct tui_setup *setup = tui->setup;
	struct out out;
	bool written;

	if (tui->ignore_file < 0) {
		tui->ignore_file = setup->make_file(setup->context, IGNORE_FILE);
		if (tui->ignore_file < 0)
			return error_errno(ERROR_USAGE, "cannot make %s", IGNORE_FILE);
	}
	out_init(&out, tui->ignore_file);
	out_text(&out, line);
	out_char(&out, '\n');
	written = out_flush(&out);
	errno = out.error;
	out_deinit(&out);
	return written ? NULL : error_errno(ERROR_USAGE, "cannot write %s", IGNORE_FILE);
}

/* What the cell is, or else what it says. */
static struct value cell_value(const struct tui *tui, const struct list *list, size_t row, size_t column,
			       struct arena *arena)
{
	const struct list_model *model = list->model;
	struct value value;
	enum look look;
	struct out text;

	if (model->value && model->value(list->context, row, column, arena, &value))
		return value;
	out_init(&text, -1);
	text.utf8 = !tui->display.ascii;
	model->cell(list->context, row, column, &text, &look);
	value = value_text(text.len ? escape_undo(arena, out_held(&text)) : NO_BYTES);
	out_deinit(&text);
	return value;
}

/* The rows as they are shown; where some are marked, those. Returns how many. */
static size_t put_rows(const struct tui *tui, const struct list *list, bool marked, enum row_form form,
		       struct out *out)
{
	size_t columns = list_n_columns(list->model, list->context), n = 0;
	struct row_writer writer;
	struct arena arena, row;
	const char **names;
	struct value *values;

	arena_init(&arena);
	arena_init(&row);
	names = arena_alloc(&arena, (columns + 1) * sizeof(*names));
	values = arena_alloc(&arena, (columns + 1) * sizeof(*values));
	for (size_t i = 0; i < columns; i++) {
		names[i] = list_heading(list->model, list->context, i);
		names[i] = *names[i] ? names[i] : "what";
	}
	rows_begin(&writer, form, names, columns, out);
	for (size_t i = 0; i < list->model->count(list->context) && !out->error; i++) {
		if (marked && !list->model->is_tagged(list->context, i))
			continue;
		for (size_t k = 0; k < columns; k++)
			values[k] = cell_value(tui, list, i, k, &row);
		rows_put(&writer, values);
		arena_reset(&row);
		n++;
	}
	rows_end(&writer);
	arena_deinit(&row);
	arena_deinit(&arena);
	return n;
}

static struct error *write_rows(struct tui *tui, const char *name)
{
	const struct rows *rows = view_rows(tui_top(tui));
	const struct list *list = view_list(tui_top(tui));
	bool more = tui_work(tui, 0);
	struct error *error;
	struct out out;
	int fd = -1;
	size_t n;

	error = make_file(tui, name, &fd);
	if (error)
		return error;
	out_init(&out, fd);
	n = put_rows(tui, list, rows && rows->n_tagged, form_of(bytes_of(name)), &out);
	if (!out_flush(&out)) {
		errno = out.error;
		error = error_errno(ERROR_USAGE, "cannot write %s", name);
	} else {
		tui_say(tui, "%zu row%s in %s%s", n, n == 1 ? "" : "s", name,
			more ? ", and more were to come" : "");
	}
	close(fd);
	out_deinit(&out);
	return error;
}

/* The bytes from FROM to TO, as far as they are there; *ret_n: how many were. */
static struct error *put_bytes(const struct hexdump *dump, uint64_t from, uint64_t to, struct out *out, uint64_t *ret_n)
{
	static uint8_t buffer[64 << 10];
	uint64_t address = from;

	while (address <= to) {
		size_t wanted = to - address < sizeof(buffer) ? (size_t)(to - address) + 1 : sizeof(buffer);
		size_t got = dump->source->read(dump->context, address, buffer, wanted);

		*ret_n += got;
		if (!got)
			return error_new(ERROR_USAGE, "at 0x%llx there is no byte: %llu are written",
					 (unsigned long long)address, (unsigned long long)*ret_n);
		out_write(out, (const char *)buffer, got);
		if (out->error || to - address < got)
			return NULL;
		address += got;
	}
	return NULL;
}

/* From the mark to the cursor, whichever comes first. */
static struct error *write_bytes(struct tui *tui, const struct hexdump *dump, const char *name)
{
	uint64_t from = dump->mark < dump->cursor ? dump->mark : dump->cursor;
	uint64_t to = dump->mark < dump->cursor ? dump->cursor : dump->mark, n = 0;
	struct error *error;
	struct out out;
	int fd = -1;

	if (!dump->has_mark)
		return error_new(ERROR_USAGE, "M marks where the bytes begin, and the cursor is where they end");
	error = make_file(tui, name, &fd);
	if (error)
		return error;
	out_init(&out, fd);
	error = put_bytes(dump, from, to, &out, &n);
	if (!out_flush(&out)) {
		error_free(error);
		errno = out.error;
		error = error_errno(ERROR_USAGE, "cannot write %s", name);
	}
	if (!error)
		tui_say(tui, "%llu bytes in %s", (unsigned long long)n, name);
	close(fd);
	out_deinit(&out);
	return error;
}

struct error *write_what_is_shown(struct tui *tui, const char *name)
{
	struct view *view = tui_top(tui);

	if (view_list(view))
		return write_rows(tui, name);
	if (view_dump(view))
		return write_bytes(tui, view_dump(view), name);
	return error_new(ERROR_USAGE, "there are neither rows nor bytes on this screen");
}
