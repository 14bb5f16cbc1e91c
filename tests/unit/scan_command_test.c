/*
 * scan: secrets across the borders of pages and blocks, in files inside archives, hostile ones, masked in every form;
 * indicators of every type, and lines that are none.
 */
#include "tests/support/handmade.h"

#include <openssl/evp.h>
#include <stdlib.h>

#include "decoders/base/size.h"
#include "decoders/model/scan.h"

enum { PAGE = 4096, N_PAGES = 3 * SCAN_BLOCK / PAGE + 8, SIZE = N_PAGES * PAGE, PID = 7 };
#define BASE UINT64_C(0x10000000)

static const char environment[] = "DB_PASSWORD=env\x1b[31m-\xe2\x80\xae-geheim1\0URL=http://u:geheim-2@h.example/\0";
static uint8_t memory[SIZE];
static const char *checkpoint; /* a directory */

/* A different key for each place, by a checksum that nobody asks for. */
static void write_key(size_t at, unsigned number)
{
	char key[32];

	snprintf(key, sizeof(key), " AKIAQWERTZUI%08u ", number);
	memcpy(memory + at, key, 22);
}

/* Around the first border of pages and that of blocks: one begins at each place. */
static const size_t borders[] = { PAGE, SCAN_BLOCK, 2 * SCAN_BLOCK };
enum { STEP = 23, AROUND = 4, KEYS = (int)ARRAY_SIZE(borders) * 2 * AROUND };

static void fill_memory(size_t shift)
{
	unsigned number = 0;

	memset(memory, 0, sizeof(memory));
	memcpy(memory, environment, sizeof(environment));
	for (size_t i = 0; i < ARRAY_SIZE(borders); i++)
		for (int k = -AROUND; k < AROUND; k++)
			write_key(borders[i] + shift + (size_t)(k * STEP), number++);
}

static void make_checkpoint(size_t shift)
{
	static const char hosts[] = "127.0.0.1 localhost\n";
	const struct tar_entry rootfs[] = {
		{ "etc/hosts", 'f', NULL, hosts, sizeof(hosts) - 1 },
		{ "root/.netrc", 'f', NULL, "machine git.example login bob password s3cr3t-Fake\n", 51 },
		{ "opt/\x1b[2Jimplant.so", 'f', NULL, "implant", 7 },
	};
	struct out image;

	fill_memory(shift);
	out_init(&image, -1);
	write_inventory("ck");
	put_magic(&image, MAGIC_PSTREE);
	put_pstree(&image, PID, 0);
	write_image("ck", "pstree.img", &image);
	write_core("ck", PID, BYTES("worker"));
	out_clear(&image);
	put_mm(&image, BASE, BASE + sizeof(environment) - 1);
	put_vma(&image, BASE, BASE + 3 * PAGE);
	put_vma(&image, BASE + 3 * PAGE, BASE + SIZE);
	write_mm("ck", PID, &image);
	write_pagemap("ck", PID, 1, BASE, N_PAGES);
	write_file(scratch_path("ck/pages-1.img"), memory, SIZE);
	write_tar(scratch_path("ck/rootfs-diff.tar"), "gzip", rootfs, ARRAY_SIZE(rootfs));
	out_deinit(&image);
	checkpoint = scratch_path("ck");
}

static struct json_object *last_report;

/* They are there until the next ones are asked for. */
static struct json_object *findings_of(struct json_object *report)
{
	struct json_object *findings = NULL;

	json_object_put(last_report);
	last_report = report;
	assert_true(json_object_object_get_ex(report, "findings", &findings));
	return findings;
}

static const char *text_at(struct json_object *findings, size_t i, const char *key)
{
	struct json_object *finding = json_object_array_get_idx(findings, i), *value = NULL;

	if (!json_object_object_get_ex(finding, key, &value)) {
		json_object_object_get_ex(finding, "evidence", &value);
		json_object_object_get_ex(value, key, &value);
	}
	return value ? json_object_get_string(value) : "";
}

static size_t count(struct json_object *findings, const char *rule)
{
	size_t n = 0;

	for (size_t i = 0; i < json_object_array_length(findings); i++)
		n += !strcmp(text_at(findings, i, "rule"), rule);
	return n;
}

/* The place of the finding of RULE whose KEY has TEXT in it; fails where there is none. */
static size_t index_of(struct json_object *findings, const char *rule, const char *key, const char *text)
{
	for (size_t i = 0; i < json_object_array_length(findings); i++)
		if (!strcmp(text_at(findings, i, "rule"), rule) && strstr(text_at(findings, i, key), text))
			return i;
	fail_msg("no %s with \"%s\" in its %s", rule, text, key);
	return 0;
}

static const char *digest_text(const EVP_MD *kind, const void *data, size_t len)
{
	static char text[2 * EVP_MAX_MD_SIZE + 1];
	unsigned char bytes[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	assert_true(EVP_Digest(data, len, bytes, &n, kind, NULL));
	for (unsigned i = 0; i < n; i++)
		snprintf(text + 2 * (size_t)i, 3, "%02X", bytes[i]);
	return text;
}

/* --- secrets -------------------------------------------------------------------------------------------------- */

/* Every key once, where it lies, whichever byte of it the border is at. */
static void borders_hide_nothing(void **state)
{
	(void)state;
	for (size_t shift = 0; shift < STEP; shift++) {
		struct json_object *findings;
		unsigned number = 0;

		make_checkpoint(shift);
		findings = findings_of(run_json(1, "scan", checkpoint, "--reveal", "-f", "json", NULL));
		assert_int_equal(count(findings, "aws-access-key"), KEYS);
		for (size_t i = 0; i < ARRAY_SIZE(borders); i++)
			for (int k = -AROUND; k < AROUND; k++) {
				char key[32], address[32];
				size_t at = borders[i] + shift + (size_t)(k * STEP) + 1, found;

				snprintf(key, sizeof(key), "AKIAQWERTZUI%08u", number++);
				snprintf(address, sizeof(address), "0x%llx", (unsigned long long)(BASE + at));
				found = index_of(findings, "aws-access-key", "subject", key);
				assert_string_equal(text_at(findings, found, "address"), address);
				assert_int_equal(atoi(text_at(findings, found, "offset")), at);
				assert_string_equal(text_at(findings, found, "image"), "pages-1.img");
				assert_string_equal(text_at(findings, found, "places"), "1");
			}
	}
}

/* UTF-16, whichever byte of it a block ends at. */
static void wide_text_lies_across_blocks(void **state)
{
	static const char text[] = "mysql://a:s3cr3t-Wide@db";
	enum { SECRET_AT = 10, BYTES_OF_IT = 2 * (sizeof(text) - 1) };

	(void)state;
	make_checkpoint(0);
	for (size_t before = 0; before <= BYTES_OF_IT; before += 3) {
		struct json_object *findings;
		char address[32];
		size_t at = SCAN_BLOCK - before, found;

		memset(memory + sizeof(environment), 0, SIZE - sizeof(environment));
		for (size_t i = 0; i < sizeof(text) - 1; i++)
			memory[at + 2 * i] = (uint8_t)text[i];
		write_file(scratch_path("ck/pages-1.img"), memory, SIZE);
		findings = findings_of(run_json(1, "scan", checkpoint, "--reveal", "-f", "json", NULL));
		assert_int_equal(count(findings, "mysql-url"), 1);
		found = index_of(findings, "mysql-url", "message", "UTF-16");
		assert_true(strstr(text_at(findings, found, "subject"), "s3cr3t-Wide ") != NULL);
		snprintf(address, sizeof(address), "0x%llx", (unsigned long long)(BASE + at + 2 * SECRET_AT));
		assert_string_equal(text_at(findings, found, "address"), address);
		assert_string_equal(text_at(findings, found, "places"), "1");
	}
}

/* It has page maps and pages, and nothing that says what is mapped. */
static void pages_of_a_predump_are_looked_at(void **state)
{
	struct json_object *findings;
	size_t found;

	(void)state;
	fill_memory(0);
	write_predump_inventory("pre");
	write_pagemap("pre", PID, 1, BASE, N_PAGES);
	write_file(scratch_path("pre/pages-1.img"), memory, SIZE);
	findings = findings_of(run_json(1, "scan", scratch_path("pre"), "--reveal", "-f", "json", NULL));
	assert_int_equal(count(findings, "aws-access-key"), KEYS);
	found = index_of(findings, "aws-access-key", "message", "pages of process 7 at 0x");
	assert_string_equal(text_at(findings, found, "image"), "pages-1.img");
	assert_int_equal(run("scan", scratch_path("pre"), "-p", "7", NULL).status, 1);
	assert_int_equal(run("scan", scratch_path("pre"), "-p", "8", NULL).status, 2);
}

static void a_file_inside_an_archive_is_looked_into(void **state)
{
	struct json_object *findings;
	size_t found;

	(void)state;
	make_checkpoint(0);
	findings = findings_of(run_json(1, "scan", checkpoint, "-f", "json", NULL));
	found = index_of(findings, "netrc-password", "message", "/root/.netrc");
	assert_string_equal(text_at(findings, found, "image"), "rootfs-diff.tar");
	assert_string_equal(text_at(findings, found, "where"), "rootfs");
	assert_true(strstr(text_at(findings, found, "subject"), "******** (11 bytes, ") == text_at(findings, found, "subject"));
	assert_string_equal(text_at(findings, found, "in"), "machine git.example login bob password ********");
}

/* An archive, compressed as a whole, says the same. */
static void an_archive_says_the_same(void **state)
{
	struct outcome plain, packed;
	size_t lines = 0;

	(void)state;
	make_checkpoint(0);
	pack_directory(scratch_path("ck.tar.zst"), "zstd", checkpoint, "");
	plain = run("scan", checkpoint, "--all", "-f", "csv", NULL);
	packed = run("scan", scratch_path("ck.tar.zst"), "--all", "-f", "csv", NULL);
	assert_int_equal(plain.status, 1);
	assert_int_equal(packed.status, 1);
	for (const char *a = (const char *)plain.out.data, *b = (const char *)packed.out.data;;) {
		a = strchr(a, ','); /* behind the checkpoint's name */
		b = strchr(b, ',');
		if (!a && !b)
			break;
		assert_true(a && b);
		assert_int_equal(strcspn(a, "\n"), strcspn(b, "\n"));
		assert_memory_equal(a, b, strcspn(a, "\n"));
		a += strcspn(a, "\n") + 1;
		b += strcspn(b, "\n") + 1;
		lines++;
	}
	assert_true(lines > 5); /* the first has the names of columns */
}

static bool holds(struct bytes text, const char *words)
{
	return strstr((const char *)text.data, words) != NULL;
}

static void no_form_shows_a_secret_unless_it_is_asked_to(void **state)
{
	static const char *const forms[] = { "text", "json", "jsonl", "csv" };

	(void)state;
	make_checkpoint(0);
	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		struct outcome masked = run("scan", checkpoint, "--all", "-f", forms[i], NULL);
		struct outcome shown = run("scan", checkpoint, "--all", "--reveal", "-f", forms[i], NULL);

		assert_false(holds(masked.out, "geheim"));
		assert_false(holds(masked.out, "s3cr3t"));
		assert_false(holds(masked.out, "AKIAQ"));
		assert_true(holds(masked.out, "http://u:********@h.example"));
		assert_true(holds(shown.out, "geheim1"));
		assert_true(holds(shown.out, "geheim-2"));
		assert_true(holds(shown.out, "s3cr3t-Fake"));
		if (strcmp(forms[i], "csv") != 0)
			assert_quiet(shown.out, forms[i]);
		assert_false(holds(shown.out, "\xe2\x80\xae"));
	}
}

static void no_report_shows_a_secret(void **state)
{
	static const char *const forms[] = { "sarif", "junit", "markdown" };

	(void)state;
	make_checkpoint(0);
	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		struct outcome outcome = run("scan", checkpoint, "--all", "-f", forms[i], NULL);

		assert_int_equal(outcome.status, 1);
		assert_true(holds(outcome.out, "netrc-password"));
		assert_false(holds(outcome.out, "geheim"));
		assert_false(holds(outcome.out, "s3cr3t"));
		assert_false(holds(outcome.out, "AKIAQ"));
		assert_quiet(outcome.out, forms[i]);
		if (i == 0) {
			struct json_object *sarif = json_parse(outcome.out);

			assert_non_null(sarif);
			json_object_put(sarif);
		}
	}
}

/* A secret is known wherever it is, by the beginning of its digest or by an earlier report. */
static void what_is_known_does_not_count(void **state)
{
	const char *report = scratch_path("report.json"), *ignore = scratch_path("ignore");
	struct json_object *findings;
	char digest[9], text[80];

	(void)state;
	make_checkpoint(0);
	snprintf(digest, sizeof(digest), "%s", digest_text(EVP_sha256(), "s3cr3t-Fake", 11));
	for (char *p = digest; *p; p++)
		*p |= 0x20;
	snprintf(text, sizeof(text), "netrc-password *%s* # of the tests\n", digest);
	write_file(ignore, text, strlen(text));
	findings = findings_of(run_json(1, "scan", checkpoint, "--ignore", ignore, "-f", "json", NULL));
	assert_int_equal(count(findings, "netrc-password"), 0);
	assert_int_equal(count(findings, "aws-access-key"), KEYS);
	assert_int_equal(run("scan", checkpoint, "-f", "json", "-o", report, NULL).status, 1);
	assert_int_equal(run("scan", checkpoint, "--baseline", report, NULL).status, 0);
	make_checkpoint(1); /* in other places */
	assert_int_equal(run("scan", checkpoint, "--baseline", report, NULL).status, 0);
	write_key(9 * PAGE, 12345);
	write_file(scratch_path("ck/pages-1.img"), memory, SIZE);
	findings = findings_of(run_json(1, "scan", checkpoint, "--baseline", report, "-f", "json", NULL));
	assert_int_equal(json_object_array_length(findings), 1);
}

static void several_are_scanned_in_one_run(void **state)
{
	struct outcome outcome;

	(void)state;
	make_checkpoint(0);
	outcome = run("scan", checkpoint, scratch_path("not there"), checkpoint, "-f", "jsonl", NULL);
	assert_int_equal(outcome.status, 3);
	assert_true(holds(outcome.err, "not there"));
	assert_true(holds(outcome.out, "netrc-password"));
}

static void the_status_is_that_of_severities(void **state)
{
	const struct tar_entry nothing = { "etc/motd", 'f', NULL, "hello", 5 };

	(void)state;
	make_checkpoint(0);
	assert_int_equal(run("scan", checkpoint, "-q", NULL).status, 1);
	assert_int_equal(run("scan", checkpoint, "-p", "8", NULL).status, 2);
	/* Of all that only the variable is left. */
	memset(memory + sizeof(environment), 0, SIZE - sizeof(environment));
	memset(strstr((char *)memory + 16, "geheim1") + 8, 'x', 30);
	write_file(scratch_path("ck/pages-1.img"), memory, SIZE);
	write_tar(scratch_path("ck/rootfs-diff.tar"), NULL, &nothing, 1);
	assert_int_equal(run("scan", checkpoint, NULL).status, 0);
	assert_int_equal(run("scan", checkpoint, "--fail-on", "warning", NULL).status, 1);
}

/* --- indicators ------------------------------------------------------------------------------------------------- */

static const char *indicators(const char *text)
{
	const char *path = scratch_path("indicators");

	write_file(path, text, strlen(text));
	return path;
}

static struct json_object *scan_for(const char *format, const char *value)
{
	char text[2048];

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(text, sizeof(text), format, value);
#pragma GCC diagnostic pop
	return findings_of(run_json(1, "scan", checkpoint, "--ioc", indicators(text), "-f", "json", NULL));
}

static void each_type_is_found(void **state)
{
	static const struct {
		const char *line, *rule, *place;
	} rows[] = {
		{ "md5 %s", "ioc-hash", "implant.so" },
		{ "domain h.example\n", "ioc-domain", "process 7" },
		{ "git.EXAMPLE\n", "ioc-domain", "/root/.netrc" },
		{ "string \"bob password\"", "ioc-string", "/root/.netrc" },
		{ "path /opt/*.so\r\n", "ioc-path", "implant.so" },
		{ "\xef\xbb\xbfstring \"bob password\"\r\n", "ioc-string", "/root/.netrc" },
		{ "/etc/hosts", "ioc-path", "/etc/hosts" },
		{ "name *implant.??", "ioc-name", "implant.so" },
		{ "process:work*  # a comment", "ioc-process", "worker of process 7" },
	};

	(void)state;
	make_checkpoint(0);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct json_object *findings = scan_for(rows[i].line, digest_text(EVP_md5(), "implant", 7));
		size_t found = index_of(findings, rows[i].rule, "message", rows[i].place);

		assert_true(strstr(text_at(findings, found, "listed"), "indicators:1") != NULL);
		assert_string_equal(text_at(findings, found, "severity"), "error");
	}
}

/* Of a file in an archive, of a member, of pages, of the archive inside; bare, and as sha256sum writes them. */
static void digests_are_found(void **state)
{
	struct bytes inner;

	(void)state;
	make_checkpoint(0);
	inner = read_file(scratch_path("ck/rootfs-diff.tar"));
	index_of(scan_for("%s", digest_text(EVP_sha256(), "implant", 7)), "ioc-hash", "message", "implant.so");
	index_of(scan_for("%s  x.img\n", digest_text(EVP_sha1(), memory, SIZE)), "ioc-hash", "message", "pages-1.img");
	index_of(scan_for("sha256:%s", digest_text(EVP_sha256(), inner.data, inner.len)), "ioc-hash", "message",
		 "rootfs-diff.tar");
	assert_int_equal(count(scan_for("%s", digest_text(EVP_sha256(), "implanT", 7)), "ioc-hash"), 0);
}

/* What is near is not it. */
static void near_misses_are_quiet(void **state)
{
	static const char text[] = "domain example\ndomain .example\n";
	static const char others[] = "domain xample.com\ndomain hh.example\npath implant.so\nname implant\nprocess work\n"
				     "string geheim-3\n127.0.0.2\n";
	struct json_object *findings;

	(void)state;
	make_checkpoint(0);
	assert_int_equal(run("scan", checkpoint, "--ioc", indicators(text), NULL).status, 2);
	findings = findings_of(run_json(1, "scan", checkpoint, "--ioc", indicators(others), "-f", "json", NULL));
	for (size_t i = 0; i < json_object_array_length(findings); i++)
		assert_true(strncmp(text_at(findings, i, "rule"), "ioc", 3) != 0);
}

static void a_broken_line_is_named(void **state)
{
	static const struct {
		const char *text, *said;
	} rows[] = {
		{ "# fine\n\nnonsense\n", "indicators:3: it does not show" },
		{ "ip 1.2.3.4\nip 1.2.3.400\n", "indicators:2: no address" },
		{ "10.0.0.0/33\n", "indicators:1: no address" },
		{ "sha256 abcd\n", "indicators:1: a digest has" },
		{ "string ab\n", "indicators:1: a string has at least 3" },
		{ "two words\n", "indicators:1: it begins with no TYPE" },
	};

	(void)state;
	make_checkpoint(0);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct outcome outcome = run("scan", checkpoint, "--ioc", indicators(rows[i].text), NULL);

		assert_int_equal(outcome.status, 2);
		if (!holds(outcome.err, rows[i].said))
			fail_msg("\"%s\" says %s", rows[i].text, (const char *)outcome.err.data);
	}
	assert_int_equal(run("scan", checkpoint, "--ioc", scratch_path("not there"), NULL).status, 2);
}

/* A hundred thousand of them, and no more. */
static void many_are_taken(void **state)
{
	enum { MOST = 100000, LINE = 12 };
	char *text = malloc((MOST + 1) * (LINE + 8) + 64), *at = text;

	(void)state;
	make_checkpoint(0);
	assert_non_null(text);
	for (int i = 0; i < MOST - 1; i++)
		at += sprintf(at, "10.%d.%d.%d\n", i >> 16, i >> 8 & 255, i & 255);
	strcpy(at, "/etc/hosts\n");
	index_of(findings_of(run_json(1, "scan", checkpoint, "--ioc", indicators(text), "-f", "json", NULL)), "ioc-path",
		 "listed", "indicators:100000");
	strcat(at, "1.2.3.4\n");
	assert_int_equal(run("scan", checkpoint, "--ioc", indicators(text), NULL).status, 2);
	free(text);
}

/* --- hostile bytes ------------------------------------------------------------------------------------------------ */

/* Ten MiB of a member that is base64 throughout, and as many beginnings of keys, end in time. */
static void large_members_end(void **state)
{
	enum { LARGE = 10 << 20 };
	static const char *const fillers[] = { "eyJhbGciOiJIUzI1NiJ9", "://u:p", "password=token=",
					       "-----BEGIN PRIVATE KEY-----\nA" };
	char *text = malloc(LARGE);

	(void)state;
	assert_non_null(text);
	make_checkpoint(0);
	for (size_t i = 0; i < ARRAY_SIZE(fillers); i++) {
		double start = seconds();
		struct outcome outcome;

		for (size_t k = 0; k < LARGE; k++)
			text[k] = fillers[i][k % strlen(fillers[i])];
		write_file(scratch_path("ck/blob"), text, LARGE);
		outcome = run("scan", checkpoint, "-q", NULL);
		assert_true(outcome.status == 1 || outcome.status == 4);
		if (seconds() - start > 20)
			fail_msg("%s: %.1f s", fillers[i], seconds() - start);
	}
	free(text);
}

/* Of what is found only some is told, and the status is of that. */
static void only_some_kinds_are_told(void **state)
{
	struct outcome outcome = run("scan", checkpoint, "--only", "netrc-password", "--format", "jsonl", NULL);

	(void)state;
	assert_int_equal(outcome.status, 1);
	assert_non_null(strstr((const char *)outcome.out.data, "\"netrc-password\""));
	assert_null(strstr((const char *)outcome.out.data, "aws-access-key"));
	assert_int_equal(run("scan", checkpoint, "--only", "putty-key,der-key", NULL).status, 0);
	outcome = run("scan", checkpoint, "--only", "secret", NULL);
	assert_non_null(strstr((const char *)outcome.out.data, "aws-access-key"));
	outcome = run("scan", checkpoint, "--only", "netrc-pasword", NULL);
	assert_int_equal(outcome.status, 2);
	assert_non_null(strstr((const char *)outcome.err.data, "did you mean \"netrc-password\""));
	outcome = run("scan", checkpoint, "--only", "nosuch", NULL);
	assert_non_null(strstr((const char *)outcome.err.data, "\"coldcase scan --help\" lists them"));
}

/* Indicators have kinds too, and to leave all of them out is told. */
static void indicators_are_kinds(void **state)
{
	static const char left_out[] = "--only leaves out all that --ioc lists";
	const char *listed = indicators("name *implant.??\n"), *only[] = { "ioc-name", "jwt,indicator" };
	struct outcome outcome = run("scan", "--help", NULL);

	(void)state;
	assert_non_null(strstr((const char *)outcome.out.data, "\n  ioc-name "));
	assert_non_null(strstr((const char *)outcome.out.data, "\n  ioc-hash "));
	outcome = run("scan", checkpoint, "--ioc", listed, "--only", "putty-key,ioc-hash", NULL);
	assert_int_equal(outcome.status, 0);
	assert_non_null(strstr((const char *)outcome.err.data, left_out));
	for (size_t i = 0; i < ARRAY_SIZE(only); i++) {
		outcome = run("scan", checkpoint, "--ioc", listed, "--only", only[i], NULL);
		assert_int_equal(outcome.status, 1);
		assert_non_null(strstr((const char *)outcome.out.data, "ioc-name"));
		assert_null(strstr((const char *)outcome.err.data, left_out));
	}
	outcome = run("scan", checkpoint, "--only", "putty-key", NULL);
	assert_null(strstr((const char *)outcome.err.data, left_out));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(borders_hide_nothing),
		cmocka_unit_test(wide_text_lies_across_blocks),
		cmocka_unit_test(pages_of_a_predump_are_looked_at),
		cmocka_unit_test(a_file_inside_an_archive_is_looked_into),
		cmocka_unit_test(an_archive_says_the_same),
		cmocka_unit_test(no_form_shows_a_secret_unless_it_is_asked_to),
		cmocka_unit_test(no_report_shows_a_secret),
		cmocka_unit_test(what_is_known_does_not_count),
		cmocka_unit_test(several_are_scanned_in_one_run),
		cmocka_unit_test(the_status_is_that_of_severities),
		cmocka_unit_test(each_type_is_found),
		cmocka_unit_test(digests_are_found),
		cmocka_unit_test(near_misses_are_quiet),
		cmocka_unit_test(a_broken_line_is_named),
		cmocka_unit_test(many_are_taken),
		cmocka_unit_test(large_members_end),
		cmocka_unit_test(only_some_kinds_are_told),
		cmocka_unit_test(indicators_are_kinds),
	};
	int status = run_all(tests);

	json_object_put(last_report);
	return status;
}
