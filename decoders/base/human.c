#include "decoders/base/human.h"

#include <stdio.h>

static unsigned scale(uint64_t bytes, double *ret)
{
	double value = (double)bytes;
	unsigned unit = 0;

	while (value >= 1024 && unit < 6)
		value /= 1024, unit++;
	*ret = value;
	return unit;
}

void print_size(uint64_t bytes, struct out *out)
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
	double value;
	unsigned unit = scale(bytes, &value);

	if (bytes == UINT64_MAX)
		out_char(out, '-');
	else
		out_printf(out, unit ? "%.1f %s" : "%.0f %s", value, units[unit]);
}

void print_size_column(uint64_t bytes, int width, struct out *out)
{
	double value;
	unsigned unit = scale(bytes, &value);
	char text[32];

	if (bytes == UINT64_MAX)
		snprintf(text, sizeof(text), "-");
	else
		snprintf(text, sizeof(text), unit ? "%.1f%c" : "%.0f%c", value, "BKMGTPE"[unit]);
	out_printf(out, "%*s", width, text);
}

void print_duration(uint64_t microseconds, struct out *out)
{
	if (microseconds < 1000)
		out_printf(out, "%llu us", (unsigned long long)microseconds);
	else if (microseconds < 1000000)
		out_printf(out, "%.1f ms", (double)microseconds / 1e3);
	else
		out_printf(out, "%.2f s", (double)microseconds / 1e6);
}

void print_count(uint64_t n, const char *one, const char *many, struct out *out)
{
	out_printf(out, "%llu %s", (unsigned long long)n, n == 1 ? one : many);
}
