/* What bytes are: a digest, a measure of their disorder. */
#include <math.h>

#include "db/sql/functions.h"
#include "decoders/base/digest.h"

void call_sha256(sqlite3_context *context, int n, sqlite3_value **values)
{
	struct digest *digest;
	char text[DIGEST_TEXT + 1];

	(void)n;
	if (sqlite3_value_type(values[0]) == SQLITE_NULL)
		return;
	digest = digest_new();
	digest_add(digest, function_bytes(values[0]));
	digest_end(digest, text);
	sqlite3_result_text(context, text, DIGEST_TEXT, SQLITE_TRANSIENT);
}

void call_entropy(sqlite3_context *context, int n, sqlite3_value **values)
{
	struct bytes bytes = function_bytes(values[0]);
	size_t counts[256] = { 0 };
	double entropy = 0;

	(void)n;
	if (sqlite3_value_type(values[0]) == SQLITE_NULL || bytes.len == 0)
		return;
	for (size_t i = 0; i < bytes.len; i++)
		counts[bytes.data[i]]++;
	for (size_t i = 0; i < 256; i++) {
		double share = (double)counts[i] / (double)bytes.len;

		if (counts[i])
			entropy -= share * log2(share);
	}
	sqlite3_result_double(context, entropy);
}

static int digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* SQLite has it since 3.41. */
void call_unhex(sqlite3_context *context, int n, sqlite3_value **values)
{
	struct bytes text = function_bytes(values[0]);
	uint8_t *bytes;

	(void)n;
	if (sqlite3_value_type(values[0]) == SQLITE_NULL || text.len % 2)
		return;
	bytes = sqlite3_malloc64(text.len / 2 + 1);
	if (!bytes) {
		sqlite3_result_error_nomem(context);
		return;
	}
	for (size_t i = 0; i < text.len; i += 2) {
		int high = digit(text.data[i]), low = digit(text.data[i + 1]);

		if (high < 0 || low < 0) {
			sqlite3_free(bytes);
			return;
		}
		bytes[i / 2] = (uint8_t)(high << 4 | low);
	}
	sqlite3_result_blob64(context, bytes, text.len / 2, sqlite3_free);
}
