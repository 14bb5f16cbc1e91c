/* Environment and arguments: a name gives a secret away there, whatever its value looks like. */
#include "db/scan/sources.h"
#include "db/tables/table.h"
#include "db/tables/secret.h"
#include "decoders/model/address_space.h"

struct marked {
	struct scanner *scanner;
	const struct secret_kind *kind;
	struct find_place place;  /* of the whole text; */
	struct bytes whole, name; /* ... and that */
};

static void add_marked(const struct marked *marked, const struct value *value)
{
	for (size_t i = 0; i < value->n_secrets; i++) {
		const struct secret *secret = &value->secrets[i];
		struct secret_text text = { .whole = marked->whole, .name = marked->name };
		struct find_place place = marked->place;
		size_t start = (size_t)(value->text.data - marked->whole.data) + secret->start;

		text.secret = (struct bytes){ marked->whole.data + start, secret->len };
		place.offset += start;
		place.address += start;
		finds_add_secret(marked->scanner->finds, marked->kind, &text, false, NULL, &place);
	}
}

/* NULL: the source of an ancestor that is not known. */
static bool locate(const struct scanner *scanner, const struct origin *origin, struct find_place *place)
{
	const struct source *source;

	if (origin->layer >= scanner->checkpoint->layers.n)
		return false;
	source = scanner->checkpoint->layers.items[origin->layer].source;
	if (origin->member >= source->members.n)
		return false;
	place->source = source->path;
	place->image = source->members.items[origin->member].name;
	place->offset = origin->offset;
	return true;
}

static void look_at_variable(struct scanner *scanner, const struct env *env)
{
	const struct process *process = &scanner->checkpoint->processes.items[process_row(scanner->checkpoint, env->pid)];
	struct marked marked = {
		.scanner = scanner,
		.kind = secret_kind_named("secret-variable"),
		.whole = { env->name.data, env->name.len + 1 + env->value.len },
		.name = env->name,
		.place = { .where = "environment", .pid = env->pid, .fd = ABSENT_U32, .path = env->name,
			   .address = process->env_start + (env->origin.offset - process->environ_origin.offset) },
	};
	struct value value = value_text(env->value);

	if (!value.text.len || !locate(scanner, &env->origin, &marked.place))
		return;
	secret_mark_variable(env->name, &scanner->arena, &value);
	add_marked(&marked, &value);
}

static void look_at_arguments(struct scanner *scanner, const struct process *process)
{
	struct marked marked = {
		.scanner = scanner,
		.kind = secret_kind_named("secret-argument"),
		.whole = process->argv.bytes,
		.place = { .where = "arguments", .pid = process->pid, .fd = ABSENT_U32,
			   .address = process->arg_start },
	};
	struct value value = { .type = VALUE_STRINGS, .text = process->argv.bytes };

	if (!value.text.len || !locate(scanner, &process->argv_origin, &marked.place))
		return;
	secret_mark_arguments(&scanner->arena, &value);
	add_marked(&marked, &value);
}

void scan_variables(struct scanner *scanner, const struct scan_request *request)
{
	struct checkpoint *checkpoint = scanner->checkpoint;

	checkpoint_need(checkpoint, PART_STRINGS);
	for (size_t i = 0; i < checkpoint->env.n; i++)
		if (scan_wants(request, checkpoint->env.items[i].pid))
			look_at_variable(scanner, &checkpoint->env.items[i]);
	for (size_t i = 0; i < checkpoint->processes.n; i++)
		if (scan_wants(request, checkpoint->processes.items[i].pid))
			look_at_arguments(scanner, &checkpoint->processes.items[i]);
	arena_reset(&scanner->arena);
}
