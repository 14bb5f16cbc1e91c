/* index -d FILE CHECKPOINT...: many checkpoints in one SQLite file. */
#include "db/index/index.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/tables/render.h"
#include "decoders/base/size.h"
#include "decoders/model/collection.h"
#include "decoders/source/spool.h"
#include "inspect/options.h"

/* --- before the sandbox ------------------------------------------------------------------------------- */

static struct error *check_argument(const char *path)
{
	if (!strcmp(path, "-"))
		return error_new(ERROR_USAGE, "standard input has no path to be known by: give a file");
	if (index_recognise(path))
		return error_new(ERROR_USAGE, "%s is an index, not a checkpoint", path);
	return NULL;
}

static struct error *prepare(struct invocation *invocation)
{
	struct error *error = NULL;

	if (!invocation->options.database)
		return error_new(ERROR_USAGE, "usage: coldcase index -d FILE [CHECKPOINT...]");
	invocation->reads_memory = invocation->options.pages;
	for (int i = 0; i < invocation->n_arguments && !error; i++)
		error = check_argument(invocation->arguments[i]);
	if (error)
		return error;
	invocation->index = calloc(1, sizeof(*invocation->index));
	if (!invocation->index)
		out_of_memory();
	error = index_open(invocation->options.database, &invocation->notes, invocation->index);
	if (error) {
		free(invocation->index);
		invocation->index = NULL;
	}
	return error;
}

static void release(struct invocation *invocation)
{
	if (invocation->index)
		index_close(invocation->index);
	free(invocation->index);
	invocation->index = NULL;
}

/* --- one checkpoint ----------------------------------------------------------------------------------- */

static const char *const outcome_names[] = {
	[INDEX_ADDED] = "added",
	[INDEX_REPLACED] = "replaced",
	[INDEX_UNCHANGED] = "unchanged",
	[INDEX_FAILED] = "failed",
};

struct result {
	enum outcome_of_entry outcome;
	uint64_t n_rows;
};

/* What cannot be opened is an entry too; that it could not is damage, and work goes on. */
static struct error *record_failure(struct invocation *invocation, const struct entry *entry,
				    struct error *failure, struct problems *problems, struct result *ret)
{
	struct error *error;

	failure->kind = ERROR_DAMAGED;
	problems_add(problems, failure);
	error = index_write(invocation->index, entry, NULL, problems, &ret->outcome, &ret->n_rows);
	problems_move(&invocation->problems, problems);
	return error;
}

/* The next archive has all of the room. */
static void empty_spool(struct spool *spool)
{
	if (spool && spool->used && ftruncate(spool->fd, 0) == 0 && lseek(spool->fd, 0, SEEK_SET) == 0)
		*spool = (struct spool){ .fd = spool->fd };
}

static struct error *read_one(struct invocation *invocation, struct entry *entry, struct problems *problems,
			      struct result *ret)
{
	const struct opening opening = { .inside = entry->inside[0] ? entry->inside : NULL,
					 .spool = invocation->spool };
	struct checkpoint checkpoint;
	struct error *error = checkpoint_open_as(entry->path, &opening, &checkpoint);
	struct problems none = { 0 };

	if (error)
		return record_failure(invocation, entry, error, problems, ret);
	problems_move(&checkpoint.problems, problems);
	error = index_write(invocation->index, entry, &checkpoint, &none, &ret->outcome, &ret->n_rows);
	finish_checkpoint(invocation, &checkpoint);
	empty_spool(invocation->spool);
	return error;
}

static struct error *add_one(struct invocation *invocation, const struct collected *item, struct result *ret)
{
	char *path = realpath(item->path, NULL);
	struct entry entry = { .node = "", .path = path, .inside = item->inside, .reveal = invocation->options.reveal,
			       .pages = invocation->options.pages };
	struct error *error, *failure;
	struct problems problems;
	bool known = false;

	if (!path)
		return error_in_source(error_errno(ERROR_UNREADABLE, "cannot be read"), item->path);
	problems_init(&problems);
	failure = identity_take(path, item->inside, &problems, &entry.identity);
	error = index_knows(invocation->index, &entry, &known);
	*ret = (struct result){ .outcome = INDEX_UNCHANGED };
	if (error || known)
		error_free(failure);
	else if (failure)
		error = record_failure(invocation, &entry, failure, &problems, ret);
	else
		error = read_one(invocation, &entry, &problems, ret);
	problems_deinit(&problems);
	free(path);
	return error;
}

/* --- all of them --------------------------------------------------------------------------------------- */

/* The checkpoints that PATH leads to. */
static void collect(struct invocation *invocation, const char *path, struct arena *arena,
		    struct collection *ret)
{
	struct error *error = collection_find(path, arena, &invocation->problems, ret);

	error_free(error); /* opening it says so again */
	if (!error && ret->n)
		return;
	*ret = (struct collection){ 0 };
	collection_add(arena, ret, path, "");
}

static void print_result(struct row_writer *writer, const struct collected *item, const struct result *result)
{
	const struct value values[] = {
		value_text(bytes_of(outcome_names[result->outcome])),
		value_number(VALUE_UINT, result->n_rows),
		value_text(bytes_of(item->path)),
		value_text(item->inside[0] ? bytes_of(item->inside) : (struct bytes){ 0 }),
	};

	rows_put(writer, values);
}

/* An error of the database ends the work; what is in it stays. */
static struct error *add_all(struct invocation *invocation, const struct collection *collection,
			     struct row_writer *writer)
{
	for (size_t i = 0; i < collection->n; i++) {
		const struct collected *item = &collection->items[i];
		struct result result = { .outcome = INDEX_UNCHANGED };
		struct error *error = NULL;

		if (access(item->path, F_OK) < 0) {
			problems_add(&invocation->problems,
				     error_in_source(error_errno(ERROR_UNREADABLE, "cannot be read"),
						     item->path));
			continue;
		}
		error = add_one(invocation, item, &result);
		if (error)
			return error;
		print_result(writer, item, &result);
	}
	return NULL;
}

static struct error *run_index(struct invocation *invocation)
{
	static const char *const names[] = { "outcome", "rows", "path", "inside" };
	struct error *error = NULL;
	struct row_writer writer;
	struct arena arena;

	if (!invocation->n_arguments)
		return NULL; /* it has been made */
	arena_init(&arena);
	rows_begin(&writer, row_form_of(invocation->options.format), names, ARRAY_SIZE(names), &invocation->out);
	for (int i = 0; i < invocation->n_arguments && !error; i++) {
		struct collection collection = { 0 };

		collect(invocation, invocation->arguments[i], &arena, &collection);
		error = add_all(invocation, &collection, &writer);
	}
	rows_end(&writer);
	arena_deinit(&arena);
	if (error)
		problems_add(&invocation->problems, error); /* what came in before is told all the same */
	return NULL;
}

/* --- the command line ----------------------------------------------------------------------------------- */

static const struct option index_options[] = {
	{ 'd', "database", "FILE", "the index; made where there is none", KEEPS(database) },
	{ 0, "pages", NULL, "hashes of pages too, to see which are shared", SETS(pages) },
	{ 0 },
};

const struct command command_index = {
	.name = "index",
	.arguments = "-d FILE [CHECKPOINT...]",
	.help = "many checkpoints in one SQLite file",
	.about = "FILE is a plain SQLite database with a table for each of \"coldcase tables\", each\n"
		 "with a column checkpoint, and the table indexed of what is in it: path, SHA-256,\n"
		 "when, status. A CHECKPOINT may be a directory of several, as\n"
		 "/var/lib/kubelet/checkpoints. What is in it already, by its content, is not read\n"
		 "again; other content at the same path replaces what was there. What cannot be\n"
		 "read is recorded with its error, and the status is 4.\n"
		 "\n"
		 "Each checkpoint comes in whole or not at all, whenever the program ends. Its\n"
		 "journal is made beside FILE, so that directory must be writable. --pages adds\n"
		 "page_hashes, and the views page, pages_shared_by_checkpoints and\n"
		 "pages_shared_by_processes. Without a CHECKPOINT an index is made, or brought to\n"
		 "this version. \"coldcase query FILE SQL\" asks it, and so do sqlite3 and whatever\n"
		 "else reads SQLite. Addresses are two's complement.\n",
	.formats = FORMATS_OF_ROWS,
	.options = { index_options, reveal_options, output_options, spool_options },
	.prepare = prepare,
	.release = release,
	.most_arguments = MANY_ARGUMENTS,
	.needs_images = true,
	.run = run_index,
};
