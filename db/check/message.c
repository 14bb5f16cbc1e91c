/* The texts of a finding: templates of the rule, filled in. */
#include "db/check/hits.h"
#include "db/tables/render.h"

/* As people write it; the escaper comes later, when it is shown. */
static void put_value(const struct value *value, struct out *out)
{
	if (value->type == VALUE_TEXT)
		out_bytes(out, value->text);
	else
		render_value(value, out);
}

static void put_list(const struct hit *hit, struct out *out)
{
	size_t shown = hit->list.n > MOST_LISTED ? MOST_LISTED : hit->list.n;

	for (size_t i = 0; i < shown; i++) {
		out_text(out, i ? ", " : "");
		out_bytes(out, hit->list.items[i]);
	}
	if (hit->list.n > shown)
		out_text(out, ", ...");
}

static void put_number(uint32_t number, struct out *out)
{
	if (number == ABSENT_U32)
		out_char(out, '-');
	else
		out_u64(out, number);
}

static bool number_of(const struct hit *hit, struct bytes name, uint64_t *ret)
{
	*ret = hit->n;
	if (bytes_equal(name, BYTES("n")))
		return true;
	for (size_t i = 0; i < hit->evidence.n; i++) {
		const struct value *value = &hit->evidence.items[i].value;

		if (!bytes_equal(name, bytes_of(hit->evidence.items[i].name)))
			continue;
		*ret = value->type == VALUE_INT ? (uint64_t)value->integer : value->number;
		return value->type == VALUE_INT || value->type == VALUE_UINT;
	}
	return false;
}

/* "n|word|words", or of a piece of evidence that is a number */
static bool put_counted(const struct hit *hit, struct bytes name, struct out *out)
{
	size_t first = bytes_find(name, '|'), second;
	struct bytes words = bytes_from(name, first + 1);
	uint64_t number;

	if (first == name.len || !number_of(hit, bytes_first(name, first), &number))
		return false;
	second = bytes_find(words, '|');
	out_u64(out, number);
	out_char(out, ' ');
	out_bytes(out, number == 1 ? bytes_first(words, second) : bytes_from(words, second + 1));
	return true;
}

static void put_name(const struct hit *hit, struct bytes name, struct out *out)
{
	if (put_counted(hit, name, out))
		return;
	for (size_t i = 0; i < hit->evidence.n; i++)
		if (bytes_equal(name, bytes_of(hit->evidence.items[i].name))) {
			put_value(&hit->evidence.items[i].value, out);
			return;
		}
	if (bytes_equal(name, BYTES("n")))
		out_u64(out, hit->n);
	else if (bytes_equal(name, BYTES("list")))
		put_list(hit, out);
	else if (bytes_equal(name, BYTES("subject")))
		out_bytes(out, hit->subject);
	else if (bytes_equal(name, BYTES("pid")))
		put_number(hit->pid, out);
	else if (bytes_equal(name, BYTES("fd")))
		put_number(hit->fd, out);
	else
		out_char(out, '-');
}

struct bytes hit_expand(const struct hit *hit, struct bytes template, struct arena *arena)
{
	struct bytes ret;
	struct out out;

	if (!template.data)
		return NO_BYTES;
	out_init(&out, -1);
	while (template.len) {
		size_t open = bytes_find(template, '{'), close;

		out_bytes(&out, bytes_first(template, open));
		template = bytes_from(template, open);
		close = bytes_find(template, '}');
		if (close == template.len) {
			out_bytes(&out, template);
			break;
		}
		put_name(hit, bytes_first(bytes_from(template, 1), close - 1), &out);
		template = bytes_from(template, close + 1);
	}
	ret = arena_copy(arena, out_held(&out));
	out_deinit(&out);
	return ret;
}
