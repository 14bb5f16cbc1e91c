/*
 * Bytes by address, sixteen a line, and what stands in their place where there are none.
 *
 * The widget owns no bytes: it asks for the line at an address, and for the one before it, so memory of any size
 * costs what is on the screen. A gap, however long, is one line that says what it is.
 */
#pragma once

#include "tui/display.h"
#include "tui/keys.h"
#include "tui/widgets/hexfind.h"

enum { HEX_LINE = 16 };

struct hex_line {
	uint64_t address; /* of its first byte */
	uint64_t next;    /* where the next line begins; .address itself: this is the last */
	unsigned n;       /* bytes; 0: a gap */
	uint8_t bytes[HEX_LINE];
	const char *what; /* of a gap */
	bool is_bad;      /* that it is one is damage */
};

struct hex_source {
	/* The line that holds ADDRESS, which is between the first and the last. */
	void (*line)(void *context, uint64_t address, struct hex_line *ret);
	/* Up to LEN bytes from ADDRESS that are there without a gap. */
	size_t (*read)(void *context, uint64_t address, uint8_t *buffer, size_t len);
	/* What an address means, taken from the bytes. NULL: they hold none. */
	void (*target)(void *context, uint64_t address, struct out *out);
};

struct hexdump {
	const struct hex_source *source;
	void *context;
	uint64_t first, last; /* addresses of the first byte and of the last one */
	uint64_t top, cursor;
	int height;
	bool big_endian;
	uint64_t mark;
	bool has_mark;
	bool all_types; /* what is at the cursor is shown in all ways */
	struct hexfind find;
};

void hexdump_deinit(struct hexdump *dump);

/* The line that holds ADDRESS. */
void hexdump_line(const struct hexdump *dump, uint64_t address, struct hex_line *ret);

/* The cursor to an address, which becomes the first line; to one that is on the screen already, or comes to its middle. */
void hexdump_show(struct hexdump *dump, uint64_t address);
void hexdump_go(struct hexdump *dump, uint64_t address);
void hexdump_draw(struct hexdump *dump, const struct area *area);
bool hexdump_act(struct hexdump *dump, enum action action);

/* --- hextypes.c --- */

/* What is at the cursor, as numbers, text and more: how many rows of HEIGHT that takes, and drawn on these from ROW on. */
int hexdump_type_rows(const struct hexdump *dump, int height);
void hexdump_draw_types(struct hexdump *dump, const struct area *area, int row);
