/* Rows that come one at a time. */
#include "db/tables/render.h"

/* --- text ---------------------------------------------------------------------------------------- */

static void begin_text(struct row_writer *writer)
{
	const char **names = arena_alloc(&writer->arena, (writer->n + 1) * sizeof(*names));

	for (size_t i = 0; i < writer->n; i++) {
		struct value name = value_text(bytes_of(writer->names[i]));

		out_clear(&writer->cell);
		render_value(&name, &writer->cell);
		names[i] = arena_text(&writer->arena, out_held(&writer->cell));
	}
	columns_init(&writer->columns, names, writer->n, &writer->arena, writer->out);
	writer->held = arena_alloc(&writer->arena,
				   (ROWS_MEASURED * writer->n + 1) * sizeof(*writer->held));
}

/* Those that were held back, now that the columns are measured. */
static void release_text(struct row_writer *writer)
{
	columns_begin(&writer->columns);
	for (size_t i = 0; i < writer->n_held; i++) {
		columns_put(&writer->columns, i % writer->n, writer->held[i]);
		if (i % writer->n == writer->n - 1)
			columns_end_line(&writer->columns);
	}
	writer->held = NULL;
}

static void put_text(struct row_writer *writer, const struct value *values)
{
	for (size_t i = 0; i < writer->n; i++) {
		out_clear(&writer->cell);
		render_value(&values[i], &writer->cell);
		if (writer->held) {
			struct bytes text = arena_copy(&writer->arena, out_held(&writer->cell));

			columns_measure(&writer->columns, i, text, values[i].type);
			writer->held[writer->n_held++] = text;
		} else {
			columns_put(&writer->columns, i, out_held(&writer->cell));
		}
	}
	if (!writer->held)
		columns_end_line(&writer->columns);
	else if (writer->n_held == ROWS_MEASURED * writer->n)
		release_text(writer);
}

static void end_text(struct row_writer *writer)
{
	if (writer->held)
		release_text(writer);
	columns_deinit(&writer->columns);
}

/* --- JSON and CSV -------------------------------------------------------------------------------- */

static void put_object(struct row_writer *writer, const struct value *values)
{
	if (writer->form == ROWS_JSONL)
		json_init(&writer->json, writer->out, JSON_ONE_LINE);
	json_object_begin(&writer->json);
	for (size_t i = 0; i < writer->n; i++) {
		json_key_bytes(&writer->json, bytes_of(writer->names[i]));
		render_value_json(&values[i], &writer->json);
	}
	json_object_end(&writer->json);
	out_text(writer->out, writer->form == ROWS_JSONL ? "\n" : "");
}

static void put_csv(struct row_writer *writer, const struct value *values)
{
	for (size_t i = 0; i < writer->n; i++) {
		out_text(writer->out, i ? "," : "");
		render_value_csv(&values[i], &writer->cell, writer->out);
	}
	out_text(writer->out, "\r\n");
}

static void begin_csv(struct row_writer *writer)
{
	for (size_t i = 0; i < writer->n; i++) {
		struct value name = value_text(bytes_of(writer->names[i]));

		out_text(writer->out, i ? "," : "");
		render_value_csv(&name, &writer->cell, writer->out);
	}
	out_text(writer->out, "\r\n");
}

/* --- all of them --------------------------------------------------------------------------------- */

/* An object has each key once: the second "pid" is "pid_2". */
static const char *unique_name(const char *const *names, size_t n, const char *name, struct arena *arena)
{
	const char *unique = name;
	unsigned number = 1;

	for (size_t i = 0; i < n; i++)
		if (!strcmp(names[i], unique)) {
			unique = arena_printf(arena, "%s_%u", name, ++number);
			i = SIZE_MAX;
		}
	return unique;
}

static const char *const *unique_names(const char *const *names, size_t n, struct arena *arena)
{
	const char **unique = arena_alloc(arena, (n + 1) * sizeof(*unique));

	for (size_t i = 0; i < n; i++)
		unique[i] = unique_name(unique, i, names[i], arena);
	return unique;
}

void rows_begin(struct row_writer *writer, enum row_form form, const char *const *names, size_t n,
		struct out *out)
{
	*writer = (struct row_writer){ .form = form, .n = n, .out = out };
	out_init(&writer->cell, -1);
	arena_init(&writer->arena);
	writer->names = unique_names(names, n, &writer->arena);
	json_init(&writer->json, out, form == ROWS_JSON ? JSON_ROWS : JSON_ONE_LINE);
	if (form == ROWS_JSON)
		json_array_begin(&writer->json);
	else if (form == ROWS_CSV)
		begin_csv(writer);
	else if (form == ROWS_TEXT)
		begin_text(writer);
}

void rows_put(struct row_writer *writer, const struct value *values)
{
	if (writer->form == ROWS_TEXT)
		put_text(writer, values);
	else if (writer->form == ROWS_CSV)
		put_csv(writer, values);
	else
		put_object(writer, values);
}

void rows_end(struct row_writer *writer)
{
	if (writer->form == ROWS_TEXT)
		end_text(writer);
	if (writer->form == ROWS_JSON) {
		json_array_end(&writer->json);
		out_char(writer->out, '\n');
	}
	out_deinit(&writer->cell);
	arena_deinit(&writer->arena);
}
