/*
 * The escaper: everything that came from the evidence and is printed passes here.
 *
 * A process may be called "\e]0;owned\a", a file "a\xe2\x80\xaetxt.exe". Control characters,
 * bytes that are not UTF-8, and the invisible characters that reorder or hide text must not
 * reach a terminal. Bytes that are not UTF-8 are spelled \xNN everywhere (text, JSON, tables)
 * and a backslash is spelled \\, so that the spelling can be undone. On a terminal control and
 * invisible characters are spelled \xNN too; in JSON they become \uNNNN, which a parser undoes.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "decoders/base/arena.h"
#include "decoders/base/bytes.h"
#include "decoders/base/out.h"

/*
 * Takes one character off the front of *rest. False where the bytes there are not UTF-8
 * (overlong, surrogate, beyond U+10FFFF, cut short): *rest is unchanged then.
 */
bool utf8_next(struct bytes *rest, uint32_t *ret) __attribute__((warn_unused_result));

bool utf8_valid(struct bytes text);

/* Control characters, and those that are invisible or change the direction of text. */
bool character_is_unsafe(uint32_t character);

/* For people: one line, no quotes around it. */
void escape_text(struct out *out, struct bytes text);

/*
 * The bytes that an escaped text stands for: \xNN and \\ undone, whoever wrote it. Any other backslash
 * stands for itself.
 */
struct bytes escape_undo(struct arena *arena, struct bytes text);

/* Columns that text takes on a terminal; for text that is safe to print: escape it first. */
size_t text_width(struct bytes text);

/*
 * Text that is safe to print, ended by an ellipsis where it takes more than WIDTH columns. 0: however
 * many it takes.
 */
void text_cut(struct out *out, struct bytes text, size_t width);

/* A JSON string with its quotes; always valid JSON, always valid UTF-8. */
void escape_json(struct out *out, struct bytes text);

/* The same for valid UTF-8 that a parser must get back unchanged: a backslash stays one. */
void escape_json_exact(struct out *out, struct bytes text);
