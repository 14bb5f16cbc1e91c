#include <stdlib.h>
#include <string.h>

#include "decoders/base/arena.h"
#include "tui/clock.h"
#include "tui/widgets/hexdump.h"
#include "tui/widgets/list.h"

/* Bytes at a time, in which a match may begin. */
enum { CHUNK = 64 << 10 };

void hexfind_deinit(struct hexfind *find)
{
	matcher_free(find->matcher);
	pattern_free(find->pattern);
	free(find->wanted);
	free(find->buffer);
	*find = (struct hexfind){ 0 };
}

static void begin(struct hexdump *dump, uint64_t at, bool backwards)
{
	struct hexfind *find = &dump->find;

	find->searching = true;
	find->backwards = backwards;
	find->wrapped = false;
	find->start = find->at = at;
}

struct error *hexdump_search(struct hexdump *dump, const char *text)
{
	struct pattern *pattern = NULL;
	struct error *error = *text ? list_pattern(text, &pattern) : NULL;

	if (error)
		return error;
	hexfind_deinit(&dump->find);
	if (!pattern)
		return NULL;
	dump->find.pattern = pattern;
	dump->find.matcher = matcher_new(pattern);
	dump->find.wanted = strdup(text);
	dump->find.buffer = malloc(CHUNK + MOST_MATCH);
	if (!dump->find.wanted || !dump->find.buffer)
		out_of_memory();
	begin(dump, dump->cursor, false);
	return NULL;
}

void hexdump_search_again(struct hexdump *dump, bool backwards)
{
	if (dump->find.pattern)
		begin(dump, backwards ? dump->cursor : dump->cursor + 1, backwards);
}

/* --- a step ----------------------------------------------------------------------------------------- */

/*
 * The first match, or the last one, that begins in N bytes at ADDRESS, of which GOT are in the buffer; true where there is
 * one. Where a limit of matching is hit there is none.
 */
static bool look(struct hexfind *find, uint64_t address, size_t n, size_t got, size_t wanted)
{
	const struct subject subject = { find->buffer, got, got < wanted };
	size_t position = 0, start, end;
	bool found = false;
	enum match match;

	while (position < n && (!found || find->backwards) &&
	       (match = matcher_next(find->matcher, &subject, position, n, &start, &end)) != MATCH_NONE) {
		position = end > position ? end : position + 1;
		if (match == MATCH_LIMITED)
			continue;
		found = true;
		find->found = address + start;
		find->len = end - start;
	}
	return found;
}

static size_t read_on(struct hexdump *dump, uint64_t address, size_t len)
{
	return dump->source->read(dump->context, address, dump->find.buffer, len);
}

/* Up to STOP, which a match may reach beyond. */
static bool step_on(struct hexdump *dump, uint64_t stop)
{
	struct hexfind *find = &dump->find;
	uint64_t address = find->at;
	size_t n = stop - address < CHUNK ? (size_t)(stop - address) : CHUNK, got;
	struct hex_line line;

	hexdump_line(dump, address, &line);
	if (!line.n) {
		find->at = line.next > address && line.next < stop ? line.next : stop;
		return false;
	}
	got = read_on(dump, address, n + MOST_MATCH);
	if (!got) {
		find->at = stop - address < HEX_LINE ? stop : address + HEX_LINE;
		return false;
	}
	n = got < n ? got : n;
	find->at = address + n;
	return look(find, address, n, got, n + MOST_MATCH);
}

/* Down to STOP. */
static bool step_back(struct hexdump *dump, uint64_t stop)
{
	struct hexfind *find = &dump->find;
	uint64_t end = find->at, address = end - stop < CHUNK ? stop : end - CHUNK;
	size_t got = 0;
	struct hex_line line;

	hexdump_line(dump, end - 1, &line);
	if (!line.n) {
		find->at = line.address < end && line.address > stop ? line.address : stop;
		return false;
	}
	/* What lies without a gap before END. */
	while (address < end && (got = read_on(dump, address, (size_t)(end - address) + MOST_MATCH)) < end - address) {
		hexdump_line(dump, address + got, &line);
		address = !line.n && line.next > address + got ? line.next : address + got + 1;
	}
	find->at = address < end ? address : stop > end - 1 ? stop : end - 1;
	return address < end && look(find, address, (size_t)(end - address), got, (size_t)(end - address) + MOST_MATCH);
}

/* At an end it goes on from the other one, once. */
static bool step(struct hexdump *dump)
{
	struct hexfind *find = &dump->find;
	uint64_t behind = dump->last + 1;
	uint64_t stop = find->backwards ? (find->wrapped ? find->start : dump->first)
					: (find->wrapped ? find->start : behind);

	if (find->backwards ? find->at > stop : find->at < stop)
		return find->backwards ? step_back(dump, stop) : step_on(dump, stop);
	find->searching = !find->wrapped;
	find->wrapped = true;
	find->at = find->backwards ? behind : dump->first;
	return false;
}

bool hexdump_search_on(struct hexdump *dump, uint64_t deadline, bool *ret_found)
{
	struct hexfind *find = &dump->find;

	*ret_found = false;
	while (find->searching && !*ret_found) {
		*ret_found = step(dump);
		if (clock_now() > deadline)
			break;
	}
	if (*ret_found) {
		find->searching = false;
		hexdump_show(dump, find->found);
	}
	return find->searching;
}
