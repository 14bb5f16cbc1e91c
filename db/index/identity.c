#include "db/index/index.h"

#include <stdlib.h>
#include <string.h>

#include "decoders/base/digest.h"
#include "decoders/base/out.h"
#include "decoders/source/manifest.h"

static int compare_entries(const void *a, const void *b)
{
	const struct manifest_entry *left = a, *right = b;
	int order = bytes_compare(left->name, right->name);

	return order ? order : strcmp(left->sha256, right->sha256);
}

/* Name, size and digest of each, each with its length in front so that no two lists look the same. */
static void add_entries(struct digest *digest, const struct manifest *manifest)
{
	for (size_t i = 0; i < manifest->entries.n; i++) {
		const struct manifest_entry *entry = &manifest->entries.items[i];
		struct out line;

		out_init(&line, -1);
		out_printf(&line, "%zu:", entry->name.len);
		out_bytes(&line, entry->name);
		out_printf(&line, ":%llu:%s\n", (unsigned long long)entry->size, entry->sha256);
		digest_add(digest, out_held(&line));
		out_deinit(&line);
	}
}

struct error *identity_take(const char *path, const char *inside, struct problems *problems,
			    struct identity *ret)
{
	struct identity identity = { 0 };
	struct manifest manifest = { 0 };
	struct digest *digest;
	struct arena arena;
	struct error *error;

	arena_init(&arena);
	error = manifest_take(path, &arena, problems, &manifest);
	if (error) {
		arena_deinit(&arena);
		return error;
	}
	digest = digest_new();
	if (!manifest.is_directory && manifest.entries.n && manifest.entries.items[0].sha256[0]) {
		memcpy(identity.sha256, manifest.entries.items[0].sha256, sizeof(identity.sha256));
		digest_add(digest, bytes_of(identity.sha256));
	} else {
		if (manifest.entries.n)
			qsort(manifest.entries.items, manifest.entries.n, sizeof(*manifest.entries.items),
			      compare_entries);
		add_entries(digest, &manifest);
	}
	digest_add(digest, BYTES("\n"));
	digest_add(digest, bytes_of(inside));
	digest_end(digest, identity.key);
	arena_deinit(&arena);
	*ret = identity;
	return NULL;
}
