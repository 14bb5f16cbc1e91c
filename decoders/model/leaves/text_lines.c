#include "decoders/model/leaves/text_lines.h"

#include "decoders/base/size.h"

struct bytes text_trim(struct bytes text)
{
	while (text.len && (is_blank(text.data[0]) || text.data[0] == '\n'))
		text = bytes_from(text, 1);
	while (text.len && (is_blank(text.data[text.len - 1]) || text.data[text.len - 1] == '\n'))
		text.len--;
	return text;
}

bool text_line(struct bytes *rest, struct bytes *ret)
{
	size_t end;

	if (rest->len == 0)
		return false;
	end = bytes_find(*rest, '\n');
	*ret = bytes_first(*rest, end);
	*rest = bytes_from(*rest, end + 1);
	return true;
}

struct bytes text_word(struct bytes *rest)
{
	struct bytes word;

	while (rest->len && is_blank(rest->data[0]))
		*rest = bytes_from(*rest, 1);
	word = *rest;
	while (rest->len && !is_blank(rest->data[0]))
		*rest = bytes_from(*rest, 1);
	word.len -= rest->len;
	return word;
}

bool text_number(struct bytes *text, uint64_t *ret)
{
	uint64_t value = 0;
	size_t i = 0;

	for (; i < text->len && text->data[i] >= '0' && text->data[i] <= '9'; i++)
		if (!size_mul(value, 10, &value) ||
		    !size_add(value, (uint64_t)(text->data[i] - '0'), &value))
			return false;
	if (i == 0)
		return false;
	*text = bytes_from(*text, i);
	*ret = value;
	return true;
}
