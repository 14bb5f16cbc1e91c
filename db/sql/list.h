/* A list as SQL has it, JSON text, as a value again. */
#pragma once

#include "db/tables/value.h"

/* VALUE_STRINGS or VALUE_NUMBERS; false where TEXT is no list of one of them. */
bool list_parse(struct bytes text, struct arena *arena, struct value *ret)
	__attribute__((warn_unused_result));
