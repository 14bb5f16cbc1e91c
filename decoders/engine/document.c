#include "decoders/engine/document.h"

#include "decoders/base/cursor.h"
#include "decoders/engine/engine.h"

enum {
	KEY_MAX = 64, /* longer than any key in our paths */
};

void document_problem(struct document *document, struct error *error)
{
	error = error_in_image(error, document->member->name);
	problems_add(document->problems, error_in_source(error, document->source->path));
}

/* What a look at the text finds before json-c gets it. */
struct outline {
	size_t tree;    /* bytes that json-c may take for the tree */
	size_t foreign; /* place of the first byte that JSON cannot have there; SIZE_MAX: none */
};

/*
 * An empty object is two bytes of text and 800 bytes of memory, so a limit on the text does not
 * bound the tree. And json-c's strict mode still takes single quotes and NaN.
 */
static struct outline outline_of(struct bytes text)
{
	static const size_t cost[256] = { ['{'] = 1024, ['['] = 512, [','] = 256 };
	struct outline outline = { .foreign = SIZE_MAX };
	bool in_string = false;

	for (size_t i = 0; i < text.len; i++) {
		uint8_t c = text.data[i];

		outline.tree += cost[c];
		if (in_string && c == '\\')
			i++;
		else if (c == '"')
			in_string = !in_string;
		else if (!in_string && (c == '\'' || c == 'N' || c == 'I') &&
			 outline.foreign == SIZE_MAX)
			outline.foreign = i;
	}
	return outline;
}

static bool is_blank(struct bytes text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!text.data[i] || !strchr(" \t\r\n", text.data[i]))
			return false;
	return true;
}

/* END: where json-c stopped. */
static struct error *parse_error(enum json_tokener_error code, struct bytes text, size_t end)
{
	struct error *error;

	if (code == json_tokener_error_depth)
		error = error_new(ERROR_LIMIT, "nested deeper than %d", ENGINE_JSON_DEPTH);
	else if (code != json_tokener_success)
		error = error_new(ERROR_DAMAGED, "not JSON: %s", json_tokener_error_desc(code));
	else if (!is_blank(bytes_from(text, end)))
		error = error_new(ERROR_DAMAGED, "not JSON: more text after its end");
	else
		return NULL;
	return error_at(error, NO_ENTRY, end);
}

static struct error *check_root(struct json_object *root)
{
	if (!root || json_object_is_type(root, json_type_object) ||
	    json_object_is_type(root, json_type_array))
		return NULL;
	return error_new(ERROR_DAMAGED, "neither an object nor a list");
}

static struct error *parse(struct bytes text, struct json_object **ret)
{
	struct outline outline = outline_of(text);
	struct json_tokener *tokener;
	struct json_object *root;
	struct error *error;
	size_t end;

	if (text.len > ENGINE_JSON_MAX || outline.tree > ENGINE_JSON_TREE_MAX)
		return error_new(ERROR_LIMIT, "too many values for one document");
	if (outline.foreign != SIZE_MAX)
		return error_at(error_new(ERROR_DAMAGED, "not JSON: unexpected character"), NO_ENTRY,
				outline.foreign);
	tokener = json_tokener_new_ex(ENGINE_JSON_DEPTH);
	if (!tokener)
		out_of_memory();
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	root = json_tokener_parse_ex(tokener, (const char *)text.data, (int)text.len);
	end = json_tokener_get_parse_end(tokener);
	if (json_tokener_get_error(tokener) == json_tokener_continue)
		root = json_tokener_parse_ex(tokener, "", 1); /* its NUL byte ends the text */
	error = parse_error(json_tokener_get_error(tokener), text, end);
	json_tokener_free(tokener);
	if (!error)
		error = check_root(root);
	if (error)
		json_object_put(root);
	else
		*ret = root;
	return error;
}

/* Leaves in *TEXT the value of field 2. */
static struct error *open_any(struct bytes *text)
{
	enum { TYPE_URL = 1 << 3 | 2, VALUE = 2 << 3 | 2 };
	struct cursor cursor = cursor_over(*text, false);
	struct bytes part;
	uint64_t tag, len;

	while (cursor_left(&cursor) && cursor_varint(&cursor, &tag) && (tag == TYPE_URL || tag == VALUE) &&
	       cursor_varint(&cursor, &len) && cursor_take(&cursor, len, &part)) {
		if (tag != VALUE)
			continue;
		*text = part;
		return NULL;
	}
	return error_at(error_new(ERROR_DAMAGED, "not a protobuf Any with a value"), NO_ENTRY,
			cursor_offset(&cursor));
}

static void init(struct source *source, const struct member *member, struct arena *scratch,
		 struct problems *problems, bool is_any, struct document *ret)
{
	struct error *error;
	struct bytes text;

	*ret = (struct document){ .source = source, .member = member, .problems = problems };
	if (!member)
		return;
	error = source_load(source, member, ENGINE_JSON_MAX, scratch, &text);
	if (!error && is_any)
		error = open_any(&text);
	if (!error)
		error = parse(text, &ret->root);
	if (error)
		document_problem(ret, error);
}

void document_init(struct source *source, const struct member *member, struct arena *scratch,
		   struct problems *problems, struct document *ret)
{
	init(source, member, scratch, problems, false, ret);
}

void document_init_any(struct source *source, const struct member *member, struct arena *scratch,
		       struct problems *problems, struct document *ret)
{
	init(source, member, scratch, problems, true, ret);
}

void document_deinit(struct document *document)
{
	json_object_put(document->root);
	document->root = NULL;
}

/* Puts the tree of a text into the text's place; of broken text nothing, so as to say it once. */
static struct json_object *unfold(struct document *document, struct json_object *parent,
				  const char *key, struct json_object *text)
{
	struct json_object *tree = NULL;
	struct error *error = parse((struct bytes){ (const uint8_t *)json_object_get_string(text),
						    (size_t)json_object_get_string_len(text) },
				    &tree);

	if (error)
		document_problem(document,
				 error_new(error->kind, "\"%s\": %s", key, error->message));
	error_free(error);
	if (json_object_object_add(parent, key, tree))
		out_of_memory();
	return tree;
}

static struct json_object *find(struct document *document, struct json_object *value,
				const char *path);

static struct json_object *find_in_any(struct document *document, struct json_object *value,
				       const char *path)
{
	struct json_object *found = NULL;

	if (json_object_is_type(value, json_type_array)) {
		for (size_t i = 0; i < json_object_array_length(value) && !found; i++)
			found = find(document, json_object_array_get_idx(value, i), path);
	} else if (json_object_is_type(value, json_type_object)) {
		json_object_object_foreach(value, key, element)
		{
			(void)key;
			if ((found = find(document, element, path)))
				break;
		}
	}
	return found;
}

static bool is_empty_text(struct json_object *value)
{
	return json_object_is_type(value, json_type_string) && !json_object_get_string_len(value);
}

/* An empty PATH is VALUE itself. */
static struct json_object *find(struct document *document, struct json_object *value,
				const char *path)
{
	size_t len = strcspn(path, "/");
	const char *rest = path[len] ? path + len + 1 : path + len;
	struct json_object *element;
	char key[KEY_MAX];

	if (!*path)
		return is_empty_text(value) ? NULL : value;
	if (len == 1 && *path == '*')
		return find_in_any(document, value, rest);
	if (len >= sizeof(key) || !json_object_is_type(value, json_type_object))
		return NULL;
	memcpy(key, path, len);
	key[len] = '\0';
	if (!json_object_object_get_ex(value, key, &element))
		return NULL;
	if (*rest && json_object_is_type(element, json_type_string))
		element = unfold(document, value, key, element);
	return find(document, element, rest);
}

struct json_object *document_find(struct document *document, const char *path)
{
	return find(document, document->root, path);
}
