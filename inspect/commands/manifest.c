/* manifest: SHA-256 and size of all files of an archive or directory; --check holds them against earlier ones. */
#include <stdlib.h>

#include "decoders/base/escape.h"
#include "decoders/base/size.h"
#include "inspect/export/manifest_forms.h"
#include "inspect/images.h"
#include "inspect/options.h"

/* --- two manifests, side by side ---------------------------------------------------------------------- */

enum verdict {
	MATCHED,
	CHANGED,
	MISSING, /* it was there before */
	NEW,
	N_VERDICTS,
};

static const char *const verdict_names[] = {
	[MATCHED] = "matched", [CHANGED] = "changed", [MISSING] = "missing", [NEW] = "new",
};

struct pair {
	const struct manifest_entry *before, *now; /* one may be NULL */
	enum verdict verdict;
};

struct pairs {
	struct pair *items;
	size_t n;
	size_t count[N_VERDICTS];
};

/* The archive itself first, whatever its file is called now; then by name; of one name in their order. */
static int compare_names(const struct manifest_entry *a, const struct manifest_entry *b)
{
	if (a->is_archive || b->is_archive)
		return b->is_archive - a->is_archive;
	return bytes_compare(a->name, b->name);
}

static int compare_entries(const void *a, const void *b)
{
	const struct manifest_entry *left = *(const struct manifest_entry *const *)a;
	const struct manifest_entry *right = *(const struct manifest_entry *const *)b;
	int order = compare_names(left, right);

	return order ? order : (left > right) - (left < right);
}

static const struct manifest_entry **sorted(struct arena *arena, const struct manifest *manifest)
{
	size_t n = manifest->entries.n;
	const struct manifest_entry **entries = arena_alloc(arena, (n + 1) * sizeof(*entries));

	for (size_t i = 0; i < n; i++)
		entries[i] = &manifest->entries.items[i];
	if (n)
		qsort(entries, n, sizeof(*entries), compare_entries);
	return entries;
}

/* What could not be read matches nothing. */
static enum verdict judge(const struct manifest_entry *before, const struct manifest_entry *now)
{
	if (!before || !now)
		return before ? MISSING : NEW;
	return *now->sha256 && before->size == now->size && !strcmp(before->sha256, now->sha256) ? MATCHED
												  : CHANGED;
}

static void compare(struct arena *arena, const struct manifest *before, const struct manifest *now,
		    struct pairs *ret)
{
	const struct manifest_entry **left = sorted(arena, before), **right = sorted(arena, now);
	size_t n_left = before->entries.n, n_right = now->entries.n, l = 0, r = 0;

	*ret = (struct pairs){ .items = arena_alloc(arena, (n_left + n_right + 1) * sizeof(*ret->items)) };
	while (l < n_left || r < n_right) {
		int order = l == n_left ? 1 : r == n_right ? -1 : compare_names(left[l], right[r]);
		struct pair pair = { .before = order <= 0 ? left[l++] : NULL,
				     .now = order >= 0 ? right[r++] : NULL };

		pair.verdict = judge(pair.before, pair.now);
		ret->count[pair.verdict]++;
		ret->items[ret->n++] = pair;
	}
}

/* --- telling ------------------------------------------------------------------------------------------- */

static const struct manifest_entry *either(const struct pair *pair)
{
	return pair->now ? pair->now : pair->before;
}

static void tell_text(const struct pairs *pairs, struct out *out)
{
	for (size_t i = 0; i < pairs->n; i++) {
		const struct pair *pair = &pairs->items[i];

		if (pair->verdict == MATCHED)
			continue;
		out_printf(out, "%-8s ", verdict_names[pair->verdict]);
		escape_text(out, either(pair)->name);
		out_text(out, either(pair)->is_archive ? " (the archive itself)\n" : "\n");
	}
	for (size_t i = 0; i < N_VERDICTS; i++)
		out_printf(out, "%s%zu %s", i ? ", " : "", pairs->count[i], verdict_names[i]);
	out_char(out, '\n');
}

static struct value size_of(const struct manifest_entry *entry)
{
	return entry ? value_number(VALUE_UINT, entry->size) : (struct value){ .type = VALUE_NULL };
}

static struct value sha256_of(const struct manifest_entry *entry)
{
	return value_text(entry && *entry->sha256 ? bytes_of(entry->sha256) : NO_BYTES);
}

static void tell_rows(const struct pairs *pairs, enum format format, struct out *out)
{
	static const char *const names[] = { "state", "kind", "name", "size_before", "sha256_before",
					     "size", "sha256" };
	struct row_writer writer;

	rows_begin(&writer, row_form_of(format), names, ARRAY_SIZE(names), out);
	for (size_t i = 0; i < pairs->n; i++) {
		const struct pair *pair = &pairs->items[i];
		const struct value values[] = {
			value_text(bytes_of(verdict_names[pair->verdict])),
			value_text(either(pair)->is_archive ? BYTES("archive") : BYTES("member")),
			value_text(either(pair)->name),
			size_of(pair->before), sha256_of(pair->before),
			size_of(pair->now), sha256_of(pair->now),
		};

		rows_put(&writer, values);
	}
	rows_end(&writer);
}

/* --- the command ----------------------------------------------------------------------------------------- */

static struct error *read_earlier(const char *path, struct arena *arena, struct manifest *ret)
{
	struct error *error;
	struct out text;

	error = read_whole(path, MANIFEST_TEXT_MAX, &text);
	if (error)
		return error;
	error = manifest_read(out_held(&text), arena, ret);
	out_deinit(&text);
	return error_in_source(error, path);
}

/* A directory of one file: see manifest_forms.h. */
static void take_for_members(struct manifest *manifest)
{
	for (size_t i = 0; i < manifest->entries.n; i++)
		manifest->entries.items[i].is_archive = false;
}

static struct error *check(struct invocation *invocation, struct arena *arena)
{
	enum format format = invocation->options.format;
	struct manifest before, now;
	struct pairs pairs;
	struct error *error;

	error = read_earlier(invocation->options.check, arena, &before);
	if (!error)
		error = manifest_take(invocation->arguments[0], arena, &invocation->problems, &now);
	if (error)
		return error;
	if (now.is_directory)
		take_for_members(&before);
	compare(arena, &before, &now, &pairs);
	if (format == FORMAT_TEXT)
		tell_text(&pairs, &invocation->out);
	else
		tell_rows(&pairs, format, &invocation->out);
	invocation->status = pairs.count[MATCHED] < pairs.n;
	return NULL;
}

static struct error *run_manifest(struct invocation *invocation)
{
	struct manifest manifest;
	struct error *error;
	struct arena arena;

	arena_init(&arena);
	if (invocation->options.check) {
		error = check(invocation, &arena);
	} else {
		error = manifest_take(invocation->arguments[0], &arena, &invocation->problems, &manifest);
		if (!error)
			manifest_write(&manifest, invocation->options.format, &invocation->out);
	}
	arena_deinit(&arena);
	return error;
}

/* --- the command line ----------------------------------------------------------------------------------- */

static const struct option manifest_options[] = {
	{ 0, "check", "FILE", "hold it against this earlier manifest", KEEPS(check) },
	{ 0 },
};

const struct command command_manifest = {
	.name = "manifest",
	.arguments = "CHECKPOINT",
	.help = "SHA-256 and size of each file in it, and of the archive itself",
	.about = "Any archive or directory, read once. Text is what hashdeep(1) writes and audits;\n"
		 "\"./NAME\" is the archive itself. --check FILE tells what differs from an earlier\n"
		 "manifest, whether text, json or jsonl; the status is 1 then. Directories, links\n"
		 "and devices have no row.\n",
	.formats = FORMATS_OF_ROWS,
	.options = { manifest_options, output_options },
	.least_arguments = 1,
	.most_arguments = 1,
	.needs_images = true,
	.run = run_manifest,
};
