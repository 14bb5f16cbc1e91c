/*
 * Directories of images, copied and changed: one thing at a time, by decode and encode or byte by byte.
 * Included by the tests that need it.
 */
#pragma once

/* json-c has a type where the JSON writer has a function. */
#define json_bool json_c_bool
#include "tests/support/support.h"

#include <json-c/json_pointer.h>
#undef json_bool

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum change {
	UNCHANGED,
	SET,     /* the value at a JSON pointer into what decode prints */
	REMOVE,  /* a field or an element of a list */
	REPEAT,  /* an element of a list, once more at its end */
	ADD,     /* an element to a list */
	DELETE,  /* the file */
	RENAME,  /* it, to WHERE */
	LINK,    /* a symbolic link in its place, to WHERE */
	CUT,     /* so many bytes from its end */
	GROW,    /* by so many bytes of zero */
	BYTE,    /* "OFFSET VALUE" */
	CONTENT, /* WHERE in place of what was there */
};

struct changed {
	const char *file;  /* in the directory */
	enum change change;
	const char *where; /* pointer, or what the change says */
	const char *value; /* JSON */
};

/* --- copies of a sample ------------------------------------------------------------------------ */

/* The files of a case, by links: whoever changes one puts a new file in its place. */
static inline void copy_below(const char *from, const char *to)
{
	struct dirent *entry;
	DIR *directory = opendir(from);

	assert_non_null(directory);
	assert_true(mkdir(to, 0777) == 0);
	while ((entry = readdir(directory))) {
		const char *name = entry->d_name;
		char source[4096], target[4096], link_target[4096];
		struct stat st;
		ssize_t len;

		if (name[0] == '.' || !strcmp(name, "ref"))
			continue;
		snprintf(source, sizeof(source), "%s/%s", from, name);
		snprintf(target, sizeof(target), "%s/%s", to, name);
		assert_true(lstat(source, &st) == 0);
		if (S_ISDIR(st.st_mode)) {
			copy_below(source, target);
		} else if (S_ISLNK(st.st_mode)) {
			len = readlink(source, link_target, sizeof(link_target) - 1);
			assert_true(len > 0);
			link_target[len] = '\0';
			assert_true(symlink(link_target, target) == 0);
		} else {
			assert_true(link(source, target) == 0);
		}
	}
	closedir(directory);
}

/* --- changes ------------------------------------------------------------------------------------- */

/* The list or object that POINTER leads into, and its last part. */
static inline struct json_object *container_of(struct json_object *document, const char *pointer, const char **ret_last)
{
	const char *slash = strrchr(pointer, '/');
	char *path = strndup(pointer, (size_t)(slash - pointer));
	struct json_object *container = NULL;

	if (json_pointer_get(document, path, &container) < 0)
		fail_msg("there is no %s", path);
	free(path);
	*ret_last = slash + 1;
	return container;
}

static inline struct json_object *at(struct json_object *document, const char *pointer)
{
	struct json_object *value = NULL;

	if (json_pointer_get(document, pointer, &value) < 0)
		fail_msg("there is no %s", pointer);
	return value;
}

static inline void change_document(struct json_object *document, enum change change, const char *pointer,
			    const char *value)
{
	struct json_object *container, *copy = NULL;
	const char *last;

	if (change == ADD) {
		json_object_array_add(at(document, pointer), json_tokener_parse(value));
		return;
	}
	at(document, pointer);
	container = container_of(document, pointer, &last);
	if (change == SET) {
		assert_true(json_pointer_set(&document, pointer, json_tokener_parse(value)) == 0);
	} else if (change == REPEAT) {
		assert_true(json_object_deep_copy(at(document, pointer), &copy, NULL) == 0);
		json_object_array_add(container, copy);
	} else if (json_object_is_type(container, json_type_array)) {
		assert_true(json_object_array_del_idx(container, (size_t)atoi(last), 1) == 0);
	} else {
		json_object_object_del(container, last);
	}
}

/* By decode and encode, which are held against the reference decoder elsewhere. */
static inline void change_image(const char *path, enum change change, const char *pointer, const char *value)
{
	const char *document_path = scratch_path("document.json");
	struct json_object *document = run_json(0, "decode", path, NULL);
	struct outcome outcome;
	const char *text;

	change_document(document, change, pointer, value);
	text = json_object_to_json_string(document);
	write_file(document_path, text, strlen(text));
	json_object_put(document);
	outcome = run("encode", document_path, "-o", path, NULL);
	if (outcome.status != 0)
		fail_msg("%s cannot be made: %s", path, outcome.err.data);
}

static inline void replace(const char *path, const void *data, size_t len)
{
	unlink(path);
	write_file(path, data, len);
}

static inline void change_bytes(const char *path, enum change change, const char *how)
{
	struct bytes before = read_file(path);
	size_t n = strtoul(how, NULL, 0);
	uint8_t *bytes = calloc(1, before.len + n + 1);

	memcpy(bytes, before.data, before.len);
	if (change == CUT) {
		assert_true(n <= before.len);
		replace(path, bytes, before.len - n);
	} else if (change == GROW) {
		replace(path, bytes, before.len + n);
	} else {
		assert_true(n < before.len);
		bytes[n] = (uint8_t)strtoul(strchr(how, ' '), NULL, 0);
		replace(path, bytes, before.len);
	}
	free(bytes);
}

static inline void apply(const char *directory, const struct changed *changed)
{
	enum change change = changed->change;
	const char *where = changed->where;
	char path[4096], other[4096];

	if (change == UNCHANGED)
		return;
	snprintf(path, sizeof(path), "%s/%s", directory, changed->file);
	snprintf(other, sizeof(other), "%s/%s", directory, where ? where : "");
	if (change == DELETE) {
		assert_true(unlink(path) == 0);
	} else if (change == RENAME) {
		assert_true(rename(path, other) == 0);
	} else if (change == LINK) {
		unlink(path);
		assert_true(symlink(where, path) == 0);
	} else if (change == CONTENT) {
		replace(path, where, strlen(where));
	} else if (change == CUT || change == GROW || change == BYTE) {
		change_bytes(path, change, where);
	} else {
		change_image(path, change, where, changed->value);
	}
}
