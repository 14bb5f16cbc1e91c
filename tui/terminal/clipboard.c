/* The clipboard of the terminal, by xterm's OSC 52: base64, so nothing of the text can be a sequence of its own. */
#include <stdlib.h>
#include <string.h>

#include "tui/terminal/internal.h"

void clipboard_put(struct bytes text, struct out *out)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	out_text(out, "\033]52;c;");
	for (size_t i = 0; i < text.len; i += 3) {
		size_t n = text.len - i < 3 ? text.len - i : 3;
		uint32_t bits = (uint32_t)text.data[i] << 16;

		if (n > 1)
			bits |= (uint32_t)text.data[i + 1] << 8;
		if (n > 2)
			bits |= text.data[i + 2];
		for (size_t k = 0; k < 4; k++)
			out_char(out, k <= n ? digits[bits >> (18 - 6 * k) & 63] : '=');
	}
	out_char(out, '\a');
}

/* The console of Linux would print what it does not know. */
bool clipboard_is_there(void)
{
	const char *name = getenv("TERM");

	return name && strncmp(name, "linux", 5) != 0;
}
