/*
 * What the reference decoder read from the same images (ref/). Included by the tests that hold tables against it.
 */
#pragma once

#include "tests/interop/corpus.h"
#include "tests/support/wire.h"

HELPER glob_t reference_paths(const struct case_files *files, const char *image)
{
	const char *directory = reference_directory(files);
	glob_t found;

	if (glob(make_text("%s/%s.decode.json", directory, image), 0, NULL, &found) != 0)
		found.gl_pathc = 0;
	return found;
}

/* The images of a kind; CALL gets the entries of each, and the number in its name. */
HELPER void each_reference(const struct case_files *files, const char *image,
			   void (*call)(const struct case_files *files, int64_t id,
					struct json_object *entries))
{
	glob_t found = reference_paths(files, image);

	for (size_t i = 0; i < found.gl_pathc; i++) {
		const char *path = found.gl_pathv[i], *name = strrchr(path, '/') + 1;
		struct stat st;

		if (stat(path, &st) < 0 || st.st_size == 0)
			continue; /* it could not read this one */
		look_at("%s %s", files->name, name);
		name += strcspn(name, "0123456789.");
		call(files, strtoll(name, NULL, 10), member(hold(json_file(path)), "entries"));
	}
	if (found.gl_pathc)
		globfree(&found);
}

HELPER struct json_object *reference(const struct case_files *files, const char *image)
{
	glob_t found = reference_paths(files, image);
	struct json_object *entries = NULL;
	struct stat st;

	if (found.gl_pathc && stat(found.gl_pathv[0], &st) == 0 && st.st_size)
		entries = member(hold(json_file(found.gl_pathv[0])), "entries");
	if (found.gl_pathc)
		globfree(&found);
	return entries;
}
