#include "db/scan/checks.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#include "db/tables/secret.h"
#include "decoders/base/size.h"

/* --- bytes --------------------------------------------------------------------------------------------- */

static bool holds(struct bytes text, const char *part)
{
	size_t len = strlen(part);

	return memmem(text.data, text.len, part, len) != NULL;
}

static bool holds_any_case(struct bytes text, const char *part)
{
	size_t len = strlen(part);

	for (size_t i = 0; i + len <= text.len; i++)
		if (!strncasecmp((const char *)text.data + i, part, len))
			return true;
	return false;
}

static bool is_any_case(struct bytes text, const char *word)
{
	return text.len == strlen(word) && holds_any_case(text, word);
}

static bool holds_any_byte(struct bytes text, const char *bytes)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] && strchr(bytes, text.data[i]))
			return true;
	return false;
}

struct makeup {
	size_t digits, lower, upper, other, distinct;
	double entropy; /* bits a byte */
};

static struct makeup makeup_of(struct bytes text)
{
	size_t counts[256] = { 0 };
	struct makeup makeup = { 0 };

	for (size_t i = 0; i < text.len; i++) {
		uint8_t byte = text.data[i];

		counts[byte]++;
		makeup.digits += isdigit(byte) != 0;
		makeup.lower += islower(byte) != 0;
		makeup.upper += isupper(byte) != 0;
		makeup.other += !isalnum(byte);
	}
	for (size_t i = 0; i < ARRAY_SIZE(counts); i++) {
		double share = (double)counts[i] / (double)text.len;

		makeup.distinct += counts[i] > 0;
		if (counts[i])
			makeup.entropy -= share * log2(share);
	}
	return makeup;
}

/* --- base64 ---------------------------------------------------------------------------------------------- */

static int digit_of(uint8_t byte)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *place = byte ? strchr(digits, byte) : NULL;

	return byte == '-' ? 62 : byte == '_' ? 63 : place ? (int)(place - digits) : -1;
}

/* The first bytes that TEXT stands for, in either alphabet: as many as fit RET. */
static struct bytes decoded(struct bytes text, uint8_t *ret, size_t room)
{
	uint32_t bits = 0;
	size_t n = 0;
	unsigned held = 0;

	for (size_t i = 0; i < text.len && n < room; i++) {
		int digit = digit_of(text.data[i]);

		if (digit < 0)
			break;
		bits = bits << 6 | (uint32_t)digit;
		held += 6;
		if (held < 8)
			continue;
		held -= 8;
		ret[n++] = (uint8_t)(bits >> held);
	}
	return (struct bytes){ ret, n };
}

static bool is_printable(struct bytes text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] < ' ' || text.data[i] > '~')
			return false;
	return true;
}

/* --- keys and tokens --------------------------------------------------------------------------------------- */

/* Lines of base64, perhaps escaped as in JSON; what explains a key has other lines. */
enum verdict check_pem(const struct secret_text *text, const char **why)
{
	size_t longest = 0, run = 0;

	for (size_t i = 0; i < text->secret.len; i++) {
		run = digit_of(text->secret.data[i]) >= 0 ? run + 1 : 0;
		longest = run > longest ? run : longest;
	}
	if (longest < 32)
		return VERDICT_NONE;
	/* What OpenSSH names its cipher by comes in base64, too: "aes256-ctr" and its like. */
	if (holds(text->name, "ENCRYPTED") || holds(text->secret, "ENCRYPTED") ||
	    holds(text->secret, "b3BlbnNzaC1rZXktdjEAAAAACmFlcz")) {
		*why = "encrypted with a passphrase";
		return VERDICT_DOUBT;
	}
	return VERDICT_SECRET;
}

/* The examples that documentation has used ever since. */
enum verdict check_not_documented(const struct secret_text *text, const char **why)
{
	if (!holds(text->secret, "EXAMPLE"))
		return VERDICT_SECRET;
	*why = "an example of the documentation";
	return VERDICT_DOUBT;
}

static uint32_t crc32_of(struct bytes text)
{
	uint32_t crc = UINT32_MAX;

	for (size_t i = 0; i < text.len; i++) {
		crc ^= text.data[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? UINT32_C(0xedb88320) : 0);
	}
	return ~crc;
}

/* GitHub's and npm's: the last six digits, to the base of 62, are the CRC-32 of the thirty before. */
enum verdict check_checksummed(const struct secret_text *text, const char **why)
{
	static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
	enum { PREFIX = 4, CHECKED = 30, SUM = 6 };
	uint64_t sum = 0;
	uint32_t crc;

	if (text->secret.len != PREFIX + CHECKED + SUM)
		return VERDICT_SECRET;
	crc = crc32_of(bytes_first(bytes_from(text->secret, PREFIX), CHECKED));
	for (size_t i = PREFIX + CHECKED; i < text->secret.len; i++)
		sum = sum * 62 + (uint64_t)(strchr(digits, text->secret.data[i]) - digits);
	*why = sum == crc ? "its checksum is right" : "its checksum is wrong: made up, or of another format";
	return sum == crc ? VERDICT_SECRET : VERDICT_DOUBT;
}

/* One in seven of twenty letters and digits has less than two digits; it has capitals then. */
enum verdict check_random(const struct secret_text *text, const char **why)
{
	struct makeup makeup = makeup_of(text->secret);
	bool has_digits = makeup.digits >= 2 && makeup.lower + makeup.upper >= 2;
	bool is_mixed = makeup.upper >= 4 && makeup.lower >= 4;

	(void)why;
	return (has_digits || is_mixed) && makeup.distinct >= 8 ? VERDICT_SECRET : VERDICT_NONE;
}

enum verdict check_mixed_case(const struct secret_text *text, const char **why)
{
	struct makeup makeup = makeup_of(text->secret);

	(void)why;
	return makeup.lower >= 4 && makeup.upper >= 4 ? VERDICT_SECRET : VERDICT_NONE;
}

/* base64 of USER:PASSWORD */
enum verdict check_basic(const struct secret_text *text, const char **why)
{
	uint8_t room[1024];
	struct bytes plain = decoded(text->secret, room, sizeof(room));
	size_t colon = bytes_find(plain, ':');

	(void)why;
	return is_printable(plain) && colon > 0 && colon + 1 < plain.len ? VERDICT_SECRET : VERDICT_NONE;
}

/* The part of a JSON web token from START on, decoded. */
static struct bytes token_part(struct bytes token, size_t start, uint8_t *room, size_t size)
{
	struct bytes part = bytes_from(token, start);

	return decoded(bytes_first(part, bytes_find(part, '.')), room, size);
}

enum verdict check_jwt(const struct secret_text *text, const char **why)
{
	uint8_t room[2048];
	struct bytes head = token_part(text->secret, 0, room, sizeof(room));

	(void)why;
	return is_printable(head) && holds(head, "\"alg\"") ? VERDICT_SECRET : VERDICT_NONE;
}

enum verdict check_kubernetes(const struct secret_text *text, const char **why)
{
	uint8_t room[8192];
	struct bytes claims = token_part(text->secret, bytes_find(text->secret, '.') + 1, room, sizeof(room));

	return holds(claims, "system:serviceaccount:") ? check_jwt(text, why) : VERDICT_NONE;
}

/* --- passwords ------------------------------------------------------------------------------------------------ */

/* Words that stand where a password would be. */
static const char *const placeholders[] = {
	"password", "passwd", "pass",	  "pwd",  "secret", "guest",	  "user",    "username", "changeme", "example",
	"mypassword", "your_password", "yourpassword", "my_password", "required", "optional", "redacted", "undefined",
	"none",	    "null",   "true",	  "false", "string", "disabled",	"enabled", "default",	 "token",    "unknown",
};

/* What is in brackets, in quotes. */
static struct bytes strip(struct bytes text)
{
	while (text.len && !isalnum(text.data[0]))
		text = bytes_from(text, 1);
	while (text.len && !isalnum(text.data[text.len - 1]))
		text.len--;
	return text;
}

static bool is_placeholder(struct bytes text)
{
	struct makeup makeup = makeup_of(text);

	for (size_t i = 0; i < ARRAY_SIZE(placeholders); i++)
		if (is_any_case(strip(text), placeholders[i]))
			return true;
	return makeup.distinct < 3 || holds_any_byte(text, "<>{}") || holds(text, "%s") || holds(text, "***") ||
	       holds_any_case(text, "xxxx") || holds_any_case(text, "placeholder") || text.data[0] == '$';
}

enum verdict check_password(const struct secret_text *text, const char **why)
{
	(void)why;
	return is_placeholder(text->secret) ? VERDICT_NONE : VERDICT_SECRET;
}

/* In memory there is more program text than passwords, and it has calls, members, indices, paths and formats. */
static bool is_code(struct bytes text)
{
	return holds_any_byte(text, "()[]{}<>\\|`*\"'") || holds(text, "::") || holds(text, "->") || holds(text, "//") ||
	       holds(text, "==") || text.data[0] == '/' || text.data[0] == '%' || text.data[0] == '.' ||
	       text.data[0] == '-' || text.data[0] == '=' || text.data[0] == '&';
}

/* A value behind the name of a secret. */
enum verdict check_assignment(const struct secret_text *text, const char **why)
{
	struct makeup makeup = makeup_of(text->secret);

	(void)why;
	if (!secret_name(text->name) || is_placeholder(text->secret) || is_code(text->secret))
		return VERDICT_NONE;
	return makeup.digits && makeup.lower + makeup.upper && makeup.distinct >= 5 ? VERDICT_SECRET : VERDICT_NONE;
}

/* Nobody thinks a key up: it has digits here and there, and hardly a byte twice. */
enum verdict check_random_assignment(const struct secret_text *text, const char **why)
{
	struct makeup makeup = makeup_of(text->secret);

	if (makeup.digits < 3 || makeup.distinct < 8 || makeup.entropy < 3)
		return VERDICT_NONE;
	return check_assignment(text, why);
}
