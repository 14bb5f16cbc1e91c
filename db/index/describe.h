/* What an index has beside the tables of the data dictionary, written out. */
#pragma once

#include "decoders/base/out.h"

/* A line for each table and view, as the prompt lists them. */
void index_describe_text(struct out *out);

/* A chapter of docs/TABLES.md. */
void index_describe_markdown(struct out *out);
