#include "inspect/ranges.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "decoders/base/size.h"

enum { USUAL_LEN = 256 };

bool take_address(const char **rest, uint64_t *ret)
{
	const char *text = *rest;
	char *end;

	if (text[0] == '0' && (text[1] | 0x20) == 'x')
		text += 2;
	if (!strchr("0123456789abcdefABCDEF", *text) || !*text)
		return false;
	errno = 0;
	*ret = strtoull(text, &end, 16);
	*rest = end;
	return errno == 0;
}

/* 256, 0x100, 4K */
static bool take_length(const char *text, uint64_t *ret)
{
	static const char units[] = "KMGT";
	const char *unit;
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	*ret = strtoull(text, &end, text[0] == '0' && (text[1] | 0x20) == 'x' ? 16 : 10);
	unit = *end ? strchr(units, *end & ~0x20) : NULL;
	if (unit && !end[1])
		return errno == 0 && size_mul(*ret, (uint64_t)1 << (10 * (unit - units + 1)), ret);
	return errno == 0 && !*end;
}

struct error *parse_range(const char *word, struct address_range *ret)
{
	const char *rest = word;
	uint64_t len = USUAL_LEN;

	if (!take_address(&rest, &ret->start) || (*rest && *rest != ':' && *rest != '-'))
		return error_new(ERROR_USAGE, "\"%s\" is no address: ADDR, ADDR:LEN or ADDR-END, ADDR and "
					      "END hexadecimal", word);
	if (*rest == '-') {
		rest++;
		if (!take_address(&rest, &ret->end) || *rest)
			return error_new(ERROR_USAGE, "\"%s\": END is a hexadecimal address", word);
		if (ret->end <= ret->start)
			return error_new(ERROR_USAGE, "\"%s\": END is not behind ADDR", word);
		return NULL;
	}
	if (*rest == ':' && (!take_length(rest + 1, &len) || len == 0))
		return error_new(ERROR_USAGE, "\"%s\": LEN is a number of bytes, as 256, 0x100, 4K", word);
	if (!size_add(ret->start, len, &ret->end)) {
		if (*rest == ':')
			return error_new(ERROR_USAGE, "\"%s\" runs past the end of all addresses", word);
		ret->end = UINT64_MAX;
	}
	return NULL;
}
