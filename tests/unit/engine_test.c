/* What engines say: read with distrust, and right. */
#include "tests/support/wire.h"

#include <sys/stat.h>
#include <unistd.h>

#include "decoders/engine/engine.h"
#include "decoders/engine/log_head.h"
#include "decoders/engine/timestamp.h"

static struct problems problems;
static struct arena arena;
static struct engine engine;

static int begin(void **state)
{
	(void)state;
	problems_init(&problems);
	arena_init(&arena);
	return 0;
}

static int finish(void **state)
{
	(void)state;
	problems_deinit(&problems);
	arena_deinit(&arena);
	return 0;
}

static void put_file(const char *directory, const char *name, const char *text)
{
	write_file(scratch_path("%s/%s", directory, name), text, strlen(text));
}

/* A checkpoint whose images are in DIRECTORY/checkpoint. */
static void put_images(const char *directory)
{
	put_file(directory, "checkpoint/inventory.img", "");
}

static void read_engine(const char *directory)
{
	struct source source;

	assert_null(source_open(scratch_path("%s", directory), NULL, &source));
	engine_read(&source, BYTES("checkpoint"), &(struct wrapper){ 0 }, &arena, &problems, &engine);
	source_close(&source);
}

#define assert_says(field, text) assert_field(#field, engine.field, text)

static void assert_field(const char *name, struct bytes got, const char *wanted)
{
	if (!wanted != !got.data || (wanted && !bytes_equal(got, bytes_of(wanted))))
		fail_msg("%s is \"%.*s\", not \"%s\"", name, BYTES_FMT(got), wanted ? wanted : "-");
}

static const struct error *only_problem(const char *image)
{
	if (problems.n != 1)
		fail_msg("%zu problems, not one", problems.n);
	assert_string_equal(problems.items[0]->image, image);
	return problems.items[0];
}

/* --- documents -------------------------------------------------------------------------------- */

static void nothing_of_an_engine_is_plain_criu(void **state)
{
	(void)state;
	put_images("plain");
	read_engine("plain");
	assert_string_equal(engine.producer, "criu");
	assert_says(container, NULL);
	assert_says(container_id, NULL);
	assert_int_equal(engine.member, UINT32_MAX);
	assert_int_equal(problems.n, 0);
}

static void podmans_documents_are_read(void **state)
{
	(void)state;
	put_images("podman");
	put_file("podman", "config.dump",
		 "{\"id\": \"abc\", \"name\": \"web\", \"rootfsImageName\": \"docker.io/x:1\","
		 " \"rootfsImageID\": \"sha\", \"runtime\": \"crun\", \"pod\": \"\","
		 " \"createdTime\": \"2026-11-23T16:38:01+03:00\","
		 " \"checkpointedTime\": \"0001-01-01T00:00:00Z\"}\n");
	put_file("podman", "spec.dump",
		 "{\"annotations\": {\"io.container.manager\": \"libpod\"}}");
	put_file("podman", "network.status", "null");
	read_engine("podman");
	assert_string_equal(engine.producer, "podman");
	assert_says(container, "web");
	assert_says(container_id, "abc");
	assert_says(image, "docker.io/x:1");
	assert_says(image_id, "sha");
	assert_says(runtime, "crun");
	assert_says(pod, NULL); /* empty text is nothing */
	assert_says(created, "2026-11-23T13:38:01Z");
	assert_says(ip, NULL);
	assert_int_equal(problems.n, 0); /* "null" is what podman writes for no network */
}

static void a_document_that_is_cut_is_told_with_its_offset(void **state)
{
	(void)state;
	put_images("cut");
	put_file("cut", "config.dump", "{\"id\": \"abc\", \"name\": \"x");
	read_engine("cut");
	assert_says(container, NULL);
	assert_int_equal(only_problem("config.dump")->kind, ERROR_DAMAGED);
	assert_int_equal(problems.items[0]->offset, 0x18);
}

static void what_is_no_json_is_told(void **state)
{
	static const char *const texts[] = { "", "{\"a\": 1} x", "{a: 1}", "7", "\"text\"",
					     "{\"a\": \"\xff\"}", "{\"a\": 1,}" };

	(void)state;
	put_images("nojson");
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		problems_deinit(&problems);
		put_file("nojson", "config.dump", texts[i]);
		read_engine("nojson");
		if (problems.n != 1)
			fail_msg("%s: %zu problems", texts[i], problems.n);
		only_problem("config.dump");
	}
}

/* What json-c lets through even when it is strict. */
static void keys_in_single_quotes_are_no_json(void **state)
{
	(void)state;
	put_images("quotes");
	put_file("quotes", "config.dump", "{'id': \"abc\"}");
	read_engine("quotes");
	assert_says(container_id, NULL);
	only_problem("config.dump");
}

static void nan_is_no_json(void **state)
{
	(void)state;
	put_images("nan");
	put_file("nan", "config.dump", "{\"id\": \"abc\", \"x\": NaN}");
	read_engine("nan");
	assert_says(container_id, NULL);
	only_problem("config.dump");
}

static void a_broken_document_leaves_the_others(void **state)
{
	(void)state;
	put_images("others");
	put_file("others", "config.dump", "{");
	put_file("others", "status.dump", "{\"id\": \"abc\", \"metadata\": {\"name\": \"app\"}}");
	read_engine("others");
	assert_string_equal(engine.producer, "containerd");
	assert_says(container, "app");
	assert_says(container_id, "abc");
	only_problem("config.dump");
}

static void nesting_beyond_the_limit_is_told_as_such(void **state)
{
	char brackets[1001] = "";

	(void)state;
	memset(brackets, '[', 1000);
	put_images("deep");
	put_file("deep", "config.dump", brackets);
	read_engine("deep");
	assert_int_equal(only_problem("config.dump")->kind, ERROR_LIMIT);
}

static void a_document_whose_tree_is_too_large_is_told(void **state)
{
	struct out text;

	(void)state;
	out_init(&text, -1);
	out_char(&text, '[');
	for (int i = 0; i < 2000000; i++)
		out_text(&text, "{},");
	out_text(&text, "{}]");
	put_images("wide");
	write_file(scratch_path("wide/config.dump"), out_held(&text).data, text.len);
	out_deinit(&text);
	read_engine("wide");
	assert_int_equal(only_problem("config.dump")->kind, ERROR_LIMIT);
}

static void a_link_or_a_directory_is_no_document(void **state)
{
	(void)state;
	put_images("link");
	put_file("", "secret", "{\"id\": \"secret\", \"name\": \"secret\"}");
	assert_int_equal(symlink(scratch_path("secret"), scratch_path("link/config.dump")), 0);
	put_file("link", "spec.dump/x", "");
	read_engine("link");
	assert_says(container, NULL);
	assert_says(container_id, NULL);
	assert_string_equal(engine.producer, "criu");
}

static void a_name_that_only_ends_alike_is_no_document(void **state)
{
	(void)state;
	put_images("evil");
	put_file("evil", "evil-config.dump", "{\"id\": \"evil\"}");
	put_file("evil", "config.dump.bak", "{\"id\": \"evil\"}");
	put_file("evil", "x/config.dump", "{\"id\": \"evil\"}");
	read_engine("evil");
	assert_says(container_id, NULL);
	assert_int_equal(problems.n, 0);
}

static void a_value_of_another_type_is_told(void **state)
{
	(void)state;
	put_images("type");
	put_file("type", "config.dump", "{\"id\": 7, \"name\": \"web\", \"rootfsImageID\": \"s\"}");
	read_engine("type");
	assert_says(container, "web");
	assert_says(container_id, NULL);
	assert_non_null(strstr(only_problem("config.dump")->message, "id"));
}

/* --- containerd and CRI-O --------------------------------------------------------------------- */

/* The annotation that containerd itself writes when it restores says "containerd". */
static void a_container_restored_by_containerd_keeps_its_name(void **state)
{
	(void)state;
	put_images("restored");
	put_file("restored", "spec.dump",
		 "{\"annotations\": {\"io.kubernetes.cri.container-name\": \"containerd\","
		 " \"io.kubernetes.cri.sandbox-name\": \"pod-1\","
		 " \"io.kubernetes.cri.sandbox-namespace\": \"prod\"}}");
	put_file("restored", "status.dump", "{\"metadata\": {\"name\": \"app-main\"}}");
	read_engine("restored");
	assert_string_equal(engine.producer, "containerd");
	assert_says(container, "app-main");
	assert_says(pod, "pod-1");
	assert_says(namespace, "prod");
	assert_int_equal(problems.n, 0);
}

static void the_annotation_counts_where_nothing_else_says(void **state)
{
	(void)state;
	put_images("annotated");
	put_file("annotated", "spec.dump",
		 "{\"annotations\": {\"io.kubernetes.cri.container-name\": \"app\"}}");
	read_engine("annotated");
	assert_says(container, "app");
}

/* An OCI image whose layer says nothing of an engine. */
static void read_wrapped(const char *directory, const char *annotations)
{
	struct wrapper wrapper = { .is_wrapper = true, .spec = UINT32_MAX };
	struct source outer, source;

	put_images(directory);
	put_file(directory, "checkpoint/descriptors.json", "[]");
	write_file(scratch_path("%s-outer/manifest.json", directory), annotations, strlen(annotations));
	assert_null(source_open(scratch_path("%s-outer", directory), NULL, &outer));
	assert_null(source_open(scratch_path("%s", directory), NULL, &source));
	wrapper.annotations = source_index(&outer, source_find(&outer, BYTES("manifest.json")));
	source.outer = &outer;
	engine_read(&source, BYTES("checkpoint"), &wrapper, &arena, &problems, &engine);
	source.outer = NULL;
	source_close(&source);
	source_close(&outer);
}

static void annotations_of_each_family_name_the_engine(void **state)
{
	(void)state;
	read_wrapped("by-podman", "{\"annotations\": {\"io.podman.annotations.checkpoint.name\": \"web\"}}");
	assert_string_equal(engine.producer, "podman");
	assert_says(container, "web");
	read_wrapped("by-crio",
		     "{\"annotations\": {\"io.kubernetes.cri-o.annotations.checkpoint.name\": \"web\"}}");
	assert_string_equal(engine.producer, "cri-o");
	assert_says(container, "web");
	read_wrapped("by-criu",
		     "{\"annotations\": {\"org.criu.checkpoint.engine.name\": \"CRI-O\","
		     " \"org.criu.checkpoint.container.name\": \"web\", \"org.criu.checkpoint.pod.id\": \"p1\","
		     " \"org.criu.checkpoint.rootfsImageSha\": \"sha256:a\"}}");
	assert_string_equal(engine.producer, "cri-o");
	assert_says(pod, "p1");
	assert_says(image_id, "sha256:a");
	read_wrapped("by-none", "{\"annotations\": {\"org.criu.checkpoint.engine.name\": 7}}");
	assert_string_equal(engine.producer, "runc");
}

/* The name that the kubelet gives a file, where nothing in it says. */
static void the_name_of_the_file_names_the_pod(void **state)
{
	static const struct {
		const char *name, *pod;
	} names[] = {
		{ "checkpoint-web-0_prod-ns-app-main-2026-11-23T14:09:06Z.tar", "web-0" },
		{ "checkpoint-web-0_prod-app-2026-11-23T14:09:06+02:00.tar", "web-0" },
		{ "checkpoint-web-0_prod-app-2026-11-23.tar", NULL },
		{ "checkpoint-web-0-prod-app-2026-11-23T14:09:06Z.tar", NULL },
		{ "checkpoint-_prod-app-2026-11-23T14:09:06Z.tar", NULL },
		{ "web-0_prod-app-2026-11-23T14:09:06Z.tar", NULL },
		{ "checkpoint-2026-11-23T14:09:06Z.tar", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *path = scratch_path("kubelet/%s", names[i].name);
		struct source source;

		write_file(path, "", 0);
		write_tar(path, NULL,
			  (const struct tar_entry[]){ { "checkpoint/inventory.img", 'f', NULL, "", 0 } }, 1);
		assert_null(source_open(path, NULL, &source));
		engine_read(&source, BYTES("checkpoint"), &(struct wrapper){ 0 }, &arena, &problems,
			    &engine);
		assert_says(pod, names[i].pod);
		source_close(&source);
	}
}

static void labels_in_an_annotation_are_read(void **state)
{
	(void)state;
	put_images("labels");
	put_file("labels", "spec.dump",
		 "{\"annotations\": {\"io.container.manager\": \"cri-o\","
		 " \"io.kubernetes.cri-o.Labels\": \"{\\\"io.kubernetes.container.name\\\": \\\"c\\\","
		 " \\\"io.kubernetes.pod.name\\\": \\\"p\\\","
		 " \\\"io.kubernetes.pod.namespace\\\": \\\"n\\\","
		 " \\\"io.kubernetes.pod.uid\\\": \\\"u\\\"}\"}}");
	read_engine("labels");
	assert_string_equal(engine.producer, "cri-o");
	assert_says(container, "c");
	assert_says(pod, "p");
	assert_says(namespace, "n");
	assert_says(pod_uid, "u");
	assert_int_equal(problems.n, 0);
}

static void broken_labels_in_an_annotation_are_told_once(void **state)
{
	(void)state;
	put_images("badlabels");
	put_file("badlabels", "spec.dump",
		 "{\"annotations\": {\"io.container.manager\": \"cri-o\","
		 " \"io.kubernetes.cri-o.Labels\": \"{broken\"}}");
	read_engine("badlabels");
	assert_says(container, NULL);
	assert_non_null(strstr(only_problem("spec.dump")->message, "io.kubernetes.cri-o.Labels"));
}

static void an_address_loses_its_prefix_length(void **state)
{
	(void)state;
	put_images("ip");
	put_file("ip", "config.dump", "{\"rootfsImageID\": \"s\"}");
	put_file("ip", "network.status",
		 "{\"podman\": {\"interfaces\": {\"eth0\": {\"subnets\": "
		 "[{\"ipnet\": \"10.88.0.5/16\", \"gateway\": \"10.88.0.1\"}]}}}}");
	read_engine("ip");
	assert_says(ip, "10.88.0.5");
}

/* --- times ------------------------------------------------------------------------------------ */

static void assert_time(const char *text, const char *wanted)
{
	struct bytes got = BYTES("untouched");

	if (!timestamp_from_text(&arena, bytes_of(text), &got))
		fail_msg("%s is refused", text);
	assert_field(text, got, wanted);
}

static void times_of_any_zone_are_told_in_utc(void **state)
{
	(void)state;
	assert_time("2026-11-23T16:38:01+03:00", "2026-11-23T13:38:01Z");
	assert_time("2026-11-23T13:38:01Z", "2026-11-23T13:38:01Z");
	assert_time("2026-11-23T13:38:01.123456789Z", "2026-11-23T13:38:01.123456789Z");
	assert_time("2026-12-31T23:30:00-01:00", "2027-01-01T00:30:00Z");
	assert_time("2024-02-29T00:10:00+00:30", "2024-02-28T23:40:00Z");
	assert_time("1969-12-31T23:59:59Z", "1969-12-31T23:59:59Z");
}

static void the_year_1_is_never(void **state)
{
	(void)state;
	assert_time("0001-01-01T00:00:00Z", NULL);
}

static void what_is_no_time_is_refused(void **state)
{
	static const char *const texts[] = {
		"", "now", "2026-11-23", "2026-11-23T13:38:01", "2026-13-01T00:00:00Z",
		"2026-02-29T00:00:00Z", "2026-11-23T24:00:00Z", "2026-11-23T13:38:01+3",
		"2026-11-23T13:38:01Zx", "2026-11-23T13:38:01.Z", "26-11-23T13:38:01Z",
	};
	struct bytes got = BYTES("untouched");

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (timestamp_from_text(&arena, bytes_of(texts[i]), &got))
			fail_msg("\"%s\" is taken for a time", texts[i]);
	assert_true(bytes_equal(got, BYTES("untouched")));
}

static void numbers_are_times_too(void **state)
{
	(void)state;
	assert_field("seconds", timestamp_from_seconds(&arena, 1000000000), "2001-09-09T01:46:40Z");
	assert_field("zero", timestamp_from_seconds(&arena, 0), NULL);
	assert_field("too late", timestamp_from_seconds(&arena, INT64_MAX), NULL);
	assert_field("too early", timestamp_from_seconds(&arena, INT64_MIN), NULL);
	assert_field("nanoseconds", timestamp_from_nanoseconds(&arena, 1000000000000000001),
		     "2001-09-09T01:46:40.000000001Z");
	assert_field("before 1970", timestamp_from_nanoseconds(&arena, -1),
		     "1969-12-31T23:59:59.999999999Z");
}

/* --- the log ---------------------------------------------------------------------------------- */

static void the_head_of_a_log_says_who_ran_where(void **state)
{
	struct log_head head;

	(void)state;
	log_head_read(BYTES("(00.000000) Unable to get $HOME directory\n"
			    "(00.001003) Version: 4.2.1 (gitid 0)\n"
			    "(00.001010) Running on node-1 Linux 6.12.1-amd64 #1 SMP x86_64\n"
			    "(00.1) cg: `- ... /lxc.payload.web/init\n"),
		      &head);
	assert_field("version", head.criu_version, "4.2.1");
	assert_field("kernel", head.kernel, "6.12.1-amd64");
	assert_field("lxc", head.lxc_name, "web");
}

static void a_log_that_says_nothing_gives_nothing(void **state)
{
	struct log_head head;

	(void)state;
	log_head_read(BYTES(""), &head);
	assert_null(head.criu_version.data);
	/* A line without its end may be cut. */
	log_head_read(BYTES("(00.001003) Version: 4.2"), &head);
	assert_null(head.criu_version.data);
	log_head_read(BYTES("Version:\nRunning on\nRunning on x BSD 1 \nno Version: 3\n"), &head);
	assert_null(head.criu_version.data);
	assert_null(head.kernel.data);
	assert_null(head.lxc_name.data);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, finish)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nothing_of_an_engine_is_plain_criu),
		TEST(podmans_documents_are_read),
		TEST(a_document_that_is_cut_is_told_with_its_offset),
		TEST(what_is_no_json_is_told),
		TEST(keys_in_single_quotes_are_no_json),
		TEST(nan_is_no_json),
		TEST(a_broken_document_leaves_the_others),
		TEST(nesting_beyond_the_limit_is_told_as_such),
		TEST(a_document_whose_tree_is_too_large_is_told),
		TEST(a_link_or_a_directory_is_no_document),
		TEST(a_name_that_only_ends_alike_is_no_document),
		TEST(a_value_of_another_type_is_told),
		TEST(a_container_restored_by_containerd_keeps_its_name),
		TEST(the_annotation_counts_where_nothing_else_says),
		TEST(annotations_of_each_family_name_the_engine),
		TEST(the_name_of_the_file_names_the_pod),
		TEST(labels_in_an_annotation_are_read),
		TEST(broken_labels_in_an_annotation_are_told_once),
		TEST(an_address_loses_its_prefix_length),
		TEST(times_of_any_zone_are_told_in_utc),
		TEST(the_year_1_is_never),
		TEST(what_is_no_time_is_refused),
		TEST(numbers_are_times_too),
		TEST(the_head_of_a_log_says_who_ran_where),
		TEST(a_log_that_says_nothing_gives_nothing),
	};

	return run_all(tests);
}
