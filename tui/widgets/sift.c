#include "tui/widgets/sift.h"

#include <stdlib.h>

#include "tui/clock.h"
#include "tui/widgets/merge.h"

enum { ROWS_A_LOOK = 64 /* between two looks at the clock */ };

enum stage {
	STAGE_CHOOSE, /* which rows */
	STAGE_VALUES, /* what they are sorted by */
	STAGE_SORT,
};

struct sift {
	const struct sift_kind *kind;
	void *context;
	enum stage stage;
	char *filter;
	struct pattern *pattern; /* NULL: no filter */
	struct matcher *matcher;
	bool inverted;
	size_t sort;
	bool descending;
	struct merge merge;      /* of what was chosen so far */
	size_t n_rows, at;
	struct arena arena;      /* of the values */
	struct value *values;    /* by row */
};

static uint32_t *new_order(size_t n)
{
	uint32_t *order = malloc((n + 1) * sizeof(*order));

	if (!order)
		out_of_memory();
	return order;
}

static struct error *take_filter(struct sift *sift, const char *filter)
{
	struct error *error = NULL;

	if (!filter || !*filter)
		return NULL;
	sift->filter = strdup(filter);
	if (!sift->filter)
		out_of_memory();
	sift->inverted = filter[0] == '!';
	if (filter[sift->inverted])
		error = list_pattern(filter + sift->inverted, &sift->pattern);
	if (sift->pattern)
		sift->matcher = matcher_new(sift->pattern);
	return error;
}

struct error *sift_begin(const struct sift_kind *kind, void *context, size_t n_rows, const char *filter,
			 size_t sort, bool descending, struct sift **ret)
{
	struct sift *sift = calloc(1, sizeof(*sift));
	struct error *error;

	if (!sift)
		out_of_memory();
	*sift = (struct sift){ .kind = kind, .context = context, .n_rows = n_rows, .sort = sort,
			       .descending = descending, .merge = { .width = 1 } };
	arena_init(&sift->arena);
	error = take_filter(sift, filter);
	if (error) {
		sift_free(sift);
		return error;
	}
	sift->merge.order = new_order(n_rows);
	*ret = sift;
	return NULL;
}

void sift_free(struct sift *sift)
{
	if (!sift)
		return;
	matcher_free(sift->matcher);
	pattern_free(sift->pattern);
	arena_deinit(&sift->arena);
	free(sift->values);
	free(sift->merge.order);
	free(sift->merge.other);
	free(sift->filter);
	free(sift);
}

static bool is_wanted(struct sift *sift, uint32_t row, struct out *room)
{
	if (!sift->kind->wants(sift->context, row))
		return false;
	return !sift->matcher || sift->kind->matches(sift->context, row, sift->matcher, room) != sift->inverted;
}

/* True where all rows have been looked at. */
static bool choose_rows(struct sift *sift, uint64_t deadline)
{
	struct out room;

	out_init(&room, -1);
	room.utf8 = true;
	while (sift->at < sift->n_rows) {
		uint32_t row = (uint32_t)sift->at++;

		if (is_wanted(sift, row, &room))
			sift->merge.order[sift->merge.n++] = row;
		if (sift->at % ROWS_A_LOOK == 0 && clock_now() > deadline)
			break;
	}
	out_deinit(&room);
	return sift->at == sift->n_rows;
}

static bool take_values(struct sift *sift, uint64_t deadline)
{
	if (!sift->values) {
		sift->values = malloc((sift->n_rows + 1) * sizeof(*sift->values));
		sift->merge.other = new_order(sift->merge.n);
		if (!sift->values)
			out_of_memory();
		sift->at = 0;
	}
	while (sift->at < sift->merge.n) {
		uint32_t row = sift->merge.order[sift->at++];

		sift->kind->value(sift->context, row, sift->sort, &sift->arena, &sift->values[row]);
		if (sift->at % ROWS_A_LOOK == 0 && clock_now() > deadline)
			break;
	}
	return sift->at == sift->merge.n;
}

static bool stays(const void *context, uint32_t left, uint32_t right)
{
	const struct sift *sift = context;
	int order = value_compare(&sift->values[left], &sift->values[right]);

	return sift->descending ? order >= 0 : order <= 0;
}

bool sift_work(struct sift *sift, uint64_t deadline)
{
	bool sorts = sift->sort != SIZE_MAX;

	if (sift->stage == STAGE_CHOOSE && choose_rows(sift, deadline))
		sift->stage = STAGE_VALUES;
	if (sift->stage == STAGE_VALUES && (!sorts || take_values(sift, deadline)))
		sift->stage = STAGE_SORT;
	return sift->stage == STAGE_SORT && (!sorts || merge_work(&sift->merge, stays, sift, deadline));
}

uint32_t *sift_take(struct sift *sift, size_t *ret_n, char **ret_filter)
{
	uint32_t *order = sift->merge.order;

	*ret_n = sift->merge.n;
	*ret_filter = sift->filter;
	sift->merge.order = NULL;
	sift->filter = NULL;
	return order;
}

size_t sift_n_rows(const struct sift *sift)
{
	return sift->n_rows;
}

size_t sift_sort(const struct sift *sift, bool *ret_descending)
{
	*ret_descending = sift->descending;
	return sift->sort;
}

void sift_put_progress(const struct sift *sift, struct out *out)
{
	bool chooses = sift->stage == STAGE_CHOOSE;
	size_t n = chooses ? sift->n_rows : sift->merge.n;

	if (sift->n_rows)
		out_printf(out, "  %s %zu%%, Esc stops", chooses ? "choosing" : "sorting", n ? sift->at * 100 / n : 100);
}
