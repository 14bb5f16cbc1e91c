#include "db/index/index.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "decoders/base/digest.h"
#include "decoders/base/out.h"
#include "decoders/model/layers.h"
#include "decoders/source/digests.h"
#include "decoders/source/manifest.h"

static int compare_entries(const void *a, const void *b)
{
	const struct manifest_entry *left = a, *right = b;
	int order = bytes_compare(left->name, right->name);

	return order ? order : strcmp(left->sha256, right->sha256);
}

/* What the digests are of, so far. */
struct telling {
	struct digest *digest;
	bool is_blind; /* something has no digest: it could be anything */
};

/* Name, size and digest of each, each with its length in front so that no two lists look the same. */
static void add_entries(struct telling *telling, const struct manifest *manifest)
{
	for (size_t i = 0; i < manifest->entries.n; i++) {
		const struct manifest_entry *entry = &manifest->entries.items[i];
		struct out line;

		out_init(&line, -1);
		out_printf(&line, "%zu:", entry->name.len);
		out_bytes(&line, entry->name);
		out_printf(&line, ":%llu:%s\n", (unsigned long long)entry->size, entry->sha256);
		digest_add(telling->digest, out_held(&line));
		out_deinit(&line);
		telling->is_blind |= !entry->sha256[0];
	}
}

/* The digests of what is in a directory, or in an archive that has none of its own. */
static struct error *add_manifest(struct telling *telling, const char *path, struct arena *arena,
				  struct problems *problems)
{
	struct manifest manifest = { 0 };
	struct error *error = manifest_take(path, arena, problems, &manifest);

	if (!error && manifest.entries.n)
		qsort(manifest.entries.items, manifest.entries.n, sizeof(*manifest.entries.items), compare_entries);
	if (!error)
		add_entries(telling, &manifest);
	return error;
}

/* That of a file as it is stored; false: it is a directory, or cannot be read to its end. */
static bool take_file(const char *path, struct arena *arena, char sha256[65])
{
	struct digests digests;
	struct member_digest taken;
	struct source source;
	struct error *error = source_open_file(path, &source);

	if (!error) {
		digests_init(&digests, arena);
		error = digests_of(&digests, &source, source.members.items, &taken);
		source_close(&source);
	}
	if (!error)
		memcpy(sha256, taken.sha256, sizeof(taken.sha256));
	error_free(error); /* whoever reads it otherwise says so */
	return !error;
}

/* One archive or directory; SHA256: that of an archive itself. */
static struct error *add_source(struct telling *telling, const char *path, struct problems *problems, char sha256[65])
{
	struct error *error = NULL;
	struct arena arena;

	arena_init(&arena);
	if (take_file(path, &arena, sha256))
		digest_add(telling->digest, bytes_of(sha256));
	else
		error = add_manifest(telling, path, &arena, problems);
	if (!error)
		digest_add(telling->digest, BYTES("\n"));
	arena_deinit(&arena);
	return error;
}

/* The directory beside PATH that its link "parent" leads to, as model/layers.h follows it; NULL: there is none. */
static char *parent_beside(const char *path)
{
	char link[PATH_MAX], target[NAME_MAX + 8], *beside;
	ssize_t len;

	snprintf(link, sizeof(link), "%s/parent", path);
	len = readlink(link, target, sizeof(target) - 1);
	if (len < 4)
		return NULL;
	target[len] = '\0';
	if (strncmp(target, "../", 3) != 0 || strchr(target + 3, '/') || !strcmp(target + 3, ".."))
		return NULL;
	if (asprintf(&beside, "%s/%s", path, target) < 0)
		out_of_memory();
	return beside;
}

static void add_parents_beside(struct telling *telling, const char *path, struct problems *problems)
{
	char *at = parent_beside(path);

	for (size_t i = 0; at && i < MOST_LAYERS; i++) {
		char sha256[65] = "", *next;

		error_free(add_source(telling, at, problems, sha256)); /* whoever reads its pages says so */
		next = parent_beside(at);
		free(at);
		at = next;
	}
	free(at);
}

struct error *identity_take(const char *path, const char *inside, const char *const *parents, size_t n_parents,
			    struct problems *problems, struct identity *ret)
{
	struct identity identity = { 0 };
	struct telling telling = { .digest = digest_new() };
	struct error *error = add_source(&telling, path, problems, identity.sha256);

	digest_add(telling.digest, bytes_of(inside));
	if (!error)
		add_parents_beside(&telling, path, problems);
	for (size_t i = 0; i < n_parents && !error; i++) {
		char sha256[65] = "";

		error = add_source(&telling, parents[i], problems, sha256);
	}
	digest_end(telling.digest, identity.key);
	if (telling.is_blind)
		identity.key[0] = '\0';
	if (!error)
		*ret = identity;
	return error;
}
