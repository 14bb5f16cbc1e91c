/* index -d FILE CHECKPOINT...: many checkpoints in one SQLite file. */
#include "db/index/identities.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/tables/render.h"
#include "decoders/base/size.h"
#include "decoders/source/spool.h"
#include "inspect/checkpoints.h"
#include "inspect/options.h"
#include "inspect/progress.h"

/* --- before the sandbox ------------------------------------------------------------------------------- */

static struct error *check_argument(const char *path)
{
	if (!strcmp(path, "-"))
		return error_new(ERROR_USAGE, "standard input has no path to be known by: give a file");
	if (index_recognise(path))
		return error_new(ERROR_USAGE, "%s is an index, not a checkpoint: --merge %s joins it", path, path);
	return NULL;
}

static struct error *check_options(const struct invocation *invocation)
{
	const struct options *options = &invocation->options;

	if (!options->database)
		return error_new(ERROR_USAGE, "usage: coldcase index -d FILE [CHECKPOINT...]");
	if (invocation->n_arguments != 1 && (options->n_parents || options->inside[0]))
		return error_new(ERROR_USAGE, "--parent and --inside go with one checkpoint");
	if (options->node && !options->n_merged)
		return error_new(ERROR_USAGE, "--node goes with --merge");
	return NULL;
}

/* Two that would wait for each other. */
static struct error *check_merged(const char *database, const char *path)
{
	struct stat ours, theirs;

	if (stat(path, &theirs) < 0)
		return error_in_source(error_errno(ERROR_UNREADABLE, "cannot be read"), path);
	if (stat(database, &ours) == 0 && ours.st_dev == theirs.st_dev && ours.st_ino == theirs.st_ino)
		return error_new(ERROR_USAGE, "%s cannot be merged into itself", path);
	if (!index_recognise(path))
		return error_in_source(error_new(ERROR_UNREADABLE, "is no index of coldcase"), path);
	return NULL;
}

static struct error *prepare(struct invocation *invocation)
{
	const struct options *options = &invocation->options;
	struct error *error = check_options(invocation);

	invocation->reads_memory = options->pages;
	for (int i = 0; i < invocation->n_arguments && !error; i++)
		error = check_argument(invocation->arguments[i]);
	for (size_t i = 0; i < options->n_merged && !error; i++)
		error = check_merged(options->database, options->merged[i]);
	if (error)
		return error;
	invocation->index = calloc(1, sizeof(*invocation->index));
	if (!invocation->index)
		out_of_memory();
	error = index_open(options->database, &invocation->notes, invocation->index);
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
	bool is_several; /* nothing by itself: those in it follow */
};

/* Those that are to be indexed; while they are, more may turn out to be there. */
struct adding {
	struct invocation *invocation;
	struct arena *arena;
	struct collection collection;
	struct identities *identities;
};

/*
 * What cannot be opened is an entry too; that it could not is damage, and work goes on. It is known by its path: a
 * copy of it at another one is told as well.
 */
static struct error *record_failure(struct invocation *invocation, struct entry *entry,
				    struct error *failure, struct problems *problems, struct result *ret)
{
	struct error *error;

	failure->kind = ERROR_DAMAGED;
	problems_add(problems, failure);
	entry->identity.key[0] = '\0';
	error = index_write(invocation->index, entry, NULL, problems, &ret->outcome, &ret->n_rows);
	problems_move(&invocation->problems, problems);
	return error;
}

static struct error *read_one(struct adding *adding, const struct collected *item, struct entry *entry,
			      struct problems *problems, struct result *ret)
{
	struct invocation *invocation = adding->invocation;
	const struct collected one = { .path = entry->path, .inside = entry->inside };
	struct problems none = { 0 };
	struct checkpoint checkpoint;
	struct error *error = collected_open(invocation, &one, &checkpoint);

	ret->is_several = error && !item->inside[0] &&
			  collect_several(invocation, item->path, error, adding->arena, &adding->collection);
	if (ret->is_several) {
		error_free(error);
		return NULL;
	}
	if (error)
		return record_failure(invocation, entry, error, problems, ret);
	problems_move(&checkpoint.problems, problems);
	error = index_write(invocation->index, entry, &checkpoint, &none, &ret->outcome, &ret->n_rows);
	finish_checkpoint(invocation, &checkpoint);
	spool_empty(invocation->spool); /* the next archive has all of the room */
	return error;
}

/* ITEM: that with index I. */
static struct error *add_one(struct adding *adding, size_t i, const struct collected *item, struct result *ret)
{
	struct invocation *invocation = adding->invocation;
	char *path = realpath(item->path, NULL);
	struct entry entry = { .node = "", .path = path, .inside = item->inside, .reveal = invocation->options.reveal,
			       .pages = invocation->options.pages };
	struct error *error, *failure;
	struct problems problems;
	bool known = false;

	if (!path)
		return error_in_source(error_errno(ERROR_UNREADABLE, "cannot be read"), item->path);
	problems_init(&problems);
	failure = identities_take(adding->identities, i, path, item->inside, &problems, &entry.identity);
	error = index_knows(invocation->index, &entry, &known);
	*ret = (struct result){ .outcome = INDEX_UNCHANGED };
	if (error || known)
		error_free(failure);
	else if (failure)
		error = record_failure(invocation, &entry, failure, &problems, ret);
	else
		error = read_one(adding, item, &entry, &problems, ret);
	problems_deinit(&problems);
	free(path);
	return error;
}

/* --- all of them --------------------------------------------------------------------------------------- */

static void print_result(struct row_writer *writer, enum outcome_of_entry outcome, uint64_t n_rows, const char *path,
			 const char *inside)
{
	const struct value values[] = {
		value_text(bytes_of(outcome_names[outcome])),
		value_number(VALUE_UINT, n_rows),
		value_text(bytes_of(path)),
		value_text(inside[0] ? bytes_of(inside) : (struct bytes){ 0 }),
	};

	rows_put(writer, values);
}

/* An error of the database ends the work; what is in it stays. */
static struct error *add_all(struct invocation *invocation, struct row_writer *writer)
{
	struct error *error = NULL;
	struct arena arena;
	struct adding adding = { .invocation = invocation, .arena = &arena };

	arena_init(&arena);
	collect_checkpoints(invocation, &arena, &adding.collection);
	adding.identities = identities_begin(&(struct identities_request){
		.items = adding.collection.items,
		.n = adding.collection.n,
		.parents = invocation->options.parents,
		.n_parents = invocation->options.n_parents,
		.threads = invocation->options.threads,
	});
	for (size_t i = 0; i < adding.collection.n && !error; i++) {
		const struct collected item = adding.collection.items[i]; /* it moves where more are added */
		struct result result = { .outcome = INDEX_UNCHANGED };

		progress_item(i, adding.collection.n);
		if (access(item.path, F_OK) < 0) {
			problems_add(&invocation->problems,
				     error_in_source(error_errno(ERROR_UNREADABLE, "cannot be read"),
						     item.path));
			continue;
		}
		error = add_one(&adding, i, &item, &result);
		if (!error && !result.is_several)
			print_result(writer, result.outcome, result.n_rows, item.path, item.inside);
	}
	identities_end(adding.identities);
	arena_deinit(&arena);
	return error;
}

/* --- other indexes ------------------------------------------------------------------------------------- */

static void tell_merged(void *context, enum outcome_of_entry outcome, uint64_t n_rows, const char *path,
			const char *inside)
{
	print_result(context, outcome, n_rows, path, inside);
}

/* "node1" of "indexes/node1.db" */
static const char *node_of(const char *path, struct arena *arena)
{
	struct bytes name = bytes_basename(bytes_of(path));
	size_t point = bytes_find_last(name, '.');

	return arena_text(arena, point && point < name.len ? bytes_first(name, point) : name);
}

static struct error *merge_all(struct invocation *invocation, struct row_writer *writer)
{
	const struct options *options = &invocation->options;
	struct error *error = NULL;
	struct arena arena;

	arena_init(&arena);
	for (size_t i = 0; i < options->n_merged && !error; i++) {
		const char *path = options->merged[i];
		const struct merging merging = { options->node ? options->node : node_of(path, &arena), options->reveal,
						 tell_merged, writer };
		struct index from;

		error = index_open_reading(path, &from);
		if (error)
			break;
		error = index_merge(invocation->index, &from, &merging);
		index_close(&from);
	}
	arena_deinit(&arena);
	return error;
}

static struct error *run_index(struct invocation *invocation)
{
	static const char *const names[] = { "outcome", "rows", "path", "inside" };
	struct row_writer writer;
	struct error *error;

	if (!invocation->n_arguments && !invocation->options.n_merged)
		return NULL; /* it has been made */
	rows_begin(&writer, row_form_of(invocation->options.format), names, ARRAY_SIZE(names), &invocation->out);
	error = merge_all(invocation, &writer);
	if (!error)
		error = add_all(invocation, &writer);
	rows_end(&writer);
	if (error)
		problems_add(&invocation->problems, error); /* what came in before is told all the same */
	return NULL;
}

static struct error *add_merged(struct options *options, const char *value)
{
	if (options->n_merged == MOST_MERGED)
		return error_new(ERROR_USAGE, "more than %d indexes", MOST_MERGED);
	options->merged[options->n_merged++] = value;
	return NULL;
}

/* --- the command line ----------------------------------------------------------------------------------- */

static const struct option index_options[] = {
	{ 'd', "database", "FILE", "the index; made where there is none", KEEPS(database) },
	{ 0, "pages", NULL, "hashes of pages too, to see which are shared", SETS(pages) },
	{ 0, "merge", "OTHER", "what another index has; may be given again", .set = add_merged },
	{ 0, "node", "NAME", "where OTHER was made (else the name of its file)", KEEPS(node) },
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
		 "again; other content at the same path replaces what was there. With --threads\n"
		 "the contents of the next ones are looked at meanwhile. What cannot be read is\n"
		 "recorded with its error, and the status is 4.\n"
		 "\n"
		 "Each checkpoint comes in whole or not at all, whenever the program ends. Its\n"
		 "journal is made beside FILE, so that directory must be writable. --pages adds\n"
		 "hashes of pages, and the views page, pages_shared_by_checkpoints,\n"
		 "..._replicas and ..._processes are about these. Without a CHECKPOINT an index is\n"
		 "made, or brought to this version. \"coldcase query FILE SQL\" asks it, and so do\n"
		 "sqlite3 and whatever else reads SQLite. Addresses are two's complement.\n"
		 "\n"
		 "--merge takes over what indexes of other machines have; the column indexed.node\n"
		 "tells from which. The same content is in it once, and of other content at the\n"
		 "same path of the same node the later. An index with secrets as they are is taken\n"
		 "with --reveal only.\n",
	.formats = FORMATS_OF_ROWS,
	.options = { index_options, thread_options, parent_options, reveal_options, output_options, spool_options },
	.prepare = prepare,
	.release = release,
	.most_arguments = MANY_ARGUMENTS,
	.needs_images = true,
	.run = run_index,
};
