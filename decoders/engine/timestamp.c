#include "decoders/engine/timestamp.h"

#include <time.h>

enum {
	NANOSECONDS = 1000000000,
	MAX_FRACTION = 18, /* digits */
};

/* FRACTION: its digits, without the point. */
static struct bytes print(struct arena *arena, int64_t seconds, struct bytes fraction)
{
	time_t when = (time_t)seconds;
	struct tm tm;
	int year;

	if (!gmtime_r(&when, &tm))
		return NO_BYTES;
	year = tm.tm_year + 1900;
	if (year <= 1 || year > 9999)
		return NO_BYTES;
	return bytes_of(arena_printf(arena, "%04d-%02d-%02dT%02d:%02d:%02d%s%.*sZ", year,
				     tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec,
				     fraction.len ? "." : "", (int)fraction.len,
				     fraction.len ? (const char *)fraction.data : ""));
}

struct bytes timestamp_from_seconds(struct arena *arena, int64_t seconds)
{
	return seconds ? print(arena, seconds, NO_BYTES) : NO_BYTES;
}

struct bytes timestamp_from_nanoseconds(struct arena *arena, int64_t nanoseconds)
{
	int64_t seconds = nanoseconds / NANOSECONDS, rest = nanoseconds % NANOSECONDS;

	if (nanoseconds == 0)
		return NO_BYTES;
	if (rest < 0) {
		rest += NANOSECONDS;
		seconds--;
	}
	return print(arena, seconds,
		     rest ? bytes_of(arena_printf(arena, "%09lld", (long long)rest)) : NO_BYTES);
}

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/* DIGITS digits with a value from LOW to HIGH. */
static bool take_number(struct bytes *rest, size_t digits, int low, int high, int *ret)
{
	int value = 0;

	if (rest->len < digits)
		return false;
	for (size_t i = 0; i < digits; i++) {
		if (!is_digit(rest->data[i]))
			return false;
		value = value * 10 + (rest->data[i] - '0');
	}
	if (value < low || value > high)
		return false;
	*rest = bytes_from(*rest, digits);
	*ret = value;
	return true;
}

static bool take_one_of(struct bytes *rest, const char *characters, uint8_t *ret)
{
	if (!rest->len || !rest->data[0] || !strchr(characters, rest->data[0]))
		return false;
	*ret = rest->data[0];
	*rest = bytes_from(*rest, 1);
	return true;
}

static int days_in_month(int year, int month)
{
	static const uint8_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month == 2 && leap ? 29 : days[month - 1];
}

static bool take_date(struct bytes *rest, struct tm *ret)
{
	int year, month, day;
	uint8_t c;

	if (!take_number(rest, 4, 0, 9999, &year) || !take_one_of(rest, "-", &c) ||
	    !take_number(rest, 2, 1, 12, &month) || !take_one_of(rest, "-", &c) ||
	    !take_number(rest, 2, 1, days_in_month(year, month), &day))
		return false;
	ret->tm_year = year - 1900;
	ret->tm_mon = month - 1;
	ret->tm_mday = day;
	return true;
}

/* The second 60 is a leap second. */
static bool take_clock(struct bytes *rest, struct tm *ret)
{
	uint8_t c;

	return take_number(rest, 2, 0, 23, &ret->tm_hour) && take_one_of(rest, ":", &c) &&
	       take_number(rest, 2, 0, 59, &ret->tm_min) && take_one_of(rest, ":", &c) &&
	       take_number(rest, 2, 0, 60, &ret->tm_sec);
}

static bool take_fraction(struct bytes *rest, struct bytes *ret)
{
	uint8_t c;
	size_t n = 0;

	*ret = NO_BYTES;
	if (!take_one_of(rest, ".", &c))
		return true;
	while (n < rest->len && n < MAX_FRACTION && is_digit(rest->data[n]))
		n++;
	*ret = bytes_first(*rest, n);
	*rest = bytes_from(*rest, n);
	return n > 0;
}

/* *ret: seconds east of Greenwich. */
static bool take_zone(struct bytes *rest, int *ret)
{
	int hours, minutes;
	uint8_t sign, c;

	if (!take_one_of(rest, "Zz+-", &sign))
		return false;
	*ret = 0;
	if (sign == 'Z' || sign == 'z')
		return true;
	if (!take_number(rest, 2, 0, 23, &hours) || !take_one_of(rest, ":", &c) ||
	    !take_number(rest, 2, 0, 59, &minutes))
		return false;
	*ret = (hours * 60 + minutes) * (sign == '-' ? -60 : 60);
	return true;
}

bool timestamp_from_text(struct arena *arena, struct bytes text, struct bytes *ret)
{
	struct bytes fraction;
	struct tm tm = { 0 };
	uint8_t c;
	int zone;

	if (!take_date(&text, &tm) || !take_one_of(&text, "Tt ", &c) || !take_clock(&text, &tm) ||
	    !take_fraction(&text, &fraction) || !take_zone(&text, &zone) || text.len)
		return false;
	*ret = print(arena, (int64_t)timegm(&tm) - zone, fraction);
	return true;
}
