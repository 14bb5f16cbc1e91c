#include "db/sql/queries.h"

#include "decoders/base/nearest.h"

struct error *named_query_find(const char *name, const struct named_query **ret)
{
	struct nearest nearest = nearest_to(bytes_of(name));

	for (size_t i = 0; i < n_named_queries; i++) {
		if (!strcmp(named_queries[i].name, name)) {
			*ret = &named_queries[i];
			return NULL;
		}
		nearest_try(&nearest, bytes_of(named_queries[i].name));
	}
	return nearest_hint(&nearest, error_new(ERROR_USAGE, "there is no query \"%s\"", name),
			    "\"coldcase query --list\" lists them");
}

const char *query_over_name(enum query_over over)
{
	static const char *const names[] = {
		[QUERY_OVER_ANY] = "anything",
		[QUERY_OVER_CHECKPOINTS] = "checkpoints",
		[QUERY_OVER_TWO] = "two checkpoints",
		[QUERY_OVER_INDEX] = "an index",
		[QUERY_OVER_PAGES] = "an index with pages",
	};

	return names[over];
}

struct error *named_query_arguments(const struct named_query *query, size_t n)
{
	if (n == (size_t)query->n_arguments)
		return NULL;
	if (!query->n_arguments)
		return error_new(ERROR_USAGE, "\"%s\" takes no arguments", query->name);
	return error_new(ERROR_USAGE, "\"%s\" takes %d argument%s, %s, and not %zu", query->name, query->n_arguments,
			 query->n_arguments == 1 ? "" : "s", query->arguments, n);
}

struct error *named_query_check(const struct named_query *query, size_t n_checkpoints)
{
	bool asks_index = query->over == QUERY_OVER_INDEX || query->over == QUERY_OVER_PAGES;

	if (!n_checkpoints && (query->over == QUERY_OVER_CHECKPOINTS || query->over == QUERY_OVER_TWO))
		return error_new(ERROR_USAGE, "\"%s\" asks checkpoints themselves, not an index", query->name);
	if (n_checkpoints && asks_index)
		return error_new(ERROR_USAGE, "\"%s\" asks an index: \"coldcase index -d FILE CHECKPOINT...\" makes "
				 "one", query->name);
	if (n_checkpoints == 1 && query->over == QUERY_OVER_TWO)
		return error_new(ERROR_USAGE, "\"%s\" takes two checkpoints, the earlier one first", query->name);
	return NULL;
}
