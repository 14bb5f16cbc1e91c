#include "decoders/base/bytes.h"

#include <ctype.h>

int bytes_compare(struct bytes a, struct bytes b)
{
	size_t common = a.len < b.len ? a.len : b.len;
	int order = common ? memcmp(a.data, b.data, common) : 0;

	return order ? order : (a.len > b.len) - (a.len < b.len);
}

size_t bytes_find(struct bytes b, uint8_t byte)
{
	const uint8_t *hit = b.len ? memchr(b.data, byte, b.len) : NULL;

	return hit ? (size_t)(hit - b.data) : b.len;
}

size_t bytes_find_last(struct bytes b, uint8_t byte)
{
	const uint8_t *hit = b.len ? memrchr(b.data, byte, b.len) : NULL;

	return hit ? (size_t)(hit - b.data) : b.len;
}

struct bytes bytes_basename(struct bytes path)
{
	size_t slash = bytes_find_last(path, '/');

	return slash == path.len ? path : bytes_from(path, slash + 1);
}

struct bytes bytes_dirname(struct bytes path)
{
	size_t slash = bytes_find_last(path, '/');

	return bytes_first(path, slash == path.len ? 0 : slash);
}

bool word_next(struct bytes *rest, struct bytes *ret)
{
	size_t len = 0;

	while (rest->len && (isspace(*rest->data) || *rest->data == ','))
		*rest = bytes_from(*rest, 1);
	while (len < rest->len && !isspace(rest->data[len]) && rest->data[len] != ',')
		len++;
	*ret = bytes_first(*rest, len);
	*rest = bytes_from(*rest, len);
	return len > 0;
}
