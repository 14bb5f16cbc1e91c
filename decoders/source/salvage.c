#include "decoders/source/salvage.h"

#include <stdlib.h>
#include <string.h>

enum { CHECKSUM = 148, CHECKSUM_LEN = 8, MAGIC = 257 };

/* The sum of the bytes, those of the checksum itself taken as spaces. */
static bool has_checksum(const uint8_t *header)
{
	char text[CHECKSUM_LEN + 1] = { 0 };
	unsigned long sum = 0;
	char *end;

	for (size_t i = 0; i < TAR_BLOCK; i++)
		sum += i >= CHECKSUM && i < CHECKSUM + CHECKSUM_LEN ? ' ' : header[i];
	memcpy(text, header + CHECKSUM, CHECKSUM_LEN);
	return strtoul(text, &end, 8) == sum && end != text;
}

static bool is_header(const uint8_t *block)
{
	return !memcmp(block + MAGIC, "ustar", 5) && has_checksum(block);
}

/* What is looked at: bytes that begin at START of the feed. */
struct look {
	uint64_t start;
	size_t len;
};

static void keep_in_window(struct feed *feed, struct look *look, const uint8_t *bytes, size_t len)
{
	if (look->len + len > feed->window_cap) {
		feed->window_cap = look->len + len;
		feed->window = realloc(feed->window, feed->window_cap);
		if (!feed->window)
			out_of_memory();
	}
	if (len)
		memmove(feed->window + look->len, bytes, len); /* it may come from there */
	look->len += len;
}

/* Looks through the whole blocks of the window, and drops them; true at a header. */
static bool look_through(struct feed *feed, struct look *look, struct found_header *ret)
{
	size_t at = 0;

	for (; at + TAR_BLOCK <= look->len && !ret->has_header; at += TAR_BLOCK) {
		const uint8_t *block = feed->window + at;

		for (size_t i = 0; i < TAR_BLOCK && !ret->has_content; i++)
			if (block[i]) {
				ret->has_content = true;
				ret->content = look->start + at + i;
			}
		if (block[0] && is_header(block)) {
			ret->has_header = true;
			ret->header = look->start + at;
			feed->pending = (struct bytes){ block, look->len - at };
			feed->pos = ret->header;
			feed->len = 0;
			return true;
		}
	}
	if (at) /* else there may be no window yet */
		memmove(feed->window, feed->window + at, look->len - at);
	look->start += at;
	look->len -= at;
	return false;
}

/* Reads on to START, or back to it. */
static bool go_to(struct feed *feed, uint64_t start, struct look *look, bool *ret_damaged)
{
	const uint8_t *bytes;

	if (!feed->is_stream)
		feed->pos = feed->input.read = start;
	while (feed->pos <= start) {
		la_ssize_t n = feed_next(feed, &bytes);

		*ret_damaged = n < 0;
		if (n <= 0)
			return false;
		feed->pos += (uint64_t)n;
		if (feed->pos > start)
			keep_in_window(feed, look, bytes + ((size_t)n - (size_t)(feed->pos - start)),
				       (size_t)(feed->pos - start));
	}
	return true;
}

/* The rest that is less than a block: no header, but content. */
static void look_at_rest(struct feed *feed, const struct look *look, struct found_header *ret)
{
	for (size_t i = 0; i < look->len && !ret->has_content; i++)
		if (feed->window[i]) {
			ret->has_content = true;
			ret->content = look->start + i;
		}
}

void salvage_header(struct feed *feed, uint64_t start, uint64_t limit, struct found_header *ret)
{
	uint64_t first = feed->pos - feed->len;
	struct look look = { .start = start };
	const uint8_t *bytes;
	la_ssize_t n = 1;

	*ret = (struct found_header){ 0 };
	feed->step = FEED_STREAM_STEP;
	if (start < first && first - start <= feed->tail_len) {
		keep_in_window(feed, &look, feed->tail + feed->tail_len - (first - start),
			       (size_t)(first - start));
		start = first;
	}
	if (start >= first && start < feed->pos)
		keep_in_window(feed, &look, feed->block + (start - first), (size_t)(feed->pos - start));
	else if (!go_to(feed, start, &look, &ret->is_damaged))
		return;
	while (!look_through(feed, &look, ret) && n > 0) {
		if (feed->pos - start > limit) {
			ret->is_cut_short = true;
			return;
		}
		n = feed_next(feed, &bytes);
		ret->is_damaged = n < 0;
		if (n > 0) {
			feed->pos += (uint64_t)n;
			keep_in_window(feed, &look, bytes, (size_t)n);
		}
	}
	if (!ret->has_header)
		look_at_rest(feed, &look, ret);
}
