#include "decoders/base/nearest.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "decoders/base/arena.h"

enum { LONGEST_WORD = 40 };

struct nearest nearest_to(struct bytes word)
{
	return (struct nearest){ .word = word, .distance = word.len < 4 ? 2 : 3 };
}

static bool same_letter(uint8_t a, uint8_t b)
{
	return tolower(a) == tolower(b);
}

/* How many letters have to be added, dropped or changed. */
static size_t distance(struct bytes a, struct bytes b)
{
	size_t row[LONGEST_WORD + 1];

	for (size_t j = 0; j <= b.len; j++)
		row[j] = j;
	for (size_t i = 1; i <= a.len; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= b.len; j++) {
			size_t changed = diagonal + !same_letter(a.data[i - 1], b.data[j - 1]);
			size_t shorter = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;

			diagonal = row[j];
			row[j] = changed < shorter ? changed : shorter;
		}
	}
	return row[b.len];
}

void nearest_try(struct nearest *nearest, struct bytes candidate)
{
	size_t a = nearest->word.len, b = candidate.len;
	size_t d;

	if (a > LONGEST_WORD || b > LONGEST_WORD || (a > b ? a - b : b - a) >= nearest->distance)
		return;
	d = distance(nearest->word, candidate);
	if (d < nearest->distance) {
		nearest->distance = d;
		nearest->best = candidate;
	}
}

struct error *nearest_hint(const struct nearest *nearest, struct error *error,
			   const char *otherwise)
{
	struct bytes best = nearest->best;
	char *message;
	int status;

	if (!best.data && !otherwise)
		return error;
	if (best.data)
		status = asprintf(&message, "%s; did you mean \"%.*s\"?", error->message,
				  BYTES_FMT(best));
	else
		status = asprintf(&message, "%s; %s", error->message, otherwise);
	if (status < 0)
		out_of_memory();
	free(error->message);
	error->message = message;
	return error;
}
