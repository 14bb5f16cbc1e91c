/*
 * json-c, read with distrust: strict JSON in UTF-8, nested no deeper than our own writer goes.
 *
 * It has a type json_bool where the JSON writer has a function of that name.
 */
#pragma once

#define json_bool json_c_bool
#include <json-c/json.h>
#undef json_bool

#include "decoders/base/bytes.h"

/*
 * The one value that TEXT is; NULL stands for "null". False where it is none: *ret_end is where
 * it breaks then and *ret_reason why. What its tree takes is for the caller to bound.
 */
bool json_c_parse(struct bytes text, struct json_object **ret, size_t *ret_end,
		  const char **ret_reason) __attribute__((warn_unused_result));
