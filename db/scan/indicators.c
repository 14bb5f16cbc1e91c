/* Indicators, read. */
#include "db/scan/indicators.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <xxhash.h>

#include "db/scan/match.h"
#include "decoders/base/size.h"

const struct indicator_words indicator_types[N_INDICATOR_TYPES] = {
	[INDICATOR_SHA256] = { "sha256", "ioc-hash", "a file or content with a digest that is looked for" },
	[INDICATOR_SHA1] = { "sha1", "ioc-hash", "a file or content with a digest that is looked for" },
	[INDICATOR_MD5] = { "md5", "ioc-hash", "a file or content with a digest that is looked for" },
	[INDICATOR_ADDRESS] = { "ip", "ioc-address", "an address that is looked for" },
	[INDICATOR_DOMAIN] = { "domain", "ioc-domain", "a domain that is looked for" },
	[INDICATOR_PATH] = { "path", "ioc-path", "a path that is looked for" },
	[INDICATOR_NAME] = { "name", "ioc-name", "a file's name that is looked for" },
	[INDICATOR_PROCESS] = { "process", "ioc-process", "a process that is looked for" },
	[INDICATOR_STRING] = { "string", "ioc-string", "a string that is looked for" },
};

void indicators_init(struct indicators *indicators)
{
	*indicators = (struct indicators){ 0 };
	arena_init(&indicators->arena);
}

void indicators_free(struct indicators *indicators)
{
	arena_deinit(&indicators->arena);
}

/* --- values -------------------------------------------------------------------------------------------------- */

static bool is_hex(struct bytes text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!isxdigit(text.data[i]))
			return false;
	return text.len > 0;
}

/* The number of bits in "/BITS"; false where it is none of at most MOST. */
static bool read_prefix(const char *text, unsigned most, unsigned *ret)
{
	char *end;
	unsigned long bits = strtoul(text, &end, 10);

	if (!isdigit((unsigned char)*text) || *end || bits > most)
		return false;
	*ret = (unsigned)bits;
	return true;
}

bool address_read(struct bytes text, uint8_t ret[16], unsigned *ret_prefix)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	char copy[64];
	char *slash;

	if (text.len == 0 || text.len >= sizeof(copy) || bytes_find(text, 0) < text.len)
		return false;
	memcpy(copy, text.data, text.len);
	copy[text.len] = '\0';
	slash = strchr(copy, '/');
	if (slash)
		*slash++ = '\0';
	*ret_prefix = 128;
	if (inet_pton(AF_INET6, copy, ret) == 1)
		return !slash || read_prefix(slash, 128, ret_prefix);
	memcpy(ret, mapped, sizeof(mapped));
	if (inet_pton(AF_INET, copy, ret + sizeof(mapped)) != 1)
		return false;
	*ret_prefix = 32;
	if (slash && !read_prefix(slash, 32, ret_prefix))
		return false;
	*ret_prefix += 96;
	return true;
}

static bool is_domain(struct bytes text)
{
	size_t dots = 0, label = 0;

	for (size_t i = 0; i < text.len; i++) {
		uint8_t c = text.data[i];

		if (c != '.' && c != '-' && c != '_' && !isalnum(c))
			return false;
		if (c == '.' && label == 0)
			return false;
		dots += c == '.';
		label = c == '.' ? 0 : label + 1;
	}
	return dots && label >= 2 && isalpha(text.data[text.len - 1]);
}

static bool is_glob(const struct indicator *indicator)
{
	return indicator->type >= INDICATOR_PATH && indicator->type <= INDICATOR_PROCESS &&
	       (bytes_find(indicator->value, '*') < indicator->value.len ||
		bytes_find(indicator->value, '?') < indicator->value.len);
}

/* What is wrong with a value of that type; NULL: nothing. */
static const char *settle(struct indicator *indicator)
{
	size_t len = indicator->value.len;
	bool fits = true;

	switch (indicator->type) {
	case INDICATOR_SHA256:
	case INDICATOR_SHA1:
	case INDICATOR_MD5:
		fits = is_hex(indicator->value) && len == digest_texts[indicator->type];
		return fits ? NULL : "a digest has 64 (sha256), 40 (sha1) or 32 (md5) hex digits";
	case INDICATOR_ADDRESS:
		fits = address_read(indicator->value, indicator->address, &indicator->prefix);
		return fits ? NULL : "no address of IPv4 or IPv6, and no network";
	case INDICATOR_DOMAIN:
		return is_domain(indicator->value) ? NULL : "no domain";
	case INDICATOR_STRING:
		return len >= SHORTEST_SEARCHED ? NULL : "a string has at least 3 bytes";
	default:
		return NULL;
	}
}

/* --- lines ----------------------------------------------------------------------------------------------------- */

struct line {
	struct indicators *indicators;
	const char *file;
	size_t number;
	struct bytes comment;
};

static struct error *broken(const struct line *line, const char *what)
{
	return error_new(ERROR_USAGE, "%s:%zu: %s", line->file, line->number, what);
}

static struct bytes lower(struct arena *arena, struct bytes text)
{
	uint8_t *copy = arena_alloc(arena, text.len + 1);

	for (size_t i = 0; i < text.len; i++)
		copy[i] = (uint8_t)tolower(text.data[i]);
	return (struct bytes){ copy, text.len };
}

static uint64_t exact_key(enum indicator_type type, struct bytes value)
{
	return XXH3_64bits_withSeed(value.data, value.len, (uint64_t)type + 1);
}

/* Among those that it is compared with. */
static struct error *file_away(struct indicators *indicators, struct indicator *indicator, const struct line *line)
{
	bool is_network = indicator->type == INDICATOR_ADDRESS && indicator->prefix < 128;
	struct bytes key = indicator->type == INDICATOR_ADDRESS ? (struct bytes){ indicator->address, 16 }
								: indicator->value;

	if (indicator->type == INDICATOR_STRING || indicator->type == INDICATOR_DOMAIN) {
		if (indicators->searched.n == MOST_SEARCHED)
			return broken(line, "more strings and domains than are looked for, 1024");
		*vec_push(&indicators->arena, &indicators->searched) = indicator;
	} else if (is_network || is_glob(indicator)) {
		if (indicators->globs.n == MOST_GLOBS)
			return broken(line, "more networks and values with \"*\" or \"?\" than are compared, 1024");
		*vec_push(&indicators->arena, &indicators->globs) = indicator;
	} else {
		map_put(&indicators->arena, &indicators->exact, exact_key(indicator->type, key),
			(uint32_t)(indicators->list.n - 1));
	}
	return NULL;
}

static struct error *add(const struct line *line, enum indicator_type type, struct bytes value)
{
	struct indicators *indicators = line->indicators;
	struct indicator *indicator;
	const char *wrong;

	if (value.len == 0 || value.len > LONGEST_INDICATOR)
		return broken(line, "a value has 1 to 1024 bytes");
	if (indicators->list.n == MOST_INDICATORS)
		return broken(line, "more indicators than are kept, 100000");
	indicator = arena_zalloc(&indicators->arena, sizeof(*indicator));
	*indicator = (struct indicator){ .type = type, .value = value, .comment = line->comment,
					 .file = line->file, .line = line->number };
	if (type <= INDICATOR_MD5)
		indicator->value = lower(&indicators->arena, value);
	wrong = settle(indicator);
	if (wrong)
		return broken(line, wrong);
	*vec_push(&indicators->arena, &indicators->list) = indicator;
	indicators->has[type] = true;
	return file_away(indicators, indicator, line);
}

/* A value without its type. */
static struct error *add_bare(const struct line *line, struct bytes value)
{
	struct error *error = NULL;
	uint8_t address[16];
	unsigned prefix;

	for (unsigned i = 0; i < N_DIGEST_KINDS; i++)
		if (value.len == digest_texts[i] && is_hex(value))
			return add(line, (enum indicator_type)i, value);
	if (address_read(bytes_first(value, bytes_find(value, '/')), address, &prefix))
		return add(line, INDICATOR_ADDRESS, value);
	if (bytes_find(value, '/') < value.len)
		return add(line, INDICATOR_PATH, value);
	if (bytes_find(value, '.') == value.len)
		return broken(line, "it does not show what this is: TYPE VALUE, with a TYPE of sha256, sha1, md5, ip, domain, "
				    "path, name, process, string");
	if (is_domain(value))
		error = add(line, INDICATOR_DOMAIN, value);
	return error ? error : add(line, INDICATOR_NAME, value);
}

static bool is_blank(uint8_t byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r';
}

static struct bytes trim(struct bytes text)
{
	while (text.len && is_blank(text.data[0]))
		text = bytes_from(text, 1);
	while (text.len && is_blank(text.data[text.len - 1]))
		text.len--;
	return text;
}

/* Cuts off "# ...", which begins the line or follows a blank, and is not in quotes. */
static struct bytes cut_comment(struct bytes text, struct bytes *ret_comment)
{
	bool quoted = false;

	*ret_comment = NO_BYTES;
	for (size_t i = 0; i < text.len; i++) {
		quoted ^= text.data[i] == '"';
		if (text.data[i] != '#' || quoted || (i && !is_blank(text.data[i - 1])))
			continue;
		*ret_comment = trim(bytes_from(text, i + 1));
		return bytes_first(text, i);
	}
	return text;
}

/* The type that a line begins with, and the rest behind it; false: it begins with none. */
static bool cut_type(struct bytes *text, enum indicator_type *ret)
{
	for (int i = 0; i < N_INDICATOR_TYPES; i++) {
		struct bytes name = bytes_of(indicator_types[i].name);

		if (!bytes_start_with(*text, name) || text->len == name.len ||
		    (text->data[name.len] != ':' && !is_blank(text->data[name.len])))
			continue;
		*text = trim(bytes_from(*text, name.len + 1));
		*ret = (enum indicator_type)i;
		return true;
	}
	return false;
}

static struct error *read_line(struct line *line, struct bytes text)
{
	enum indicator_type type;
	size_t word;

	text = trim(cut_comment(text, &line->comment));
	if (text.len == 0)
		return NULL;
	if (cut_type(&text, &type)) {
		if (text.len >= 2 && text.data[0] == '"' && text.data[text.len - 1] == '"')
			text = (struct bytes){ text.data + 1, text.len - 2 };
		return add(line, type, text);
	}
	for (word = 0; word < text.len && !is_blank(text.data[word]); word++)
		;
	if (word < text.len && !(word >= digest_texts[DIGEST_MD5] && is_hex(bytes_first(text, word))))
		return broken(line, "it begins with no TYPE, and is more than one word");
	if (word < text.len) /* "DIGEST  NAME", as sha256sum has it */
		line->comment = trim(bytes_from(text, word));
	return add_bare(line, bytes_first(text, word));
}

struct error *indicators_read(struct indicators *indicators, struct bytes text, const char *path)
{
	struct line line = { .indicators = indicators, .file = path };
	struct error *error = NULL;

	while (!error && text.len) {
		size_t len = bytes_find(text, '\n');

		line.number++;
		error = read_line(&line, bytes_first(text, len));
		text = bytes_from(text, len + 1);
	}
	return error;
}

/* --- literals -------------------------------------------------------------------------------------------------- */

static int by_value(const void *a, const void *b)
{
	const struct indicator *const *left = a, *const *right = b;

	return bytes_compare((*left)->value, (*right)->value);
}

/* Domains in either case. */
static void make_literal(struct arena *arena, const struct indicator *indicator, struct literal *ret)
{
	size_t len = indicator->value.len;
	uint8_t *value = arena_alloc(arena, len), *mask = arena_alloc(arena, len);

	for (size_t i = 0; i < len; i++) {
		bool either = indicator->type == INDICATOR_DOMAIN && isalpha(indicator->value.data[i]);

		mask[i] = either ? 0xdf : 0xff;
		value[i] = indicator->value.data[i] & mask[i];
	}
	*ret = (struct literal){ .value = value, .mask = mask, .len = len };
	(void)literal_prepare(ret); /* it has bytes that are fixed */
}

void indicators_prepare(struct indicators *indicators)
{
	struct arena *arena = &indicators->arena;
	size_t n = indicators->searched.n;
	struct literal *literals = arena_alloc(arena, (n + 1) * sizeof(*literals));

	if (n)
		qsort(indicators->searched.items, n, sizeof(*indicators->searched.items), by_value);
	for (size_t i = 0; i < n; i++)
		make_literal(arena, indicators->searched.items[i], &literals[i]);
	indicators->n_groups = (n + MOST_LITERALS - 1) / MOST_LITERALS;
	indicators->groups = arena_alloc(arena, (indicators->n_groups + 1) * sizeof(*indicators->groups));
	for (size_t i = 0; i < indicators->n_groups; i++) {
		size_t start = n * i / indicators->n_groups, end = n * (i + 1) / indicators->n_groups;

		literals_init(literals + start, end - start, &indicators->groups[i].literals);
		indicators->groups[i].first = start;
	}
}

const struct indicator *indicator_equal(const struct indicators *indicators, enum indicator_type type,
					struct bytes value)
{
	uint32_t index = map_get(&indicators->exact, exact_key(type, value));
	const struct indicator *indicator = index == MAP_NONE ? NULL : indicators->list.items[index];
	bool fits = indicator && indicator->type == type &&
		    (type == INDICATOR_ADDRESS ? value.len == 16 && !memcmp(value.data, indicator->address, 16)
					       : bytes_equal(value, indicator->value));

	return fits ? indicator : NULL;
}
