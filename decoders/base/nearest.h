/*
 * "Did you mean": the one of many words that is most like a word that is none of them.
 */
#pragma once

#include <stddef.h>

/* Of N words the one most like WORD, or NULL where none is near. */
const char *nearest_word(const char *word, const char *const *words, size_t n);
