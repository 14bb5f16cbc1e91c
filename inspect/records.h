/*
 * Rows that are no table's: what a command found out, in the forms that a listing has.
 */
#pragma once

#include "db/tables/value.h"
#include "inspect/command.h"

struct records {
	enum format format; /* not FORMAT_TEXT */
	const char *const *names;
	size_t n;
	struct json json;
	struct out cell;
	struct out *out;
};

/* NAMES: of the N columns. */
void records_begin(struct records *records, enum format format, const char *const *names, size_t n,
		   struct out *out);
void records_add(struct records *records, const struct value *values);
void records_end(struct records *records);
