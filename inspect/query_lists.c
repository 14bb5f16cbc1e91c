/* What query --list and --functions print. */
#include "db/sql/functions.h"
#include "db/sql/queries.h"
#include "db/tables/render.h"
#include "decoders/base/size.h"
#include "inspect/options.h"
#include "inspect/query.h"

void query_list_functions(struct invocation *invocation)
{
	static const char *const names[] = { "name", "arguments", "help" };
	struct row_writer writer;

	rows_begin(&writer, row_form_of(invocation->options.format), names, ARRAY_SIZE(names),
		   &invocation->out);
	for (size_t i = 0; i < n_sql_functions; i++) {
		const struct sql_function *function = &sql_functions[i];
		struct value values[] = { value_text(bytes_of(function->name)),
					  value_text(bytes_of(function->arguments)),
					  value_text(bytes_of(function->help)) };

		rows_put(&writer, values);
	}
	rows_end(&writer);
}

void query_list_named(struct invocation *invocation)
{
	static const char *const names[] = { "name", "asks", "arguments", "title", "sql" };
	bool is_text = invocation->options.format == FORMAT_TEXT;
	struct row_writer writer;

	rows_begin(&writer, row_form_of(invocation->options.format), names, is_text ? 4 : 5,
		   &invocation->out);
	for (size_t i = 0; i < n_named_queries; i++) {
		const struct named_query *named = &named_queries[i];
		struct value values[] = { value_text(bytes_of(named->name)),
					  value_text(bytes_of(query_over_name(named->over))),
					  value_text(named->n_arguments ? bytes_of(named->arguments) : NO_BYTES),
					  value_text(bytes_of(named->title)),
					  value_text(bytes_of(named->sql)) };

		rows_put(&writer, values);
	}
	rows_end(&writer);
}
