#include "db/scan/match.h"

#include <ctype.h>
#include <fnmatch.h>
#include <stdlib.h>

#include "db/scan/scan.h"
#include "db/scan/scanner.h"
#include "db/tables/table.h"
#include "decoders/base/size.h"

/* --- bytes ------------------------------------------------------------------------------------------------------ */

static bool is_of_name(uint8_t byte)
{
	return isalnum(byte) || byte == '-' || byte == '_';
}

/* A domain stands by itself, or is the end of a longer one. */
static bool stands_alone(const struct subject *subject, size_t start, size_t len)
{
	size_t end = start + len;

	if (start && is_of_name(subject->data[start - 1]))
		return false;
	if (end == subject->len)
		return true;
	if (subject->data[end] == '.')
		return end + 1 == subject->len || !is_of_name(subject->data[end + 1]);
	return !is_of_name(subject->data[end]);
}

static void look_for_group(const struct indicators *indicators, const struct indicator_group *group, struct finds *finds,
			   const struct subject *subject, size_t from, size_t limit, const struct locator *locator)
{
	for (size_t place = from;; place++) {
		size_t item = 0;

		place = literals_find(&group->literals, LITERAL_FASTEST, subject->data, subject->len, place, limit);
		if (place == SIZE_MAX)
			return;
		for (; literals_at(&group->literals, subject->data, subject->len, place, &item); item++) {
			const struct indicator *indicator = indicators->searched.items[group->first + item];
			struct find_place where = { .pid = ABSENT_U32, .fd = ABSENT_U32, .address = ABSENT_U64 };

			if (indicator->type == INDICATOR_DOMAIN && !stands_alone(subject, place, indicator->value.len))
				continue;
			locator->locate(locator->context, place, &where);
			finds_add_indicator(finds, indicator, &where);
		}
	}
}

void indicators_look(const struct indicators *indicators, struct finds *finds, const struct subject *subject,
		     size_t from, size_t limit, const struct locator *locator)
{
	for (size_t i = 0; i < indicators->n_groups; i++)
		look_for_group(indicators, &indicators->groups[i], finds, subject, from, limit, locator);
}

/* --- digests ----------------------------------------------------------------------------------------------------- */

struct digests_of_all {
	struct digest *of[N_DIGEST_KINDS]; /* NULL: not asked for */
};

bool indicators_want_digests(const struct indicators *indicators)
{
	return indicators && (indicators->has[INDICATOR_SHA256] || indicators->has[INDICATOR_SHA1] ||
			      indicators->has[INDICATOR_MD5]);
}

struct digests_of_all *digests_begin(const struct indicators *indicators)
{
	struct digests_of_all *digests = NULL;

	for (unsigned i = 0; indicators && i < N_DIGEST_KINDS; i++) {
		if (!indicators->has[i])
			continue;
		if (!digests)
			digests = calloc(1, sizeof(*digests));
		if (!digests)
			out_of_memory();
		digests->of[i] = digest_new_of((enum digest_kind)i);
	}
	return digests;
}

void digests_add_all(struct digests_of_all *digests, struct bytes data)
{
	for (unsigned i = 0; digests && i < N_DIGEST_KINDS; i++)
		if (digests->of[i])
			digest_add(digests->of[i], data);
}

void digests_add_hole(struct digests_of_all *digests, uint64_t len)
{
	for (unsigned i = 0; digests && i < N_DIGEST_KINDS; i++)
		if (digests->of[i])
			digest_add_zeroes(digests->of[i], len);
}

void digests_compare(struct digests_of_all *digests, const struct indicators *indicators, struct finds *finds,
		     const struct find_place *place)
{
	char text[DIGEST_TEXT + 1];

	for (unsigned i = 0; digests && i < N_DIGEST_KINDS; i++) {
		const struct indicator *indicator;

		if (!digests->of[i])
			continue;
		digest_end(digests->of[i], text);
		digests->of[i] = NULL;
		indicator = indicator_equal(indicators, (enum indicator_type)i, bytes_of(text));
		if (indicator)
			finds_add_indicator(finds, indicator, place);
	}
}

void digests_free(struct digests_of_all *digests)
{
	for (unsigned i = 0; digests && i < N_DIGEST_KINDS; i++)
		digest_free(digests->of[i]);
	free(digests);
}

/* --- tables ------------------------------------------------------------------------------------------------------- */

/* Columns that hold names and addresses. */
static const struct {
	const char *table, *column;
	enum indicator_type type;
} columns[] = {
	{ "socket", "local_addr", INDICATOR_ADDRESS }, { "socket", "remote_addr", INDICATOR_ADDRESS },
	{ "address", "address", INDICATOR_ADDRESS },   { "address", "peer", INDICATOR_ADDRESS },
	{ "route", "dst", INDICATOR_ADDRESS },	       { "route", "gateway", INDICATOR_ADDRESS },
	{ "conntrack", "src", INDICATOR_ADDRESS },     { "conntrack", "dst", INDICATOR_ADDRESS },
	{ "conntrack", "reply_src", INDICATOR_ADDRESS }, { "conntrack", "reply_dst", INDICATOR_ADDRESS },
	{ "process", "exe", INDICATOR_PATH },	       { "process", "exe", INDICATOR_NAME },
	{ "file", "path", INDICATOR_PATH },	       { "file", "path", INDICATOR_NAME },
	{ "rootfs", "path", INDICATOR_PATH },	       { "rootfs", "path", INDICATOR_NAME },
	{ "mount", "source", INDICATOR_PATH },	       { "mount", "mountpoint", INDICATOR_PATH },
	{ "process", "comm", INDICATOR_PROCESS },      { "process", "exe", INDICATOR_PROCESS },
};

/* A value, in the form that it is compared in. */
struct candidate {
	enum indicator_type type;
	struct bytes text;
	uint8_t address[16];
};

static bool is_inside(const struct indicator *network, const uint8_t address[16])
{
	unsigned whole = network->prefix / 8, rest = network->prefix % 8;
	uint8_t mask = (uint8_t)(0xff00 >> rest);

	return !memcmp(network->address, address, whole) &&
	       (!rest || (network->address[whole] & mask) == (address[whole] & mask));
}

static bool fits_glob(const struct indicator *indicator, const struct candidate *candidate, struct arena *arena)
{
	if (indicator->type != candidate->type)
		return false;
	if (indicator->type == INDICATOR_ADDRESS)
		return is_inside(indicator, candidate->address);
	return fnmatch(arena_text(arena, indicator->value), arena_text(arena, candidate->text), 0) == 0;
}

static bool make_candidate(enum indicator_type type, const struct value *value, struct candidate *ret)
{
	unsigned prefix;

	*ret = (struct candidate){ .type = type, .text = value->text };
	if (value->type != VALUE_TEXT || value->text.len == 0)
		return false;
	if (type == INDICATOR_ADDRESS)
		return address_read(value->text, ret->address, &prefix);
	if (type == INDICATOR_NAME || type == INDICATOR_PROCESS)
		ret->text = bytes_basename(value->text);
	return true;
}

/* Where a row is from. */
static struct find_place place_of(const struct checkpoint *checkpoint, const struct table *table, const void *row,
				  struct bytes text, struct arena *arena)
{
	const struct origin *origin = (const void *)((const char *)row + table->origin);
	const struct column *pid = table_column(table, "pid");
	struct find_place place = { .where = table->name, .source = checkpoint->source.path, .offset = NO_OFFSET,
				    .path = text, .pid = ABSENT_U32, .fd = ABSENT_U32, .address = ABSENT_U64 };
	struct value value;

	if (pid) {
		table_cell(checkpoint, pid, row, arena, &value);
		if (value.type == VALUE_UINT)
			place.pid = (uint32_t)value.number;
	}
	if (origin->layer == 0 && origin->member < checkpoint->source.members.n) {
		place.image = checkpoint->source.members.items[origin->member].name;
		place.offset = origin->offset;
	}
	return place;
}

static void look_at_column(const struct scan_request *request, const struct checkpoint *checkpoint, size_t index,
			   struct finds *finds)
{
	const struct indicators *indicators = request->indicators;
	const struct table *table = table_named(columns[index].table);
	const struct column *column = table_column(table, columns[index].column);
	struct row_set rows = table_rows(checkpoint, table);
	struct arena arena;

	arena_init(&arena);
	for (size_t i = 0; i < rows.n; i++) {
		const void *row = row_at(&rows, i);
		const struct indicator *exact;
		struct candidate candidate;
		struct find_place place;
		struct value value;

		arena_reset(&arena);
		table_cell(checkpoint, column, row, &arena, &value);
		if (!make_candidate(columns[index].type, &value, &candidate))
			continue;
		exact = indicator_equal(indicators, candidate.type,
					candidate.type == INDICATOR_ADDRESS ? (struct bytes){ candidate.address, 16 }
									    : candidate.text);
		place = place_of(checkpoint, table, row, value.text, &arena);
		if (!scan_wants(request, place.pid))
			continue;
		if (exact)
			finds_add_indicator(finds, exact, &place);
		for (size_t k = 0; k < indicators->globs.n; k++)
			if (fits_glob(indicators->globs.items[k], &candidate, &arena))
				finds_add_indicator(finds, indicators->globs.items[k], &place);
	}
	arena_deinit(&arena);
}

void indicators_look_at_tables(const struct scan_request *request, struct checkpoint *checkpoint, struct finds *finds)
{
	for (size_t i = 0; i < ARRAY_SIZE(columns); i++) {
		const struct table *table = table_named(columns[i].table);

		if (!request->indicators->has[columns[i].type])
			continue;
		checkpoint_need(checkpoint, table->needs | table_column(table, columns[i].column)->needs);
		if (table->leaf)
			checkpoint_need_leaf(checkpoint, table->leaf);
		look_at_column(request, checkpoint, i, finds);
	}
}
