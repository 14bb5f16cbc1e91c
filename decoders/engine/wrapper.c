#include "decoders/engine/wrapper.h"

#include "decoders/base/size.h"
#include "decoders/engine/document.h"

enum { DEPTH = 4 }; /* an index may lead to an index */

#define CTR "application/vnd.containerd.container."

struct reading {
	struct source *source;
	struct problems *problems;
	struct arena scratch;
	unsigned documents;
	struct wrapper *ret;
};

static const char *text_at(struct json_object *object, const char *key)
{
	struct json_object *value;

	if (!json_object_object_get_ex(object, key, &value) ||
	    !json_object_is_type(value, json_type_string))
		return NULL;
	return json_object_get_string(value);
}

static struct json_object *list_at(struct json_object *object, const char *key)
{
	struct json_object *value;

	if (!json_object_is_type(object, json_type_object) ||
	    !json_object_object_get_ex(object, key, &value) ||
	    !json_object_is_type(value, json_type_array))
		return NULL;
	return value;
}

/* A member of that name; docker's archives have a link "ID/layer.tar" to "../DIGEST.tar". */
static uint32_t find(struct reading *reading, const char *name)
{
	const struct member *member = source_find(reading->source, bytes_of(name));

	if (member && member->type == MEMBER_SYMLINK &&
	    bytes_start_with(member->link, BYTES("../")))
		member = source_find(reading->source, bytes_from(member->link, 3));
	if (!member || member->type != MEMBER_FILE)
		return UINT32_MAX;
	return source_index(reading->source, member);
}

/* The blob of a digest "sha256:HEX": blobs/sha256/HEX in a layout, HEX in a plain directory. */
static uint32_t find_blob(struct reading *reading, struct json_object *descriptor)
{
	const char *digest = text_at(descriptor, "digest");
	const char *colon = digest ? strchr(digest, ':') : NULL;
	uint32_t found;

	if (!colon)
		return UINT32_MAX;
	found = find(reading, arena_printf(&reading->scratch, "blobs/%.*s/%s", (int)(colon - digest),
					   digest, colon + 1));
	return found != UINT32_MAX ? found : find(reading, colon + 1);
}

static void push(uint32_t *list, size_t *n, uint32_t member)
{
	if (member != UINT32_MAX && *n < WRAPPER_MOST)
		list[(*n)++] = member;
}

/* The layers of an image, the lowest first. Those of a checkpoint's are looked at from the top. */
static void read_layers(struct reading *reading, struct json_object *layers, bool is_base)
{
	struct wrapper *wrapper = reading->ret;
	size_t n = json_object_array_length(layers);

	for (size_t i = 0; i < n && is_base; i++)
		push(wrapper->base, &wrapper->n_base,
		     find_blob(reading, json_object_array_get_idx(layers, i)));
	for (size_t i = n; i-- > 0 && !is_base;)
		push(wrapper->images, &wrapper->n_images,
		     find_blob(reading, json_object_array_get_idx(layers, i)));
}

static bool is_layer(const char *type)
{
	return strstr(type, ".image.layer.") || strstr(type, ".image.rootfs.diff.");
}

static bool has_ctr_parts(struct json_object *entries)
{
	for (size_t i = 0; i < json_object_array_length(entries); i++) {
		const char *type = text_at(json_object_array_get_idx(entries, i), "mediaType");

		if (type && !strncmp(type, CTR, strlen(CTR)))
			return true;
	}
	return false;
}

static void read_document(struct reading *reading, uint32_t member, unsigned depth, bool is_base);

/* One entry of an index: a part of ctr's, or another document. */
static void read_entry(struct reading *reading, struct json_object *entry, unsigned depth,
		       bool in_ctr)
{
	struct wrapper *wrapper = reading->ret;
	const char *type = text_at(entry, "mediaType");
	uint32_t blob = find_blob(reading, entry);

	if (blob == UINT32_MAX)
		return;
	if (type && !strcmp(type, CTR "criu.checkpoint.criu.tar"))
		push(wrapper->images, &wrapper->n_images, blob);
	else if (type && !strcmp(type, CTR "checkpoint.config.v1+proto"))
		wrapper->spec = blob;
	else if (type && is_layer(type))
		wrapper->changes = blob;
	else if (!type || strstr(type, "+json"))
		read_document(reading, blob, depth + 1, in_ctr);
}

static void read_index(struct reading *reading, struct json_object *entries, uint32_t member,
		       unsigned depth)
{
	bool is_ctr = has_ctr_parts(entries);

	if (is_ctr) {
		reading->ret->is_ctr = true;
		reading->ret->annotations = member;
	}
	for (size_t i = 0; i < json_object_array_length(entries); i++)
		read_entry(reading, json_object_array_get_idx(entries, i), depth, is_ctr);
}

/* docker's archive: a list of images, each with the names of its layers. */
static void read_docker(struct reading *reading, struct json_object *root)
{
	struct wrapper *wrapper = reading->ret;

	for (size_t i = 0; i < json_object_array_length(root); i++) {
		struct json_object *layers = list_at(json_object_array_get_idx(root, i), "Layers");
		size_t n = layers ? json_object_array_length(layers) : 0;

		for (size_t j = n; j-- > 0;) {
			struct json_object *name = json_object_array_get_idx(layers, j);

			if (json_object_is_type(name, json_type_string))
				push(wrapper->images, &wrapper->n_images,
				     find(reading, json_object_get_string(name)));
		}
	}
}

static void read_document(struct reading *reading, uint32_t member, unsigned depth, bool is_base)
{
	struct json_object *list;
	struct document document;

	if (depth == DEPTH || reading->documents++ == WRAPPER_MOST)
		return;
	document_init(reading->source, &reading->source->members.items[member], &reading->scratch,
		      reading->problems, &document);
	if ((list = list_at(document.root, "manifests"))) {
		read_index(reading, list, member, depth);
	} else if ((list = list_at(document.root, "layers"))) {
		if (!is_base && reading->ret->annotations == UINT32_MAX)
			reading->ret->annotations = member;
		read_layers(reading, list, is_base);
	} else if (json_object_is_type(document.root, json_type_array)) {
		read_docker(reading, document.root);
	}
	document_deinit(&document);
}

void wrapper_read(struct source *source, struct problems *problems, struct wrapper *ret)
{
	static const char *const names[] = { "index.json", "manifest.json" };
	struct reading reading = { .source = source, .problems = problems, .ret = ret };

	*ret = (struct wrapper){ .annotations = UINT32_MAX, .spec = UINT32_MAX, .changes = UINT32_MAX };
	arena_init(&reading.scratch);
	for (size_t i = 0; i < ARRAY_SIZE(names) && !ret->n_images; i++) {
		uint32_t member = find(&reading, names[i]);

		if (member != UINT32_MAX)
			read_document(&reading, member, 0, false);
	}
	ret->is_wrapper = ret->n_images > 0;
	arena_deinit(&reading.scratch);
}
