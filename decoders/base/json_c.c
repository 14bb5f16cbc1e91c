#include "decoders/base/json_c.h"

#include <limits.h>

#include "decoders/base/arena.h"
#include "decoders/base/json.h"
#include "decoders/base/json_text.h"

bool json_c_parse(struct bytes text, struct json_object **ret, size_t *ret_end,
		  const char **ret_reason)
{
	struct json_tokener *tokener = json_tokener_new_ex(JSON_DEPTH);
	enum json_tokener_error error;
	struct json_object *root;

	if (!tokener)
		out_of_memory();
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	root = json_tokener_parse_ex(tokener, (const char *)text.data,
				     text.len < INT_MAX ? (int)text.len : INT_MAX);
	*ret_end = json_tokener_get_parse_end(tokener);
	if (json_tokener_get_error(tokener) == json_tokener_continue)
		root = json_tokener_parse_ex(tokener, "", 1); /* its NUL byte ends the text */
	error = json_tokener_get_error(tokener);
	*ret_reason = json_tokener_error_desc(error);
	json_tokener_free(tokener);
	if (error == json_tokener_success && json_skip_blank(text, *ret_end) == text.len) {
		*ret = root;
		return true;
	}
	if (error == json_tokener_success)
		*ret_reason = "more text after its end";
	json_object_put(root);
	return false;
}
