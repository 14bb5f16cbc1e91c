/*
 * The data dictionary, written out: every table, column, function and ready-made query, from the same
 * descriptions that make them work.
 */
#pragma once

#include "db/tables/table.h"
#include "decoders/base/out.h"

/* ONLY: that table; NULL: all, and what belongs to none. */
void describe_sql(const struct table *only, struct out *out);
void describe_json(const struct table *only, struct out *out);
void describe_markdown(const struct table *only, struct out *out);
