/*
 * seed DIRECTORY: the first inputs of the fuzz targets, out of the samples; what they have none of is made by
 * the schema. One image of every kind, its messages behind the byte that names the kind, its document, and small
 * archives plain and compressed.
 */
#include "tests/fuzz/made.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "decoders/image/decode.h"

enum { LARGEST_SEED = 16 << 10 };

static const char *into;
static unsigned n_of_kind[256];

static void seed(const char *target, const char *name, unsigned number, const void *data, size_t len)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s/%s-%u", into, target, name, number);
	write_file(path, data, len);
}

static void seed_messages(struct bytes image, const char *name, unsigned kind, unsigned number)
{
	struct image_reader reader;
	struct problems problems;
	struct image_entry entry;
	struct error *error;

	problems_init(&problems);
	error = image_open(image, bytes_of(name), NULL, &problems, &reader);
	if (error)
		fail_msg("%s: %s", name, error->message);
	for (unsigned i = 0; i < 2 && image_next(&reader, &entry); i++) {
		uint8_t wire[LARGEST_SEED + 1];

		if (entry.payload.len > LARGEST_SEED)
			continue;
		wire[0] = (uint8_t)(i ? kind | 0x80 : kind);
		memcpy(wire + 1, entry.payload.data, entry.payload.len);
		seed("message", image_kinds[kind].name, number * 2 + i, wire, entry.payload.len + 1);
	}
	image_close(&reader);
	problems_deinit(&problems);
}

static void seed_document(struct bytes image, const char *name, unsigned kind, unsigned number)
{
	struct decode_options options = { .readable = number & 1 };
	struct image_reader reader;
	struct problems problems;
	struct error *error;
	struct json json;
	struct out text;

	problems_init(&problems);
	error = image_open(image, bytes_of(name), NULL, &problems, &reader);
	if (error)
		fail_msg("%s: %s", name, error->message);
	out_init(&text, -1);
	json_init(&json, &text, JSON_ONE_LINE);
	decode_image(&reader, &options, &json);
	seed("document", image_kinds[kind].name, number, text.buffer, text.len);
	out_deinit(&text);
	image_close(&reader);
	problems_deinit(&problems);
}

static void seed_image(const char *path, const char *name)
{
	struct bytes image = read_file(path);
	struct image_header header;
	unsigned kind;

	if (!image_recognise(image, bytes_of(name), &header) || !header.kind)
		return;
	kind = (unsigned)(header.kind - image_kinds);
	if (n_of_kind[kind] >= 4 || image.len > LARGEST_SEED)
		return;
	seed("image", header.kind->name, n_of_kind[kind], image.data, image.len);
	seed_document(image, name, kind, n_of_kind[kind]);
	if (header.kind->message)
		seed_messages(image, name, kind, n_of_kind[kind]);
	n_of_kind[kind]++;
}

static void walk(const char *directory)
{
	DIR *listing = opendir(directory);
	struct dirent *entry;

	while (listing && (entry = readdir(listing))) {
		char path[4096];
		struct stat st;

		snprintf(path, sizeof(path), "%s/%s", directory, entry->d_name);
		if (entry->d_name[0] == '.' || lstat(path, &st) < 0)
			continue;
		if (S_ISDIR(st.st_mode))
			walk(path);
		else if (S_ISREG(st.st_mode))
			seed_image(path, entry->d_name);
	}
	if (listing)
		closedir(listing);
}

/* What the samples have none of, and an archive of it all. */
static void seed_unseen(void)
{
	char path[4096];

	for (unsigned i = 0; i < n_image_kinds; i++) {
		char name[64];
		struct out image;

		if (n_of_kind[i])
			continue;
		out_init(&image, -1);
		make_name(&image_kinds[i], name, sizeof(name));
		make_image(&image, &image_kinds[i]);
		write_image("unseen", name, &image);
		out_deinit(&image);
		seed_image(scratch_path("unseen/%s", name), name);
		if (!n_of_kind[i])
			fail_msg("%s: what was made for it is not of that kind", name);
	}
	snprintf(path, sizeof(path), "%s/archive/unseen-0", into);
	pack_directory(path, NULL, scratch_path("unseen"), "");
}

/* An archive of what is small of a namespace: dumps, rule sets, lists of settings. */
static void seed_network(void)
{
	static const char *const names[] = {
		"inventory.img", "ifaddr-10.img",   "route-10.img", "route6-10.img", "rule-10.img",
		"netdev-10.img", "nftables-10.img", "netns-10.img", "iptables-10.img", "cgroup.img",
		"seccomp.img",	 "ipcns-var-11.img",
	};
	struct tar_entry entries[sizeof(names) / sizeof(names[0])];
	char path[4096];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct bytes image;

		snprintf(path, sizeof(path), "%s/img/%s", sample_case("ns-all-criu4.1.1"), names[i]);
		image = read_file(path);
		entries[i] = (struct tar_entry){ names[i], 'f', NULL, image.data, image.len };
	}
	snprintf(path, sizeof(path), "%s/archive/network-0", into);
	write_tar(path, NULL, entries, sizeof(entries) / sizeof(entries[0]));
}

static void seed_archives(void)
{
	static const char *const filters[] = { NULL, "gzip", "zstd" };
	char images[4096], path[4096];

	snprintf(images, sizeof(images), "%s/img", sample_case("refused-flock-criu4.1.1"));
	for (unsigned i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "%s/archive/refused-%u", into, i);
		pack_directory(path, filters[i], images, "checkpoint/");
	}
}

/* Archives in archives: a layer that an OCI manifest names, and one with a header lost. */
static void seed_nested(void)
{
	static const char index[] = "{\"manifests\":[{\"digest\":\"sha256:aa\"}]}";
	static const char manifest[] = "{\"layers\":[{\"digest\":\"sha256:bb\"}],\"annotations\":{"
				       "\"org.criu.checkpoint.container.name\":\"x\"}}";
	struct bytes layer, plain;
	uint8_t *damaged;
	char path[4096];

	snprintf(path, sizeof(path), "%s/archive/refused-1", into);
	layer = read_file(path);
	snprintf(path, sizeof(path), "%s/archive/oci-0", into);
	write_tar(path, NULL,
		  (const struct tar_entry[]){
			  { "index.json", 'f', NULL, index, sizeof(index) - 1 },
			  { "blobs/sha256/aa", 'f', NULL, manifest, sizeof(manifest) - 1 },
			  { "blobs/sha256/bb", 'f', NULL, layer.data, layer.len } },
		  3);
	snprintf(path, sizeof(path), "%s/archive/refused-0", into);
	plain = read_file(path);
	damaged = memcpy(malloc(plain.len), plain.data, plain.len);
	memset(damaged + 4096, 0, 512);
	seed("archive", "damaged", 0, damaged, plain.len);
	free(damaged);
}

static void all_seeds(void **state)
{
	static const char *const texts[] = { "plain", "\\", "\xff\xfe", "\xe2\x80\xae", "\033[0m" };

	(void)state;
	for (const char *const *name = sample_cases(); *name; name++)
		walk(sample_case(*name));
	seed_unseen();
	seed_archives();
	seed_network();
	seed_nested();
	for (unsigned i = 0; i < 5; i++)
		seed("escape", "text", i, texts[i], strlen(texts[i]));
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(all_seeds) };

	if (argc != 2)
		return fprintf(stderr, "usage: seed DIRECTORY\n"), 2;
	into = argv[1];
	return run_all(tests);
}
