/*
 * Leaves of images that no bundled checkpoint has: AppArmor, autofs, binfmt_misc, the settings of old dumps,
 * seccomp filters of every instruction and in both byte orders, trees that are too deep, CPUs, inodes.
 */
#include "tests/support/handmade.h"

#include "decoders/base/size.h"

enum {
	MAGIC_APPARMOR = 0x59423047,
	MAGIC_AUTOFS = 0x49353943,
	MAGIC_BINFMT_MISC = 0x67343323,
	MAGIC_CGROUP = 0x59383330,
	MAGIC_CPUINFO = 0x61404013,
	MAGIC_NETNS = 0x55933752,
	MAGIC_SECCOMP = 0x64413049,
};

static struct out payload, inner, deeper, raw;

static int make_outs(void **state)
{
	struct out *all[] = { &payload, &inner, &deeper, &raw };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		out_init(all[i], -1);
	return 0;
}

static int drop_outs(void **state)
{
	struct out *all[] = { &payload, &inner, &deeper, &raw };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		out_deinit(all[i]);
	return 0;
}

static struct json_object *list(const char *table, const char *directory)
{
	return run_json(0, "list", table, "--format", "json", scratch_path("%s", directory), NULL);
}

/* That cells are so: "column=value;..." of row N, with "null" for null. */
static void expect(struct json_object *rows, size_t n, const char *cells)
{
	struct json_object *row = json_object_array_get_idx(rows, n), *value;
	char *copy = strdup(cells), *rest = copy, *word;

	assert_non_null(row);
	while ((word = strsep(&rest, ";"))) {
		char *wanted = strchr(word, '=');

		*wanted++ = '\0';
		if (!json_object_object_get_ex(row, word, &value))
			fail_msg("there is no column %s", word);
		if (strcmp(wanted, value ? json_object_get_string(value) : "null") != 0)
			fail_msg("row %zu: %s is %s, not %s", n, word,
				 json_object_get_string(value), wanted);
	}
	free(copy);
}

static void apparmor(void **state)
{
	struct json_object *rows;

	(void)state;
	write_inventory("apparmor");
	put_text(&raw, 1, "/bin/x");
	put_text(&raw, 2, "BLOB");
	put_text(&deeper, 1, "below");
	put_message(&deeper, 2, &raw);
	put_text(&inner, 1, "top");
	put_message(&inner, 3, &deeper);
	put_message(&payload, 1, &inner);
	write_entry("apparmor", "apparmor.img", MAGIC_APPARMOR, &payload);
	rows = list("apparmor", "apparmor");
	assert_int_equal(json_object_array_length(rows), 3);
	expect(rows, 0, "namespace=top;profile=null;size=null");
	expect(rows, 1, "namespace=top//below;profile=null");
	expect(rows, 2, "namespace=top//below;profile=/bin/x;size=4");
	json_object_put(rows);
}

static void autofs(void **state)
{
	static const uint64_t numbers[] = { 5, 42, 300, 5, 5, 1, 0, 0, 6 };
	struct json_object *rows;

	(void)state;
	write_inventory("autofs");
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
		put_number(&payload, i + 1, numbers[i]);
	write_entry("autofs", "autofs-1048620.img", MAGIC_AUTOFS, &payload); /* device 1:44 */
	for (uint64_t field = 1; field <= 5; field++)
		put_number(&payload, field, field == 3 ? 1048620 : field);
	put_text(&payload, 6, "/");
	put_text(&payload, 7, "/net");
	put_text(&payload, 8, "auto.net");
	put_text(&payload, 9, "");
	write_entry("autofs", "mountpoints-3.img", MAGIC_MNTS, &payload);
	rows = list("autofs", "autofs");
	expect(rows, 0, "mountpoint=/net;device=1:44;mode=indirect;pgrp=42;fd=5;read_fd=6;timeout_s=300;"
			"minproto=5;uid=0");
	json_object_put(rows);
}

static void binfmt_misc(void **state)
{
	struct json_object *rows;

	(void)state;
	write_inventory("binfmt");
	put_text(&payload, 1, "qemu-arm");
	put_number(&payload, 2, 1);
	put_text(&payload, 3, "/usr/bin/qemu-arm");
	put_text(&payload, 4, "OCF");
	put_text(&payload, 6, "7f454c46");
	put_text(&payload, 7, "ffffffff");
	put_number(&payload, 8, 2);
	write_entry("binfmt", "binfmt-misc.img", MAGIC_BINFMT_MISC, &payload);
	put_text(&payload, 1, "jar");
	put_number(&payload, 2, 0);
	put_text(&payload, 3, "/usr/bin/java");
	put_text(&payload, 5, "jar");
	write_entry("binfmt", "binfmt-misc-44.img", MAGIC_BINFMT_MISC, &payload);
	rows = list("binfmt_misc", "binfmt");
	expect(rows, 0, "name=qemu-arm;enabled=true;interpreter=/usr/bin/qemu-arm;extension=null;"
			"magic=7f454c46;mask=ffffffff;offset=2;flags=OCF");
	expect(rows, 1, "name=jar;enabled=false;extension=jar;magic=null;offset=null;flags=null");
	json_object_put(rows);
}

/* Before the values had types: a list of numbers, -1 for what the kernel had not. */
static void settings_of_old_dumps(void **state)
{
	struct json_object *rows;

	(void)state;
	write_inventory("old-conf");
	for (uint64_t i = 0; i < 32; i++)
		put_number(&payload, 2, i == 1 ? UINT64_MAX : i);
	write_entry("old-conf", "netns-7.img", MAGIC_NETNS, &payload);
	rows = list("sysctl", "old-conf");
	assert_int_equal(json_object_array_length(rows), 31);
	expect(rows, 0, "ns_type=net;ns_id=7;name=net.ipv4.conf.all.accept_local;value=0;device=all");
	expect(rows, 1, "name=net.ipv4.conf.all.accept_source_route;value=2");
	expect(rows, 28, "setting=drop_unicast_in_l2_multicast;value=29");
	expect(rows, 30, "name=null;directory=net/ipv4/conf;place=31;value=31");
	json_object_put(rows);
}

static void namespaces_of_one_another(void **state)
{
	struct json_object *rows;

	(void)state;
	write_inventory("nsids");
	put_number(&inner, 1, 12);
	put_number(&inner, 2, 3);
	put_message(&payload, 7, &inner);
	write_entry("nsids", "netns-10.img", MAGIC_NETNS, &payload);
	rows = list("netns_id", "nsids");
	expect(rows, 0, "ns_id=10;number=3;target_ns_id=12");
	json_object_put(rows);
}

static void inodes_kept(void **state)
{
	struct json_object *rows;
	struct out image;

	(void)state;
	write_inventory("irmap");
	out_init(&image, -1);
	put_u32(&image, 0x55105940, false);
	put_u32(&image, 0x57004059, false);
	put_number(&payload, 1, 0x801);
	put_number(&payload, 2, 77);
	put_text(&payload, 3, "/etc/passwd");
	put_entry(&image, &payload);
	write_image("irmap", "irmap-cache", &image);
	out_deinit(&image);
	rows = list("irmap", "irmap");
	expect(rows, 0, "device=8:1;inode=77;path=/etc/passwd");
	json_object_put(rows);
}

static void cpus(void **state)
{
	static const uint64_t numbers[] = { 1, 6, 85, 7, 3 };
	struct json_object *rows;

	(void)state;
	write_inventory("cpus");
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
		put_number(&inner, i + 1, numbers[i]);
	put_number(&inner, 6, 0xff);
	put_number(&inner, 6, 1);
	put_text(&inner, 7, "A CPU");
	put_number(&inner, 8, 7);
	put_message(&payload, 1, &inner);
	put_number(&inner, 1, 1);
	put_number(&inner, 2, 0xdeadbeef00);
	put_message(&payload, 2, &inner);
	put_number(&inner, 2, 5);
	put_message(&payload, 3, &inner);
	write_entry("cpus", "cpuinfo.img", MAGIC_CPUINFO, &payload);
	rows = list("cpu", "cpus");
	expect(rows, 0, "number=0;arch=x86;vendor=intel;model_name=A CPU;family=6;model=85;stepping=7;"
			"xfeatures=0x7;xsave_size=null;capabilities=0x000000ff 0x00000001;endian=null");
	expect(rows, 1, "arch=ppc64;endian=little;capabilities=0xdeadbeef00;family=null;vendor=null");
	expect(rows, 2, "arch=s390;number=0;capabilities=0x5");
	json_object_put(rows);
}

/* --- seccomp -------------------------------------------------------------------------------- */

/* Values of include/uapi/linux/bpf_common.h, and the words of Documentation/networking/filter.rst. */
static const struct {
	uint16_t code;
	uint8_t jt, jf;
	uint32_t k;
	const char *shown;
} instructions[] = {
	{ 0x20, 0, 0, 4, "text=ld [4];meaning=arch" },
	{ 0x20, 0, 0, 0, "text=ld [0];meaning=nr" },
	{ 0x20, 0, 0, 12, "text=ld [12];meaning=instruction_pointer+4" },
	{ 0x20, 0, 0, 36, "text=ld [36];meaning=args[2]+4" },
	{ 0x20, 0, 0, 64, "text=ld [64];meaning=null" },
	{ 0x28, 0, 0, 2, "text=ldh [2];meaning=null" },
	{ 0x30, 0, 0, 3, "text=ldb [3]" },
	{ 0x40, 0, 0, 8, "text=ld [x + 8]" },
	{ 0x00, 0, 0, 0xabc, "text=ld #0xabc" },
	{ 0x60, 0, 0, 15, "text=ld M[15]" },
	{ 0x80, 0, 0, 0, "text=ld #len" },
	{ 0x01, 0, 0, 7, "text=ldx #0x7" },
	{ 0x61, 0, 0, 1, "text=ldx M[1]" },
	{ 0xb1, 0, 0, 14, "text=ldxb 4*([14]&0xf)" },
	{ 0x02, 0, 0, 3, "text=st M[3]" },
	{ 0x03, 0, 0, 4, "text=stx M[4]" },
	{ 0x04, 0, 0, 5, "text=add #0x5" },
	{ 0x1c, 0, 0, 0, "text=sub x" },
	{ 0x54, 0, 0, 0xff, "text=and #0xff" },
	{ 0x84, 0, 0, 0, "text=neg" },
	{ 0xa4, 0, 0, 1, "text=xor #0x1" },
	{ 0x05, 0, 0, 3, "text=ja 25" },
	{ 0x15, 5, 6, 0x3b, "text=jeq #0x3b, 28, 29;jt=5;jf=6;k=0x3b" },
	{ 0x1d, 0, 1, 0, "text=jeq x, 24, 25" },
	{ 0x25, 255, 0, 9, "text=jgt #0x9, 280, 25" },
	{ 0x35, 1, 0, 9, "text=jge #0x9, 27, 26" },
	{ 0x45, 1, 0, 0x40000000, "text=jset #0x40000000, 28, 27" },
	{ 0x06, 0, 0, 0x7fff0000, "text=ret #0x7fff0000;meaning=allow" },
	{ 0x06, 0, 0, 0x50001, "text=ret #0x50001;meaning=errno(1)" },
	{ 0x06, 0, 0, 0x80000000, "text=ret #0x80000000;meaning=kill_process" },
	{ 0x06, 0, 0, 0x12340000, "text=ret #0x12340000;meaning=0x12340000" },
	{ 0x06, 0, 0, 0xffffffff, "k=0xffffffff" },
	{ 0x16, 0, 0, 0, "text=ret a" },
	{ 0x07, 0, 0, 0, "text=tax" },
	{ 0x87, 0, 0, 0, "text=txa" },
	{ 0xf4, 0, 0, 0, "text=null;code=0xf4" },
};

static void put_filter(bool big_endian, size_t missing)
{
	for (size_t i = 0; i < ARRAY_SIZE(instructions); i++) {
		put_u16(&raw, instructions[i].code, big_endian);
		out_char(&raw, (char)instructions[i].jt);
		out_char(&raw, (char)instructions[i].jf);
		put_u32(&raw, instructions[i].k, big_endian);
	}
	put_bytes(&inner, 1, bytes_first(out_held(&raw), raw.len - missing));
	out_clear(&raw);
	put_message(&payload, 1, &inner);
}

static void filters(const char *directory, bool big_endian)
{
	struct json_object *rows;
	struct out image;

	write_inventory(directory);
	put_filter(big_endian, 0);
	out_init(&image, -1);
	put_u32(&image, 0x54564319, big_endian);
	put_u32(&image, MAGIC_SECCOMP, big_endian);
	put_u32(&image, (uint32_t)payload.len, big_endian);
	out_bytes(&image, out_held(&payload));
	write_image(directory, "seccomp.img", &image);
	out_clear(&payload);
	out_deinit(&image);
	rows = list("seccomp_code", directory);
	assert_int_equal(json_object_array_length(rows), ARRAY_SIZE(instructions));
	for (size_t i = 0; i < ARRAY_SIZE(instructions); i++)
		expect(rows, i, instructions[i].shown);
	json_object_put(rows);
	rows = list("seccomp", directory);
	expect(rows, 0, "id=0;previous=null;threads=0;instructions=36;flags=0x0;"
			"actions=allow,errno(1),kill_process,0x12340000,0xffffffff");
	json_object_put(rows);
}

static void filters_in_both_orders(void **state)
{
	(void)state;
	filters("seccomp-little", false);
	filters("seccomp-big", true);
}

static void filter_cut_off(void **state)
{
	struct outcome outcome;

	(void)state;
	write_inventory("seccomp-cut");
	put_filter(false, 3);
	write_entry("seccomp-cut", "seccomp.img", MAGIC_SECCOMP, &payload);
	outcome = run("list", "seccomp", scratch_path("seccomp-cut"), NULL);
	assert_int_equal(outcome.status, 4);
	assert_non_null(strstr((const char *)outcome.err.data,
			       "seccomp filter 0 has 285 bytes, no multiple of 8"));
	outcome = run("list", "seccomp_code", scratch_path("seccomp-cut"), NULL);
	assert_int_equal(outcome.status, 4);
}

/* --- trees ---------------------------------------------------------------------------------- */

/* DEPTH directories in one another, each with a name of LENGTH. */
static struct outcome tree(unsigned depth, size_t length)
{
	char *name = malloc(length + 1);

	memset(name, 'd', length);
	name[length] = '\0';
	write_inventory("tree");
	put_text(&inner, 1, name);
	for (unsigned i = 1; i < depth; i++) {
		out_clear(&deeper);
		put_text(&deeper, 1, name);
		put_message(&deeper, 2, &inner);
		out_bytes(&inner, out_held(&deeper));
	}
	put_text(&raw, 1, "cpu");
	put_text(&raw, 1, "cpuacct");
	put_message(&raw, 2, &inner);
	put_message(&payload, 2, &raw);
	write_entry("tree", "cgroup.img", MAGIC_CGROUP, &payload);
	free(name);
	return run("list", "cgroup_property", "--format", "jsonl", scratch_path("tree"), NULL);
}

static void trees(void **state)
{
	struct outcome outcome;

	(void)state;
	outcome = tree(3, 1);
	assert_int_equal(outcome.status, 0);
	assert_non_null(strstr((const char *)outcome.out.data,
			       "{\"controller\": \"cpu,cpuacct\", \"path\": \"/d/d/d\", \"name\": null"));
	outcome = tree(40, 200);
	assert_int_equal(outcome.status, 4);
	assert_non_null(strstr((const char *)outcome.err.data, "a control group whose path has 4221 bytes"));
	assert_int_equal(tree(70, 1).status, 4); /* deeper than messages may be */
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, make_outs, drop_outs)
	const struct CMUnitTest tests[] = {
		TEST(apparmor),		     TEST(autofs),
		TEST(binfmt_misc),	     TEST(settings_of_old_dumps),
		TEST(filters_in_both_orders), TEST(filter_cut_off),
		TEST(trees),		     TEST(namespaces_of_one_another),
		TEST(inodes_kept),	     TEST(cpus),
	};
#undef TEST
	return run_all(tests);
}
