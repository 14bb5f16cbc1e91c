/*
 * What carve writes, against what the workloads put into their files, queues and shared memory, against
 * sha256sum, and against the bytes of the images where the manifest says that they are from.
 */
#include "tests/interop/corpus.h"

static size_t n_carved, n_carved_truths, n_carved_pieces;

/* "" where there is none. */
static const char *text_in(struct json_object *object, const char *key)
{
	const char *text = text_of(object, key);

	return text ? text : "";
}

/* --- manifests ---------------------------------------------------------------------------------------- */

/* The rows of a table of tab-separated values with a header; numbers are texts. */
static struct json_object *read_table(const char *path)
{
	struct json_object *rows = hold(json_object_new_array());
	char *text = make_text("%s", (const char *)read_file(path).data), *line, *lines = text;
	char *names[32];
	size_t n = 0;

	for (char *name, *header = strsep(&lines, "\n"); (name = strsep(&header, "\t")) && n < 32;)
		names[n++] = name;
	while ((line = strsep(&lines, "\n")) && *line) {
		struct json_object *row = json_object_new_object();

		for (size_t i = 0; i < n; i++) {
			char *cell = strsep(&line, "\t");

			if (!cell)
				fail_msg("%s: a row has %zu cells", path, i);
			json_object_object_add(row, names[i], json_object_new_string(cell));
		}
		json_object_array_add(rows, row);
	}
	return rows;
}

struct carved {
	const char *directory;
	struct json_object *rows, *parts;
};

static struct bytes content_of(const struct carved *carved, struct json_object *row)
{
	return read_file(make_text("%s/%s", carved->directory, text_of(row, "file")));
}

/* The first row of a kind whose cells are that; NULL: any. */
static struct json_object *find_carved(const struct carved *carved, const char *what, const char *column,
				       const char *value)
{
	struct json_object *row;

	EACH(row, carved->rows)
		if (!strcmp(text_of(row, "what"), what) && (!column || !strcmp(text_of(row, column), value)))
			return row;
	return NULL;
}

/* The row of a descriptor; of the workload's own, which are the lowest. */
static struct json_object *find_descriptor(const struct carved *carved, const char *what,
					   struct json_object *truth)
{
	struct json_object *row;

	EACH(row, carved->rows)
		if (!strcmp(text_of(row, "what"), what) && number_of(row, "pid") == number_of(truth, "pid") &&
		    number_of(row, "fd") == number_of(truth, "fd"))
			return row;
	return NULL;
}

/* --- every file ----------------------------------------------------------------------------------------- */

static void compare_digests(const struct carved *carved)
{
	const char *list = make_text("%s.sums", carved->directory);
	struct json_object *row;
	char *text = make_text("%s", "");

	EACH(row, carved->rows)
		text = make_text("%s%s  %s\n", text, text_of(row, "sha256"), text_of(row, "file"));
	write_file(list, text, strlen(text));
	if (*text)
		holds(system(make_text("cd '%s' && sha256sum --check --strict --quiet '%s'", carved->directory,
				       list)) == 0, "sha256sum says the same");
}

/* Where the images are files of a directory: LEN bytes at OFFSET there are those at START of the file. */
static void compare_piece(const struct carved *carved, struct json_object *row, const char *file, uint64_t start,
			  uint64_t len)
{
	const char *image = make_text("%s/%s", text_in(row, "source"), text_in(row, "image"));
	uint64_t offset = strtoull(text_of(row, "offset"), NULL, 0);
	struct bytes there, found;

	if (!is_there(image) || fnmatch("*.tar.gz.img", image, 0) == 0)
		return;
	there = read_file(image);
	found = read_file(make_text("%s/%s", carved->directory, file));
	holds(offset + len <= there.len && start + len <= found.len &&
		      !memcmp(there.data + offset, found.data + start, len),
	      make_text("%s at %" PRIu64 " is in the image", file, start));
	n_carved_pieces++;
}

static void compare_places(const struct carved *carved)
{
	struct json_object *row, *part;

	EACH(part, carved->parts)
		compare_piece(carved, part, text_of(part, "file"), (uint64_t)number_of(part, "start"),
			      (uint64_t)number_of(part, "length"));
	EACH(row, carved->rows) {
		bool has_parts = false;

		EACH(part, carved->parts)
			has_parts |= !strcmp(text_of(part, "file"), text_of(row, "file"));
		if (!has_parts && strcmp(text_of(row, "offset"), "-") != 0)
			compare_piece(carved, row, text_of(row, "file"), 0, (uint64_t)number_of(row, "length"));
		same_number("length", number_of(row, "length"), (int64_t)content_of(carved, row).len);
		same_text("complete", "yes", text_of(row, "complete"));
		n_carved++;
	}
}

/* --- what the workload wrote --------------------------------------------------------------------------------- */

/* Byte i of the content that workloads make of a seed. */
static uint8_t pattern(uint32_t seed, uint64_t i)
{
	uint32_t x = (uint32_t)(i * 2654435761u) ^ seed * 40503u;

	x ^= x >> 13;
	x *= 0x5bd1e995u;
	x ^= x >> 15;
	return (uint8_t)('A' + x % 26);
}

/* "pat(31,i)": LEN bytes of it, the first of them number FIRST. */
static void compare_pattern(struct bytes found, const char *content, uint64_t first, size_t len)
{
	uint32_t seed = (uint32_t)strtoul(content + strlen("pat("), NULL, 10);
	size_t i = 0;

	while (i < len && i < found.len && found.data[i] == pattern(seed, first + i))
		i++;
	holds(i == len, make_text("%s, which ends at %zu of %zu", content, i, len));
	n_carved_truths++;
}

static void compare_text(struct bytes found, uint64_t at, const char *text)
{
	holds(at + strlen(text) <= found.len && !memcmp(found.data + at, text, strlen(text)),
	      make_text("\"%s\" at %" PRIu64, text, at));
	n_carved_truths++;
}

static void compare_ghost(struct bytes found, struct json_object *truth)
{
	const char *tail = text_of(truth, "tail");

	same_number("size", number_of(truth, "size"), (int64_t)found.len);
	if (text_of(truth, "content"))
		compare_pattern(found, text_of(truth, "content"), 0, found.len);
	if (tail)
		compare_text(found, found.len - strlen(tail), tail);
}

static void compare_memfd(struct bytes found, struct json_object *truth)
{
	same_number("size", number_of(truth, "size"), (int64_t)found.len);
	if (text_of(truth, "content"))
		compare_pattern(found, text_of(truth, "content"), 0, 9000);
	if (text_of(truth, "text_at_12288"))
		compare_text(found, 12288, text_of(truth, "text_at_12288"));
}

/* A whole queue. */
static void compare_queue(struct bytes found, const char *text, const char *content, int64_t len)
{
	same_number("length", len, (int64_t)found.len);
	if (text)
		compare_text(found, 0, text);
	else if (content)
		compare_pattern(found, content, 0, (size_t)len);
}

static void compare_descriptor_content(const struct carved *carved, struct json_object *truth)
{
	const char *kind = text_of(truth, "kind");
	struct json_object *row = find_descriptor(carved, kind, truth);

	look_at("pid %" PRId64 " fd %" PRId64 " (content)", number_of(truth, "pid"), number_of(truth, "fd"));
	if (!strcmp(kind, "ghost") || !strcmp(kind, "memfd")) {
		holds(row != NULL, "it is there");
		if (row && !strcmp(kind, "ghost"))
			compare_ghost(content_of(carved, row), truth);
		else if (row)
			compare_memfd(content_of(carved, row), truth);
	} else if ((!strcmp(kind, "pipe") || !strcmp(kind, "fifo")) && number_of(truth, "unread")) {
		holds(row != NULL, "it is there");
		if (row)
			compare_queue(content_of(carved, row), text_of(truth, "text"),
				      text_of(truth, "content"), number_of(truth, "unread"));
	}
}

/* Packets of a socket, in their order. */
static void compare_packets(const struct carved *carved, struct json_object *truth, struct json_object *texts)
{
	struct json_object *row;
	size_t n = 0;

	EACH(row, carved->rows) {
		struct json_object *text = element(texts, n);

		if (strcmp(text_of(row, "what"), "packet") != 0 ||
		    number_of(row, "pid") != number_of(truth, "pid") ||
		    number_of(row, "fd") != number_of(truth, "fd"))
			continue;
		if (text)
			compare_queue(content_of(carved, row), json_object_get_string(text), NULL,
				      json_object_get_string_len(text));
		n++;
	}
	same_number("packets", (int64_t)length(texts), (int64_t)n);
}

/* The rows of a connection's queues are told apart by the ends of their files' names. */
static struct json_object *find_queue(const struct carved *carved, struct json_object *truth, const char *which)
{
	struct json_object *row;

	EACH(row, carved->rows)
		if (fnmatch(make_text("tcp-*-%s", which), text_of(row, "file"), 0) == 0 &&
		    number_of(row, "pid") == number_of(truth, "pid") &&
		    number_of(row, "fd") == number_of(truth, "fd"))
			return row;
	return NULL;
}

static void compare_tcp(const struct carved *carved, struct json_object *truth)
{
	struct json_object *in = find_queue(carved, truth, "in"), *out = find_queue(carved, truth, "out");
	struct json_object *unsent = find_queue(carved, truth, "unsent");

	if (member(truth, "unread_inbound")) {
		holds(in != NULL, "what was not read is there");
		if (in)
			compare_queue(content_of(carved, in), text_of(truth, "text"),
				      text_of(truth, "inbound_content"), number_of(truth, "unread_inbound"));
	}
	if (out && text_of(truth, "outbound_content") && member(truth, "sent_total_after_first_byte")) {
		struct bytes found = content_of(carved, out);
		uint64_t total = (uint64_t)number_of(truth, "sent_total_after_first_byte");

		compare_pattern(found, text_of(truth, "outbound_content"), total - found.len, found.len);
		if (unsent && member(truth, "outq_not_sent"))
			same_number("unsent", number_of(truth, "outq_not_sent"),
				    (int64_t)content_of(carved, unsent).len);
	}
}

static void compare_socket_content(const struct carved *carved, struct json_object *truth)
{
	struct json_object *row = find_descriptor(carved, "packet", truth);
	struct json_object *datagrams = member(truth, "unread_datagrams");

	look_at("pid %" PRId64 " fd %" PRId64 " (queue)", number_of(truth, "pid"), number_of(truth, "fd"));
	if (!strncmp(text_of(truth, "kind"), "tcp", 3))
		compare_tcp(carved, truth);
	else if (json_object_is_type(datagrams, json_type_array))
		compare_packets(carved, truth, datagrams);
	else if (member(truth, "unread_packets"))
		compare_packets(carved, truth, member(truth, "unread_packets"));
	else if (member(truth, "unread") && row)
		compare_queue(content_of(carved, row), text_of(truth, "text"), text_of(truth, "content"),
			      number_of(truth, "unread"));
	else if (member(truth, "unread") && !strncmp(text_of(truth, "kind"), "unix", 4))
		differs("no packet of it");
}

/* Texts at the beginning of pages of 4 KiB. */
static void compare_marked_pages(struct bytes found, struct json_object *pages)
{
	if (!pages)
		return;
	json_object_object_foreach(pages, page, text)
		compare_text(found, strtoull(page, NULL, 10) * 4096, json_object_get_string(text));
}

static void compare_shared(const struct carved *carved, const struct case_files *files)
{
	struct json_object *truth, *row, *message;

	EACH(truth, member(files->truth, "shared_anon")) {
		look_at("shared memory %s", text_in(truth, "addr"));
		row = find_carved(carved, "shmem", "address", text_of(truth, "addr"));
		holds(row != NULL, "it is there");
		if (!row)
			continue;
		if (member(truth, "len"))
			same_number("size", number_of(truth, "len"), (int64_t)content_of(carved, row).len);
		compare_marked_pages(content_of(carved, row), member(truth, "pages"));
	}
	EACH(truth, member(files->truth, "sysv_shm")) {
		row = NULL;
		look_at("segment %" PRId64, number_of(truth, "id"));
		EACH(message, carved->rows)
			if (fnmatch(make_text("sysv-*-%" PRId64, number_of(truth, "id")),
				    text_of(message, "file"), 0) == 0)
				row = message;
		holds(row != NULL, "it is there");
		if (!row)
			continue;
		same_number("size", number_of(truth, "size"), (int64_t)content_of(carved, row).len);
		compare_marked_pages(content_of(carved, row), member(truth, "pages"));
	}
}

static void compare_messages(const struct carved *carved, const struct case_files *files)
{
	struct json_object *queue, *message, *row;

	EACH(queue, member(files->truth, "sysv_msg"))
		EACH(message, member(queue, "messages")) {
			const char *name = make_text("message-*-%" PRId64 "-%zu", number_of(queue, "id"), message_at);
			bool found = false;

			look_at("%s", name);
			EACH(row, carved->rows) {
				if (fnmatch(name, text_of(row, "file"), 0) != 0)
					continue;
				found = true;
				/* With the NUL that ends it. */
				compare_queue(content_of(carved, row), text_of(message, "text"), NULL,
					      number_of(message, "size"));
			}
			holds(found, "it is there");
		}
}

static void compare_files(const struct carved *carved, const struct case_files *files)
{
	static const char *const known[][2] = { { "/data/new.txt", "new-file-content\n" },
						{ "/vol/v.txt", "vol-content\n" } };

	if (!member(files->truth, "rootfs_changes"))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		struct json_object *row = find_carved(carved, "rootfs", "path", known[i][0]);

		look_at("%s", known[i][0]);
		if (row)
			compare_queue(content_of(carved, row), known[i][1], NULL, (int64_t)strlen(known[i][1]));
	}
}

/* --- one case ---------------------------------------------------------------------------------------------------- */

static void contents_are_true(const struct case_files *files)
{
	const char *directory = scratch_path("carved-%s", files->name);
	const char *server = make_text("%s/ps", files->directory); /* has the pages */
	struct carved carved = { .directory = directory };
	struct json_object *truth;
	struct outcome outcome;

	if (!files->checkpoint || is_refused(files))
		return;
	outcome = run("carve", files->checkpoint, "-o", directory, is_there(server) ? "--parent" : NULL, server,
		      NULL);
	same_number("status", strstr(files->directory, "-trailing-") ? 4 : 0, outcome.status);
	carved.rows = read_table(make_text("%s/manifest.tsv", directory));
	carved.parts = read_table(make_text("%s/parts.tsv", directory));
	compare_digests(&carved);
	compare_places(&carved);
	EACH(truth, member(files->truth, "fd"))
		compare_descriptor_content(&carved, truth);
	EACH(truth, member(files->truth, "socket"))
		compare_socket_content(&carved, truth);
	compare_shared(&carved, files);
	compare_messages(&carved, files);
	compare_files(&carved, files);
}

static void enough_contents_were_compared(void)
{
	enough_was_compared("carved files", n_carved, 200);
	enough_was_compared("pieces of them", n_carved_pieces, 150);
	enough_was_compared("contents that the workload knows", n_carved_truths, 150);
}

int main(void)
{
	static const struct subject subjects[] = {
		{ "contents", contents_are_true, enough_contents_were_compared },
	};

	return run_over_cases("contents", subjects, ARRAY_SIZE(subjects));
}
