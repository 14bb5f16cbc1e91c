#include "inspect/records.h"

#include "db/tables/render.h"

void records_begin(struct records *records, enum format format, const char *const *names, size_t n,
		   struct out *out)
{
	*records = (struct records){ .format = format, .names = names, .n = n, .out = out };
	out_init(&records->cell, -1);
	json_init(&records->json, out, format == FORMAT_JSON ? JSON_ROWS : JSON_ONE_LINE);
	if (format == FORMAT_JSON)
		json_array_begin(&records->json);
	for (size_t i = 0; format == FORMAT_CSV && i < n; i++)
		out_printf(out, "%s%s", i ? "," : "", names[i]);
	if (format == FORMAT_CSV)
		out_text(out, "\r\n");
}

static void add_csv(struct records *records, const struct value *values)
{
	for (size_t i = 0; i < records->n; i++) {
		if (i)
			out_char(records->out, ',');
		render_value_csv(&values[i], &records->cell, records->out);
	}
	out_text(records->out, "\r\n");
}

static void add_json(struct records *records, const struct value *values)
{
	json_object_begin(&records->json);
	for (size_t i = 0; i < records->n; i++) {
		json_key(&records->json, records->names[i]);
		render_value_json(&values[i], &records->json);
	}
	json_object_end(&records->json);
}

void records_add(struct records *records, const struct value *values)
{
	if (records->format == FORMAT_CSV) {
		add_csv(records, values);
		return;
	}
	if (records->format == FORMAT_JSONL)
		json_init(&records->json, records->out, JSON_ONE_LINE);
	add_json(records, values);
	if (records->format == FORMAT_JSONL)
		out_char(records->out, '\n');
}

void records_end(struct records *records)
{
	if (records->format == FORMAT_JSON) {
		json_array_end(&records->json);
		out_char(records->out, '\n');
	}
	out_deinit(&records->cell);
}
