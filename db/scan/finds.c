#include "db/scan/finds.h"

#include <xxhash.h>

#include "decoders/base/digest.h"

void finds_init(struct finds *finds, struct arena *arena, bool all)
{
	*finds = (struct finds){ .arena = arena, .most_places = all ? PLACES_KEPT : 1 };
}

/* --- places ------------------------------------------------------------------------------------------------ */

static uint64_t place_key(const struct find_place *place, uint64_t find)
{
	uint64_t key = XXH3_64bits_withSeed(place->image.data, place->image.len, find);

	key = XXH3_64bits_withSeed(place->source, strlen(place->source), key);
	return XXH3_64bits_withSeed(&place->offset, sizeof(place->offset), key);
}

/* Whether it is a new one. What has no place of its own is told apart by what it is. */
static bool is_new_place(struct finds *finds, const struct find_place *place, uint64_t find)
{
	uint64_t key = place_key(place, find);

	if (place->offset == NO_OFFSET)
		key = XXH3_64bits_withSeed(place->path.data, place->path.len,
					   key ^ map_pair(place->pid, place->fd));
	if (finds->by_place.n >= PLACES_KNOWN)
		return map_get(&finds->by_place, key) == MAP_NONE;
	return map_put(finds->arena, &finds->by_place, key, 0);
}

static struct bytes keep(struct finds *finds, struct bytes bytes)
{
	if (!bytes.data || finds->bytes + bytes.len > FIND_BYTES)
		return NO_BYTES;
	finds->bytes += bytes.len;
	return arena_copy(finds->arena, bytes);
}

static void add_place(struct finds *finds, struct find *find, const struct find_place *place)
{
	struct find_place *kept;

	if (!is_new_place(finds, place, (uint64_t)(find - finds->list.items)))
		return;
	find->n_places++;
	if (find->places.n) {
		if (find->places.n >= finds->most_places || finds->n_places == ALL_PLACES_KEPT) {
			finds->n_dropped_places++;
			return;
		}
		finds->n_places++;
	}
	kept = vec_push(finds->arena, &find->places);
	*kept = *place;
	kept->path = keep(finds, place->path);
}

/* --- finds --------------------------------------------------------------------------------------------------- */

/* The find of that key, or a new one, which has no kind yet; NULL where there are too many. */
static struct find *find_of(struct finds *finds, uint64_t key)
{
	uint32_t index = map_get(&finds->by_value, key);

	if (index != MAP_NONE)
		return &finds->list.items[index];
	if (finds->list.n == FINDS_KEPT || finds->bytes >= FIND_BYTES) {
		finds->n_dropped++;
		return NULL;
	}
	map_put(finds->arena, &finds->by_value, key, (uint32_t)finds->list.n);
	return vec_push(finds->arena, &finds->list);
}

/* The find of that value, or a new one; NULL where there are too many. */
static struct find *find_of_value(struct finds *finds, struct bytes value)
{
	for (uint64_t key = XXH3_64bits(value.data, value.len);; key++) {
		struct find *find = find_of(finds, key);

		if (!find || (!find->kind && !find->indicator) ||
		    (find->kind && find->len == value.len && (!find->value.data || bytes_equal(find->value, value))))
			return find;
	}
}

static void begin_find(struct finds *finds, struct find *find, struct bytes value)
{
	struct digest *digest = digest_new();
	char text[DIGEST_TEXT + 1];

	digest_add(digest, value);
	digest_end(digest, text);
	memcpy(find->digest, text, FIND_DIGEST);
	find->value = keep(finds, value);
	find->len = value.len;
}

/* The match without the secret, and no more of it than a line has room for. */
static struct bytes masked_text(struct finds *finds, const struct secret_text *text)
{
	enum { MOST_AROUND = 96 };
	size_t start = (size_t)(text->secret.data - text->whole.data), end = start + text->secret.len;
	struct bytes before = bytes_first(text->whole, start), after = bytes_from(text->whole, end);
	struct bytes mask = BYTES(SECRET_MASK);
	uint8_t room[2 * MOST_AROUND + sizeof(SECRET_MASK)];
	size_t n = 0;

	if (before.len + after.len == 0)
		return NO_BYTES;
	if (before.len > MOST_AROUND)
		before = bytes_from(before, before.len - MOST_AROUND);
	after = bytes_first(after, MOST_AROUND);
	memcpy(room, before.data, before.len);
	n += before.len;
	memcpy(room + n, mask.data, mask.len);
	n += mask.len;
	if (after.len)
		memcpy(room + n, after.data, after.len);
	return keep(finds, (struct bytes){ room, n + after.len });
}

/* What says more of it counts: a kind that is more specific. */
static bool says_more(const struct secret_kind *kind, const struct find *find)
{
	return !find->kind || kind < find->kind;
}

void finds_add_secret(struct finds *finds, const struct secret_kind *kind, const struct secret_text *text,
		      bool in_doubt, const char *why, const struct find_place *place)
{
	struct find *find = find_of_value(finds, text->secret);

	if (!find)
		return;
	if (!find->kind)
		begin_find(finds, find, text->secret);
	if (says_more(kind, find)) {
		find->kind = kind;
		find->in_doubt = in_doubt;
		find->why = why;
		find->name = keep(finds, text->name);
		find->text = masked_text(finds, text);
	}
	add_place(finds, find, place);
}

void finds_add_indicator(struct finds *finds, const struct indicator *indicator, const struct find_place *place)
{
	struct find *find = find_of(finds, XXH3_64bits_withSeed(&indicator, sizeof(indicator), 1));

	if (!find)
		return;
	find->indicator = indicator;
	add_place(finds, find, place);
}
