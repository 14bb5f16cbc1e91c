/* What the user writes: rows, bytes, lines of what is known. It goes into the directory of -o and nowhere else. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "db/findings/ignore.h"
#include "db/tables/render.h"
#include "decoders/base/escape.h"
#include "tui/clock.h"
#include "tui/internal.h"
#include "tui/widgets/hexdump.h"

enum { ROWS_A_LOOK = 64 /* between two looks at the clock */ };

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

/* Rows on their way into a file, a slice between keys: those that are shown, or where some are marked those. */
struct writing {
	char *name; /* of the file */
	int fd;
	struct out out;
	const struct list *list;
	bool marked;
	bool more;  /* were to come when it began */
	size_t next, n, n_columns; /* the row of the list that is next; rows that were written */
	struct arena arena, row;
	struct value *values;
	struct row_writer writer;
};

static void put_row(struct tui *tui, struct writing *writing)
{
	const struct list *list = writing->list;
	size_t row = writing->next++;

	if (writing->marked && !list->model->is_tagged(list->context, row))
		return;
	for (size_t i = 0; i < writing->n_columns; i++)
		writing->values[i] = cell_value(tui, list, row, i, &writing->row);
	rows_put(&writing->writer, writing->values);
	arena_reset(&writing->row);
	writing->n++;
}

/* What has been written by now is complete in its form. */
static struct error *finish(struct tui *tui)
{
	struct writing *writing = tui->writing;
	struct error *error = NULL;

	rows_end(&writing->writer);
	if (!out_flush(&writing->out)) {
		errno = writing->out.error;
		error = error_errno(ERROR_USAGE, "cannot write %s", writing->name);
	}
	close(writing->fd);
	out_deinit(&writing->out);
	arena_deinit(&writing->row);
	arena_deinit(&writing->arena);
	free(writing->name);
	free(writing);
	tui->writing = NULL;
	return error;
}

bool write_on(struct tui *tui, uint64_t deadline)
{
	struct writing *writing = tui->writing;
	size_t n = writing->list->model->count(writing->list->context);

	for (unsigned i = 1; writing->next < n && !writing->out.error; i++) {
		put_row(tui, writing);
		if (i % ROWS_A_LOOK == 0 && clock_now() > deadline)
			break;
	}
	if (writing->next < n && !writing->out.error) {
		tui_say(tui, "%zu of %zu rows in %s, Esc ends it", writing->next, n, writing->name);
		return true;
	}
	tui_say(tui, "%zu row%s in %s%s", writing->n, writing->n == 1 ? "" : "s", writing->name,
		writing->more ? ", and more were to come" : "");
	tui_complain(tui, finish(tui));
	return false;
}

void write_end(struct tui *tui)
{
	tui_say(tui, "ended: %zu rows in %s", tui->writing->n, tui->writing->name);
	tui_complain(tui, finish(tui));
}

static struct writing *writing_new(const struct list *list, const char *name, int fd)
{
	struct writing *writing = calloc(1, sizeof(*writing));
	size_t n = list_n_columns(list->model, list->context);
	const char **names;

	if (!writing)
		out_of_memory();
	*writing = (struct writing){ .name = strdup(name), .fd = fd, .list = list, .n_columns = n };
	if (!writing->name)
		out_of_memory();
	out_init(&writing->out, fd);
	arena_init(&writing->arena);
	arena_init(&writing->row);
	names = arena_alloc(&writing->arena, (n + 1) * sizeof(*names));
	writing->values = arena_alloc(&writing->arena, (n + 1) * sizeof(*writing->values));
	for (size_t i = 0; i < n; i++) {
		const char *heading = list_heading(list->model, list->context, i);

		names[i] = arena_text(&writing->arena, bytes_of(*heading ? heading : "what"));
	}
	rows_begin(&writing->writer, form_of(bytes_of(name)), names, n, &writing->out);
	return writing;
}

/* A short list is written at once. */
static struct error *write_rows(struct tui *tui, const char *name)
{
	const struct rows *rows = view_rows(tui_top(tui));
	bool more = tui_work(tui, 0);
	struct error *error;
	int fd = -1;

	error = make_file(tui, name, &fd);
	if (error)
		return error;
	tui->writing = writing_new(view_list(tui_top(tui)), name, fd);
	tui->writing->marked = rows && rows->n_tagged;
	tui->writing->more = more;
	(void)write_on(tui, 0);
	return NULL;
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
