#include "decoders/engine/log_head.h"

/* Without the time, as in "(00.001003) Version: 4.2.1 (gitid 0)". */
static struct bytes without_time(struct bytes line)
{
	size_t end = bytes_find(line, ' ');

	return line.len && line.data[0] == '(' && end < line.len ? bytes_from(line, end + 1) : line;
}

static bool take_prefix(struct bytes *rest, struct bytes prefix)
{
	if (!bytes_start_with(*rest, prefix))
		return false;
	*rest = bytes_from(*rest, prefix.len);
	return true;
}

static bool take_word(struct bytes *rest, struct bytes *ret)
{
	size_t end = bytes_find(*rest, ' ');

	*ret = bytes_first(*rest, end);
	*rest = bytes_from(*rest, end + 1);
	return end > 0;
}

/* "Running on NODE Linux RELEASE VERSION MACHINE" */
static void read_running_on(struct bytes rest, struct log_head *ret)
{
	struct bytes node, system, release;

	if (take_word(&rest, &node) && take_word(&rest, &system) &&
	    bytes_equal(system, BYTES("Linux")) && take_word(&rest, &release))
		ret->kernel = release;
}

static void read_lxc_name(struct bytes line, struct log_head *ret)
{
	struct bytes marker = BYTES("/lxc.payload"); /* "." follows; "/" did in LXC 3 */
	const uint8_t *found = memmem(line.data, line.len, marker.data, marker.len);
	struct bytes name;
	size_t end = 0;

	if (!found)
		return;
	name = bytes_from(line, (size_t)(found - line.data) + marker.len);
	if (!name.len || (name.data[0] != '.' && name.data[0] != '/'))
		return;
	name = bytes_from(name, 1);
	while (end < name.len && !memchr("/: ,", name.data[end], 4))
		end++;
	if (end)
		ret->lxc_name = bytes_first(name, end);
}

static void read_line(struct bytes line, struct log_head *ret)
{
	struct bytes word;

	line = without_time(line);
	if (!ret->criu_version.data && take_prefix(&line, BYTES("Version: "))) {
		if (take_word(&line, &word))
			ret->criu_version = word;
	} else if (!ret->kernel.data && take_prefix(&line, BYTES("Running on "))) {
		read_running_on(line, ret);
	} else if (!ret->lxc_name.data) {
		read_lxc_name(line, ret);
	}
}

/* The last line is left out where no line feed ends it: the text may be cut there. */
void log_head_read(struct bytes text, struct log_head *ret)
{
	size_t end;

	*ret = (struct log_head){ 0 };
	while ((end = bytes_find(text, '\n')) < text.len) {
		read_line(bytes_first(text, end), ret);
		text = bytes_from(text, end + 1);
	}
}
