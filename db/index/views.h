/*
 * Views of an index, each a file of views/ (db/sql/queries.awk): its name is the view's, its first line what a row
 * is. They use SQLite's own functions only, because the sqlite3 shell and other tools run them.
 */
#pragma once

#include "db/sql/queries.h"

extern const struct named_query index_views[];
extern const size_t n_index_views;
