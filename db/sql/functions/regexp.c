/* Regular expressions, with the limits of memory's search. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>

#include "db/sql/functions.h"
#include "db/sql/internal.h"
#include "decoders/memory/pattern.h"

/* Kept by SQLite as long as the statement, where the pattern is the same for all rows. */
struct expression {
	pcre2_code *code;
	pcre2_match_data *data;
	pcre2_match_context *context;
	bool bytewise;
};

static void free_expression(void *value)
{
	struct expression *expression = value;

	pcre2_code_free(expression->code);
	pcre2_match_data_free(expression->data);
	pcre2_match_context_free(expression->context);
	free(expression);
}

/* Text is matched by characters, blobs by bytes. No machine code is made: the sandbox forbids it. */
static struct error *compile(struct bytes text, bool bytewise, struct expression **ret)
{
	uint32_t options = PCRE2_NEVER_BACKSLASH_C |
			   (bytewise ? PCRE2_NEVER_UTF : PCRE2_UTF | PCRE2_MATCH_INVALID_UTF);
	struct expression *expression = calloc(1, sizeof(*expression));
	PCRE2_UCHAR message[256];
	size_t offset;
	int number;

	if (!expression)
		out_of_memory();
	if (text.len > MOST_MATCH)
		number = PCRE2_ERROR_BADDATA, offset = MOST_MATCH;
	else
		expression->code = pcre2_compile(text.data, text.len, options, &number, &offset, NULL);
	if (!expression->code) {
		free_expression(expression);
		pcre2_get_error_message(number, message, sizeof(message));
		return error_new(ERROR_USAGE, "regexp: at character %zu of the pattern: %s", offset + 1,
				 (const char *)message);
	}
	expression->data = pcre2_match_data_create(1, NULL);
	expression->context = pcre2_match_context_create(NULL);
	if (!expression->data || !expression->context)
		out_of_memory();
	pcre2_set_match_limit(expression->context, MATCH_LIMIT);
	pcre2_set_heap_limit(expression->context, MATCH_HEAP);
	expression->bytewise = bytewise;
	*ret = expression;
	return NULL;
}

/* The one that is kept, or a new one; NULL where the pattern is none. */
static struct expression *find_expression(sqlite3_context *context, sqlite3_value **values)
{
	struct expression *expression = sqlite3_get_auxdata(context, 0);
	bool bytewise = sqlite3_value_type(values[1]) == SQLITE_BLOB;
	struct error *error;

	if (expression && expression->bytewise == bytewise)
		return expression;
	error = compile(function_bytes(values[0]), bytewise, &expression);
	if (error) {
		function_fail(context, function_database(context), error);
		return NULL;
	}
	return expression;
}

static void match(sqlite3_context *context, const struct expression *expression, struct bytes text)
{
	int n = pcre2_match(expression->code, text.data, text.len, 0, 0, expression->data,
			    expression->context);

	if (n >= 0 || n == PCRE2_ERROR_NOMATCH)
		sqlite3_result_int(context, n >= 0);
	else
		function_fail(context, function_database(context),
			      error_new(ERROR_LIMIT, "regexp: matching took more than %d steps or %d MiB",
					MATCH_LIMIT, MATCH_HEAP >> 10));
}

void call_regexp(sqlite3_context *context, int n, sqlite3_value **values)
{
	struct expression *expression;

	(void)n;
	if (sqlite3_value_type(values[0]) == SQLITE_NULL || sqlite3_value_type(values[1]) == SQLITE_NULL)
		return;
	expression = find_expression(context, values);
	if (!expression)
		return;
	match(context, expression, function_bytes(values[1]));
	/* Last, because SQLite may drop at once what it is given. */
	if (sqlite3_get_auxdata(context, 0) != expression)
		sqlite3_set_auxdata(context, 0, expression, free_expression);
}
