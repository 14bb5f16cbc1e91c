/* Rows that come one at a time. */
#include "db/tables/render.h"

void rows_begin(struct row_writer *writer, enum row_form form, const char *const *names, size_t n,
		struct out *out)
{
	*writer = (struct row_writer){ .form = form, .names = names, .n = n, .out = out };
	out_init(&writer->cell, -1);
	json_init(&writer->json, out, form == ROWS_JSON ? JSON_ROWS : JSON_ONE_LINE);
	if (form == ROWS_JSON)
		json_array_begin(&writer->json);
	for (size_t i = 0; form == ROWS_CSV && i < n; i++)
		out_printf(out, "%s%s", i ? "," : "", names[i]);
	out_text(out, form == ROWS_CSV ? "\r\n" : "");
}

static void put_object(struct row_writer *writer, const struct value *values)
{
	json_object_begin(&writer->json);
	for (size_t i = 0; i < writer->n; i++) {
		json_key(&writer->json, writer->names[i]);
		render_value_json(&values[i], &writer->json);
	}
	json_object_end(&writer->json);
}

void rows_put(struct row_writer *writer, const struct value *values)
{
	if (writer->form == ROWS_JSONL)
		json_init(&writer->json, writer->out, JSON_ONE_LINE);
	if (writer->form != ROWS_CSV)
		put_object(writer, values);
	for (size_t i = 0; writer->form == ROWS_CSV && i < writer->n; i++) {
		out_text(writer->out, i ? "," : "");
		render_value_csv(&values[i], &writer->cell, writer->out);
	}
	out_text(writer->out, writer->form == ROWS_CSV	   ? "\r\n"
			      : writer->form == ROWS_JSONL ? "\n"
							   : "");
}

void rows_end(struct row_writer *writer)
{
	if (writer->form == ROWS_JSON) {
		json_array_end(&writer->json);
		out_char(writer->out, '\n');
	}
	out_deinit(&writer->cell);
}
