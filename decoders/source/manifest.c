#include "decoders/source/manifest.h"

#include "decoders/source/digests.h"

/* What sees the archive pass: its own digest beside those of its members. */
struct taking {
	struct digests members;
	struct digest *archive;
	uint64_t size; /* bytes of the archive that have passed */
};

static void take_stored(void *context, struct bytes data)
{
	struct taking *taking = context;

	digest_add(taking->archive, data);
	taking->size += data.len;
}

static void take_passing(void *context, const struct source *source, const struct member *member,
			 uint64_t start, struct bytes data)
{
	struct taking *taking = context;
	struct capture capture = digests_capture(&taking->members);

	capture.pass(capture.context, source, member, start, data);
}

static void add_archive(struct taking *taking, const struct source *source, struct arena *arena,
			struct manifest *manifest)
{
	struct manifest_entry *entry = vec_push(arena, &manifest->entries);

	entry->is_archive = true;
	entry->name = arena_copy(arena, bytes_basename(bytes_of(source->path)));
	entry->size = taking->size ? taking->size : source->size; /* where it was not read as a whole */
	/* Where the file could not be read to its end, this is no digest of it. */
	if (taking->size >= source->size)
		digest_end(taking->archive, entry->sha256);
	else
		digest_free(taking->archive);
	taking->archive = NULL;
}

static void add_member(struct taking *taking, struct source *source, const struct member *member,
		       struct arena *arena, struct problems *problems, struct manifest *manifest)
{
	struct manifest_entry *entry = vec_push(arena, &manifest->entries);
	struct member_digest digest;
	struct error *error = digests_of(&taking->members, source, member, &digest);

	entry->name = arena_copy(arena, member->name);
	entry->size = member->size;
	problems_add(problems, error);
	if (error)
		return;
	entry->size = digest.size;
	memcpy(entry->sha256, digest.sha256, sizeof(entry->sha256));
}

struct error *manifest_take(const char *path, struct arena *arena, struct problems *problems,
			    struct manifest *ret)
{
	struct taking taking = { .archive = digest_new() };
	struct capture capture = { .plan = capture_heads, .pass = take_passing,
				   .stored = take_stored, .context = &taking };
	struct manifest manifest = { 0 };
	struct source source;
	struct error *error;

	digests_init(&taking.members, arena);
	error = source_open(path, &capture, &source);
	if (error) {
		digest_free(taking.archive);
		return error;
	}
	problems_move(problems, &source.problems);
	manifest.is_directory = source.is_directory;
	if (source.is_directory)
		digest_free(taking.archive);
	else
		add_archive(&taking, &source, arena, &manifest);
	for (size_t i = 0; i < source.members.n; i++)
		if (source.members.items[i].type == MEMBER_FILE)
			add_member(&taking, &source, &source.members.items[i], arena, problems, &manifest);
	source_close(&source);
	*ret = manifest;
	return NULL;
}
