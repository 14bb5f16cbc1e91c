#include "db/scan/secrets.h"

#include "db/scan/checks.h"
#include "decoders/base/size.h"

enum {
	ANY_CASE = PATTERN_ANY_CASE,
	START = PATTERN_WORD_START,
	END = PATTERN_WORD_END,
	WORD = START | END,
};

const struct secret_kind secret_kinds[] = {
#include "db/scan/secrets.def"
};
const size_t n_secret_kinds = ARRAY_SIZE(secret_kinds);

const struct secret_kind *secret_kind_named(const char *id)
{
	for (size_t i = 0; i < n_secret_kinds; i++)
		if (!strcmp(secret_kinds[i].id, id))
			return &secret_kinds[i];
	return NULL;
}

struct error *secret_patterns(struct patterns **ret)
{
	struct pattern_text texts[ARRAY_SIZE(secret_kinds)];
	size_t n = 0;

	for (size_t i = 0; i < n_secret_kinds; i++)
		if (secret_kinds[i].pattern.regex)
			texts[n++] = secret_kinds[i].pattern;
	return patterns_new(texts, n, ret);
}

const struct secret_kind *secret_kind_of(size_t pattern)
{
	for (size_t i = 0;; i++)
		if (secret_kinds[i].pattern.regex && pattern-- == 0)
			return &secret_kinds[i];
}
