#include "tui/widgets/sqlids.h"

#include <stdlib.h>

#include "db/index/index.h"
#include "db/tables/render.h"

enum { STEPS = 100 << 20 /* of a statement that keys wait for */ };

/* --- an index ----------------------------------------------------------------------------------------- */

/* STEPS: of a statement; 0: as many as usual. INTERRUPT may be NULL. */
static struct error *open_database(const char *path, uint64_t steps, const volatile sig_atomic_t *interrupt,
				   struct database **ret)
{
	const struct database_options options = { .steps = steps, .interrupt = interrupt };
	struct index index;
	struct error *error = index_open_reading(path, &index);

	if (error)
		return error;
	sqlite3_db_config(index.handle, SQLITE_DBCONFIG_MAINDBNAME, "every"); /* as queries that are made already say */
	return database_adopt(index.handle, &options, ret);
}

struct error *sql_index_open(const char *path, struct sql_index *ret)
{
	*ret = (struct sql_index){ .path = path };
	return open_database(path, STEPS, NULL, &ret->database);
}

void sql_index_close(struct sql_index *index)
{
	database_close(index->database);
	index->database = NULL;
}

void put_sql_name(const char *name, struct out *out)
{
	out_char(out, '"');
	for (; *name; name++) {
		out_char(out, *name);
		if (*name == '"')
			out_char(out, '"');
	}
	out_char(out, '"');
}

static char *copy_text(const char *text)
{
	char *copy = text && *text ? strdup(text) : NULL;

	if (text && *text && !copy)
		out_of_memory();
	return copy;
}

/* --- the thread ----------------------------------------------------------------------------------------- */

static bool is_stopped(const struct sql_ids *ids)
{
	return __atomic_load_n(&ids->stop, __ATOMIC_RELAXED);
}

/* The cells as they are shown, two blanks between them. */
static bool is_wanted(struct sql_ids *ids, struct statement *statement, struct arena *arena, struct out *room)
{
	size_t n = statement_columns(statement), start, end;
	struct subject subject;
	bool found;

	if (!ids->matcher)
		return true;
	out_clear(room);
	for (size_t i = 1; i < n; i++) {
		struct value value;

		statement_value(statement, i, arena, &value);
		out_text(room, i > 1 ? "  " : "");
		render_value(&value, room);
	}
	arena_reset(arena);
	subject = (struct subject){ (const uint8_t *)room->buffer, room->len, true };
	found = room->len && matcher_next(ids->matcher, &subject, 0, room->len, &start, &end) == MATCH_FOUND;
	return found != ids->inverted;
}

/* False where there are too many. */
static bool keep(struct sql_ids *ids, const struct value *id, bool wanted)
{
	bool is_number = id->type == VALUE_INT || id->type == VALUE_UINT || id->type == VALUE_HEX;

	pthread_mutex_lock(&ids->lock);
	ids->seen++;
	if (wanted && is_number) {
		if (ids->n == ids->room) {
			ids->room = ids->room ? 2 * ids->room : 1024;
			ids->items = realloc(ids->items, ids->room * sizeof(*ids->items));
			if (!ids->items)
				out_of_memory();
		}
		ids->items[ids->n++] = id->type == VALUE_INT ? id->integer : (int64_t)id->number;
	}
	pthread_mutex_unlock(&ids->lock);
	return ids->n < MOST_SQL_ROWS;
}

static struct error *find_ids(struct sql_ids *ids, struct statement *statement)
{
	struct error *error = NULL;
	struct arena arena;
	struct out room;
	bool more = false;

	arena_init(&arena);
	out_init(&room, -1);
	while (!is_stopped(ids) && !(error = statement_step(statement, &more)) && more) {
		struct value id;

		statement_value(statement, 0, &arena, &id);
		if (!keep(ids, &id, is_wanted(ids, statement, &arena, &room))) {
			error = error_new(ERROR_LIMIT, "more than %d rows: those behind are not shown", MOST_SQL_ROWS);
			break;
		}
	}
	out_deinit(&room);
	arena_deinit(&arena);
	return error;
}

static void *run(void *context)
{
	struct sql_ids *ids = context;
	struct database *database = NULL;
	struct statement *statement = NULL;
	struct error *error = open_database(ids->path, 0, &ids->stop, &database);

	if (!error)
		error = statement_prepare(database, bytes_of(ids->sql), &statement);
	if (!error)
		error = find_ids(ids, statement);
	statement_free(statement);
	database_close(database);
	if (is_stopped(ids)) {
		error_free(error);
		error = NULL;
	}
	ids->error = error;
	ids->over = true;
	return NULL;
}

static void join(struct sql_ids *ids)
{
	if (ids->has_thread)
		pthread_join(ids->thread, NULL);
	ids->has_thread = false;
}

void sql_ids_free(struct sql_ids *ids)
{
	if (!ids)
		return;
	__atomic_store_n(&ids->stop, 1, __ATOMIC_RELAXED);
	join(ids);
	matcher_free(ids->matcher);
	pattern_free(ids->pattern);
	pthread_mutex_destroy(&ids->lock);
	error_free(ids->error);
	free(ids->items);
	free(ids->filter);
	free(ids->path);
	free(ids->sql);
	free(ids);
}

/* --- beginning and end ---------------------------------------------------------------------------------- */

static struct error *take_filter(struct sql_ids *ids, const char *filter)
{
	struct error *error = NULL;

	ids->filter = copy_text(filter);
	if (!ids->filter)
		return NULL;
	ids->inverted = ids->filter[0] == '!';
	if (ids->filter[ids->inverted])
		error = list_pattern(ids->filter + ids->inverted, &ids->pattern);
	if (ids->pattern)
		ids->matcher = matcher_new(ids->pattern);
	return error;
}

struct error *sql_ids_new(const char *path, const char *sql, const char *filter, struct sql_ids **ret)
{
	struct sql_ids *ids = calloc(1, sizeof(*ids));
	struct error *error;

	if (!ids)
		out_of_memory();
	pthread_mutex_init(&ids->lock, NULL);
	error = take_filter(ids, filter);
	if (error) {
		sql_ids_free(ids);
		return error;
	}
	ids->path = copy_text(path);
	ids->sql = copy_text(sql);
	ids->has_thread = pthread_create(&ids->thread, NULL, run, ids) == 0;
	if (!ids->has_thread)
		run(ids);
	*ret = ids;
	return NULL;
}

bool sql_ids_look(struct sql_ids *ids)
{
	if (ids->over)
		join(ids);
	return ids->has_thread;
}

void sql_ids_stop(struct sql_ids *ids)
{
	__atomic_store_n(&ids->stop, 1, __ATOMIC_RELAXED);
	join(ids);
}

size_t sql_ids_count(struct sql_ids *ids, size_t *ret_seen)
{
	size_t n;

	pthread_mutex_lock(&ids->lock);
	n = ids->n;
	*ret_seen = ids->seen;
	pthread_mutex_unlock(&ids->lock);
	return n;
}

int64_t sql_ids_at(struct sql_ids *ids, size_t i)
{
	int64_t id;

	pthread_mutex_lock(&ids->lock);
	id = ids->items[i];
	pthread_mutex_unlock(&ids->lock);
	return id;
}
