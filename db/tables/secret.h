/*
 * What must not be on a screen, in a ticket or in a CI log by accident: secrets in the environment and in
 * arguments.
 *
 * The tables mark them in the cell (value.h) and leave the text as it is; whoever shows the cell masks what
 * is marked, unless it was asked to reveal it. What gives a secret away is its name, as in DB_PASSWORD=x,
 * --api-key=x, --token x, "password": "x" or Authorization: x; in a URL the password is one by its place. It
 * is a guess, made to mask rather too much: a value behind a plain name is shown.
 */
#pragma once

#include "db/tables/value.h"
#include "decoders/base/arena.h"

/* Whether a variable, option or key of this name holds a secret: DB_PASSWORD, api-key, authToken. */
bool secret_name(struct bytes name);

/* Marks the secrets in the value of the variable NAME. */
void secret_mark_variable(struct bytes name, struct arena *arena, struct value *value);

/* Marks the secrets in an argument list. */
void secret_mark_arguments(struct arena *arena, struct value *value);

/* Puts asterisks for what is marked, eight however long it is; a marked value becomes an unmarked one. */
void secret_mask(struct arena *arena, struct value *value);
