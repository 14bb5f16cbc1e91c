/* Documents encoded, against the image that a test puts together. Included by the tests of encoding. */
#pragma once

#include "tests/support/image_fixture.h"

#include <stdio.h>

#include "decoders/image/decode.h"
#include "decoders/image/encode.h"

/* Encodes; the message of the error or of the first problem, or NULL. */
HELPER const char *encode(const char *text, struct out *ret)
{
	static char message[512];
	struct problems problems;
	struct error *error;

	problems_init(&problems);
	out_init(ret, -1);
	error = encode_image(bytes_of(text), &problems, ret);
	message[0] = '\0';
	if (error || problems.n)
		snprintf(message, sizeof(message), "%s",
			 error ? error->message : problems.items[0]->message);
	error_free(error);
	problems_deinit(&problems);
	return message[0] ? message : NULL;
}

/* The document must give what is in .image, which is emptied. */
HELPER void assert_encoded(const char *text)
{
	struct out found;
	const char *message = encode(text, &found);

	if (message)
		fail_msg("%s", message);
	assert_int_equal(found.len, image.len);
	assert_memory_equal(found.buffer, image.buffer, image.len);
	out_deinit(&found);
	out_clear(&image);
}

/* In TEXT an @ stands in front of what is wrong. */
HELPER void assert_refused(const char *text, const char *wanted)
{
	const char *mark = strchr(text, '@'), *line = mark;
	char clean[2048], place[512];
	size_t lines = 1;
	struct out found;
	const char *message;

	assert_non_null(mark);
	while (line > text && line[-1] != '\n')
		line--;
	for (const char *p = text; p < mark; p++)
		lines += *p == '\n';
	snprintf(clean, sizeof(clean), "%.*s%s", (int)(mark - text), text, mark + 1);
	snprintf(place, sizeof(place), "line %zu, column %zu: %s", lines, (size_t)(mark - line) + 1,
		 wanted);
	message = encode(clean, &found);
	assert_string_equal(message ? message : "", place);
	out_deinit(&found);
}

/* The image in .image, which is emptied, decodes with so many "$wire", and comes back in either form. */
HELPER void assert_comes_back(size_t n_wire)
{
	for (int readable = 0; readable < 2; readable++) {
		struct decode_options options = { .readable = readable };
		struct image_reader reader;
		struct problems problems;
		struct out text, again;
		struct json json;
		size_t n = 0;

		problems_init(&problems);
		assert_null(image_open(out_held(&image), BYTES("x.img"), NULL, &problems, &reader));
		out_init(&text, -1);
		json_init(&json, &text, JSON_INDENTED);
		decode_image(&reader, &options, &json);
		out_char(&text, '\0');
		assert_int_equal(problems.n, 0);
		for (const char *p = text.buffer; (p = strstr(p, "$wire")); p++)
			n++;
		assert_int_equal(n, n_wire);
		if (encode(text.buffer, &again))
			fail_msg("%s", encode(text.buffer, &again));
		assert_int_equal(again.len, image.len);
		assert_memory_equal(again.buffer, image.buffer, image.len);
		out_deinit(&again);
		out_deinit(&text);
		image_close(&reader);
		problems_deinit(&problems);
	}
	out_clear(&image);
}
