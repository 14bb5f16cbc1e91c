/* Memory of the processes. */
#include "db/sql/functions.h"
#include "db/sql/internal.h"

/* The checkpoint called NAME; NULL: the only one. */
static struct error *find_part(struct database *database, const char *name, struct checkpoint **ret)
{
	for (size_t i = 0; i < database->n_parts; i++)
		if (name ? !strcmp(database->parts[i].name, name) : database->n_parts == 1) {
			*ret = database->parts[i].checkpoint;
			return NULL;
		}
	if (name)
		return error_new(ERROR_USAGE, "memory: there is no checkpoint \"%.20s\"", name);
	return error_new(ERROR_USAGE, database->n_parts
					      ? "memory: of which checkpoint? Its letter is one argument more"
					      : "memory: there is no checkpoint here to read it from");
}

static struct error *check_readable(const struct checkpoint *checkpoint)
{
	for (size_t i = 0; i < checkpoint->layers.n; i++) {
		const struct source *source = checkpoint->layers.items[i].source;

		if (source->is_streamed)
			return error_in_source(error_new(ERROR_UNREADABLE,
							 "memory: of a compressed archive it can be read only if "
							 "that was inflated into a temporary file"),
					       source->path);
	}
	return NULL;
}

static struct error *find_space(struct database *database, struct checkpoint *checkpoint, int64_t pid,
				struct last_space **ret)
{
	struct last_space *last = &database->last;
	struct error *error;
	uint32_t row;

	*ret = last;
	if (last->checkpoint == checkpoint && last->pid == pid)
		return NULL;
	checkpoint_need(checkpoint, PART_PAGES);
	error = check_readable(checkpoint);
	if (error)
		return error;
	row = pid >= 0 && pid < UINT32_MAX ? process_row(checkpoint, (uint32_t)pid) : NO_ROW;
	if (row == NO_ROW)
		return error_new(ERROR_USAGE, "memory: there is no process %lld", (long long)pid);
	arena_reset(&last->arena);
	address_space_init(checkpoint, row, &last->arena, &last->space);
	last->checkpoint = checkpoint;
	last->pid = (uint32_t)pid;
	return NULL;
}

/* The address space of values[0]; LETTER: where the checkpoint's is, if there is one. */
static struct error *open_space(sqlite3_context *context, sqlite3_value **values, sqlite3_value *letter,
				struct last_space **ret)
{
	struct database *database = function_database(context);
	struct checkpoint *checkpoint = NULL;
	struct error *error;

	error = find_part(database, letter ? (const char *)sqlite3_value_text(letter) : NULL, &checkpoint);
	if (error)
		return error;
	return find_space(database, checkpoint, sqlite3_value_int64(values[0]), ret);
}

static bool has_null(int n, sqlite3_value **values)
{
	for (int i = 0; i < n; i++)
		if (sqlite3_value_type(values[i]) == SQLITE_NULL)
			return true;
	return false;
}

/* Fills BUFFER; *ret is false where the checkpoint does not hold all of it. */
static struct error *read_all(const struct address_space *space, uint64_t address, uint8_t *buffer,
			      size_t len, bool *ret)
{
	*ret = true;
	for (size_t done = 0; done < len;) {
		struct span span = address_space_span(space, address + done, len - done);
		struct error *error;

		if (span.state != SPAN_PRESENT && span.state != SPAN_ZERO) {
			*ret = false;
			return NULL;
		}
		error = span_read(space, &span, 0, buffer + done, (size_t)span.len);
		if (error)
			return error;
		done += (size_t)span.len;
	}
	return NULL;
}

static struct error *read_memory(sqlite3_context *context, const struct last_space *last,
				 uint64_t address, int64_t len)
{
	uint64_t end;
	struct error *error;
	uint8_t *buffer;
	bool is_there;

	if (len < 0 || len > SQL_VALUE_MOST)
		return error_new(ERROR_USAGE, "memory: a length is 0 to %d bytes, not %lld", SQL_VALUE_MOST,
				 (long long)len);
	if (__builtin_add_overflow(address, (uint64_t)len, &end))
		return NULL;
	buffer = sqlite3_malloc64((sqlite3_uint64)len + 1);
	if (!buffer) {
		sqlite3_result_error_nomem(context);
		return NULL;
	}
	error = read_all(&last->space, address, buffer, (size_t)len, &is_there);
	if (error || !is_there)
		sqlite3_free(buffer);
	else
		sqlite3_result_blob64(context, buffer, (sqlite3_uint64)len, sqlite3_free);
	return error;
}

void call_memory(sqlite3_context *context, int n, sqlite3_value **values)
{
	struct last_space *last;
	struct error *error;

	if (has_null(n, values))
		return;
	error = open_space(context, values, n > 3 ? values[3] : NULL, &last);
	if (!error)
		error = read_memory(context, last, (uint64_t)sqlite3_value_int64(values[1]),
				    sqlite3_value_int64(values[2]));
	if (error)
		function_fail(context, function_database(context), error);
}

void call_memory_state(sqlite3_context *context, int n, sqlite3_value **values)
{
	struct last_space *last;
	struct error *error;
	struct span span;

	if (has_null(n, values))
		return;
	error = open_space(context, values, n > 2 ? values[2] : NULL, &last);
	if (error) {
		function_fail(context, function_database(context), error);
		return;
	}
	span = address_space_span(&last->space, (uint64_t)sqlite3_value_int64(values[1]), 1);
	sqlite3_result_text(context, span_state_name(span.state), -1, SQLITE_STATIC);
}
