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
