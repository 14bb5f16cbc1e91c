/*
 * Netlink dumps built by hand, in both byte orders: what the tables make of them, and what they make of
 * lengths that lie. The numbers are those of include/uapi/linux/{rtnetlink,if_addr,fib_rules}.h and
 * netfilter/nfnetlink_conntrack.h, written out once more.
 */
#include "tests/support/handmade.h"

#include "decoders/base/size.h"

enum {
	MAGIC_NETDEV = 0x57373951,
	MAGIC_OF_ADDRESSES = 0x47361222,
	MAGIC_OF_ROUTES = 0x45311224,
	MAGIC_OF_RULES = 0x71706986,
	NEW_ADDRESS = 20,
	NEW_ROUTE = 24,
	NEW_RULE = 32,
	NEW_CONNECTION = 0x100,
	NEW_EXPECTATION = 0x200,
	NESTED = 0x8000,
};

static bool big; /* the byte order of what is built */
static struct out image, body, nest, deeper;
static const char *directory;

/* --- building ------------------------------------------------------------------------------- */

static void put_u8s(struct out *out, const uint8_t *bytes, size_t n)
{
	out_write(out, bytes, n);
}
#define U8(out, ...) \
	put_u8s((out), (const uint8_t[]){ __VA_ARGS__ }, sizeof((const uint8_t[]){ __VA_ARGS__ }))

static void put_attribute(struct out *out, uint16_t number, const void *value, size_t len)
{
	put_u16(out, (uint16_t)(len + 4), big);
	put_u16(out, number, big);
	out_write(out, value, len);
	out_repeat(out, '\0', -len % 4);
}
#define A8(out, number, ...)                                                       \
	put_attribute((out), (number), (const uint8_t[]){ __VA_ARGS__ },           \
		      sizeof((const uint8_t[]){ __VA_ARGS__ }))

static void put_attribute_u32(struct out *out, uint16_t number, uint32_t value)
{
	put_u16(out, 8, big);
	put_u16(out, number, big);
	put_u32(out, value, big);
}

/* INNER as an attribute; empties it. */
static void put_nest(struct out *out, uint16_t number, struct out *inner)
{
	put_attribute(out, number | NESTED, inner->buffer, inner->len);
	out_clear(inner);
}

/* The body as a message; empties it. */
static void put_netlink(uint16_t type)
{
	put_u32(&image, (uint32_t)body.len + 16, big);
	put_u16(&image, type, big);
	put_u16(&image, 2, big);
	put_u32(&image, 1, big);
	put_u32(&image, 77, big);
	out_bytes(&image, out_held(&body));
	out_repeat(&image, '\0', -body.len % 4);
	out_clear(&body);
}

/* ADDRESS/24 of device 3. */
static void put_address(uint8_t last)
{
	U8(&body, 2, 24, 0x80, 0);
	put_u32(&body, 3, big);
	A8(&body, 1, 192, 0, 2, last);
	A8(&body, 2, 192, 0, 2, last);
	A8(&body, 3, 'e', 't', 'h', '0', 0);
	put_netlink(NEW_ADDRESS);
}

static int make_outs(void **state)
{
	struct out *all[] = { &image, &body, &nest, &deeper };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		out_init(all[i], -1);
	big = false;
	return 0;
}

static int drop_outs(void **state)
{
	struct out *all[] = { &image, &body, &nest, &deeper };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		out_deinit(all[i]);
	return 0;
}

/* A checkpoint with the devices eth0 (3) and eth1 (4) in network namespace 10. */
static void begin(const char *name)
{
	directory = name;
	write_inventory(directory);
	put_magic(&image, MAGIC_NETDEV);
	for (uint32_t i = 3; i <= 4; i++) {
		put_number(&body, 1, 2);
		put_number(&body, 2, i);
		put_number(&body, 3, 1500);
		put_number(&body, 4, 0);
		put_text(&body, 5, i == 3 ? "eth0" : "eth1");
		put_entry(&image, &body);
	}
	write_image(directory, "netdev-10.img", &image);
}

static struct json_object *list_status(int status, const char *table)
{
	return run_json(status, "list", table, "--format", "json", scratch_path("%s", directory),
			NULL);
}

/* That cells are so: "column=value|..." of row N, with "null" for null. */
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

/* --- what is said ----------------------------------------------------------------------------- */

static void addresses(const char *name, bool is_big)
{
	struct json_object *rows;

	begin(name);
	big = is_big;
	put_u32(&image, MAGIC_OF_ADDRESSES, big);
	put_address(1);
	U8(&body, 10, 64, 0x80, 253);
	put_u32(&body, 4, big);
	U8(&body, 0, 0);
	out_clear(&body);
	U8(&body, 10, 64, 0, 253);
	put_u32(&body, 9, big); /* a device that is not there */
	A8(&body, 1, 0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5);
	put_attribute_u32(&body, 8, 0x301);
	for (uint32_t i = 0; i < 4; i++)
		put_u32(&nest, i * 100 + 100, big);
	put_attribute(&body, 6, nest.buffer, nest.len);
	out_clear(&nest);
	put_netlink(NEW_ADDRESS);
	put_netlink(3); /* the end of a dump, which is no row */
	write_image(directory, "ifaddr-10.img", &image);
	rows = list_status(0, "address");
	assert_int_equal(json_object_array_length(rows), 2);
	expect(rows, 0, "ns_id=10;device=eth0;ifindex=3;family=inet;address=192.0.2.1;prefix_len=24;"
			"scope=global;label=eth0;peer=null;flag_names=permanent;valid_s=null;"
			"created_ms=null;protocol=null");
	expect(rows, 1, "device=null;ifindex=9;family=inet6;address=fe80::5;prefix_len=64;scope=link;"
			"flags=0x301;flag_names=temporary|mngtmpaddr|noprefixroute;preferred_s=100;"
			"valid_s=200;created_ms=3000;changed_ms=4000");
	json_object_put(rows);
}

static void addresses_in_both_orders(void **state)
{
	(void)state;
	addresses("address-little", false);
	addresses("address-big", true);
}

static void put_nexthop(uint32_t ifindex, uint8_t hops, uint8_t last)
{
	put_u16(&nest, 16, big);
	U8(&nest, 0, hops);
	put_u32(&nest, ifindex, big);
	A8(&nest, 5, 192, 0, 2, last);
}

static void routes(const char *name, bool is_big)
{
	struct json_object *rows;

	begin(name);
	big = is_big;
	put_u32(&image, MAGIC_OF_ROUTES, big);
	U8(&body, 2, 0, 0, 0, 254, 4, 0, 1);
	put_u32(&body, 0, big);
	put_nexthop(3, 2, 1);
	put_nexthop(4, 4, 2);
	put_nest(&body, 9, &nest);
	put_attribute_u32(&body, 6, 50);
	put_netlink(NEW_ROUTE);
	U8(&body, 2, 16, 0, 0, 252, 99, 253, 1);
	put_u32(&body, 4, big);
	A8(&body, 1, 10, 20, 0, 0);
	A8(&body, 5, 192, 0, 2, 9);
	put_attribute_u32(&body, 4, 3);
	A8(&body, 7, 192, 0, 2, 1);
	put_attribute_u32(&body, 15, 1000);
	put_attribute_u32(&nest, 1, 1 << 2);
	put_attribute_u32(&nest, 2, 1400);
	put_attribute_u32(&nest, 4, 80);
	put_nest(&body, 8, &nest);
	put_netlink(NEW_ROUTE);
	write_image(directory, "route-10.img", &image);
	rows = list_status(0, "route");
	expect(rows, 0, "dst=default;type=unicast;gateway=null;device=null;metric=50;table_name=main;"
			"protocol=static;nexthops=[ \"via 192.0.2.1 dev eth0 weight 3\", "
			"\"via 192.0.2.2 dev eth1 weight 5\" ]");
	expect(rows, 1, "dst=10.20.0.0/16;gateway=192.0.2.9;device=eth0;preferred_src=192.0.2.1;"
			"table_id=1000;protocol=openr;scope=link;flag_names=onlink;nexthops=null;"
			"metrics=mtu lock 1400 rtt 10ms");
	json_object_put(rows);
}

static void routes_in_both_orders(void **state)
{
	(void)state;
	routes("route-little", false);
	routes("route-big", true);
}

static void rules(const char *name, bool is_big)
{
	struct json_object *rows;

	begin(name);
	big = is_big;
	put_u32(&image, MAGIC_OF_RULES, big);
	U8(&body, 2, 32, 8, 0x10, 252, 0, 0, 1);
	put_u32(&body, 2, big);
	A8(&body, 1, 192, 0, 2, 1);
	A8(&body, 2, 10, 0, 0, 0);
	put_attribute_u32(&body, 6, 100);
	put_attribute_u32(&body, 10, 0x10);
	put_attribute_u32(&body, 15, 99999);
	put_u16(&nest, 80, big);
	put_u16(&nest, 90, big);
	put_attribute(&body, 23, nest.buffer, nest.len);
	out_clear(&nest);
	A8(&body, 3, 'e', 't', 'h', '1', 0);
	put_netlink(NEW_RULE);
	U8(&body, 2, 0, 0, 0, 0, 0, 0, 2);
	put_u32(&body, 0, big);
	put_attribute_u32(&body, 4, 32766);
	put_netlink(NEW_RULE);
	write_image(directory, "rule-10.img", &image);
	rows = list_status(0, "rule");
	expect(rows, 0, "priority=100;src=10.0.0.0/8;dst=192.0.2.1/32;inverted=true;fwmark=0x10;"
			"fwmask=null;iif=eth1;action=lookup;table_id=99999;table_name=99999;tos=0x10;"
			"sport=80-90;flag_names=not");
	expect(rows, 1, "priority=0;action=goto;target=32766;table_id=null;src=null");
	json_object_put(rows);
}

static void rules_in_both_orders(void **state)
{
	(void)state;
	rules("rule-little", false);
	rules("rule-big", true);
}

/* --- connection tracking -------------------------------------------------------------------- */

/* A tuple of TCP as attribute NUMBER. Ports are in network order on every machine. */
static void put_tuple(uint16_t number, uint8_t src, uint8_t dst, uint8_t sport, uint8_t dport)
{
	A8(&deeper, 1, 10, 0, 0, src);
	A8(&deeper, 2, 10, 0, 0, dst);
	put_nest(&nest, 1, &deeper);
	A8(&deeper, 1, 6);
	A8(&deeper, 2, 0, sport);
	A8(&deeper, 3, 0, dport);
	put_nest(&nest, 2, &deeper);
	put_nest(&body, number, &nest);
}

static void put_connection(uint8_t id)
{
	U8(&body, 2, 0, 0, 0);
	put_tuple(1, 1, 2, id, 80);
	put_tuple(2, 2, 9, 80, id);
	A8(&body, 3, 0, 0, 0, 0xe);
	A8(&deeper, 1, 3);
	put_nest(&nest, 1, &deeper);
	put_nest(&body, 4, &nest);
	A8(&body, 7, 0, 0, 2, 0x58);
	A8(&body, 8, 0, 0, 0, 7);
	A8(&body, 12, 0, 0, 0, id);
	A8(&body, 18, 0, 5);
	A8(&nest, 1, 0, 0, 0, 0, 0, 0, 0, 3);
	A8(&nest, 2, 0, 0, 0, 0, 0, 0, 1, 0);
	put_nest(&body, 9, &nest);
	put_netlink(NEW_CONNECTION);
}

static void connections(const char *name, bool is_big)
{
	struct json_object *rows;

	begin(name);
	big = is_big;
	put_connection(11);
	put_connection(12);
	write_image(directory, "netns-ct-10.img", &image);
	put_connection(12); /* what CRIU writes: the same again */
	put_connection(13);
	U8(&body, 2, 0, 0, 0);
	put_tuple(1, 1, 2, 11, 80);
	put_tuple(2, 2, 1, 0, 99);
	put_tuple(3, 255, 255, 0, 255);
	A8(&body, 4, 0, 0, 0, 60);
	A8(&body, 6, 'f', 't', 'p', 0);
	A8(&body, 8, 0, 0, 0, 1);
	put_netlink(NEW_EXPECTATION);
	write_image(directory, "netns-exp-10.img", &image);
	rows = list_status(0, "conntrack");
	assert_int_equal(json_object_array_length(rows), 4);
	expect(rows, 0, "kind=connection;family=inet;protocol=tcp;state=ESTABLISHED;src=10.0.0.1;"
			"sport=11;dst=10.0.0.2;dport=80;reply_src=10.0.0.2;reply_sport=80;"
			"reply_dst=10.0.0.9;reply_dport=11;timeout_s=600;status=0xe;"
			"status_names=seen_reply|assured|confirmed;mark=0x7;zone=5;id=11;packets=3;"
			"bytes=256;reply_packets=null;master=null");
	expect(rows, 1, "id=12");
	expect(rows, 2, "id=13");
	expect(rows, 3, "kind=expectation;src=10.0.0.2;sport=0;dst=10.0.0.1;dport=99;reply_src=null;"
			"timeout_s=60;helper=ftp;expect_flags=permanent;state=null;"
			"master=src=10.0.0.1 dst=10.0.0.2 sport=11 dport=80;"
			"mask=src=10.0.0.255 dst=10.0.0.255 sport=0 dport=255");
	json_object_put(rows);
}

static void connections_in_both_orders(void **state)
{
	(void)state;
	connections("conntrack-little", false);
	connections("conntrack-big", true);
}

/* --- damage --------------------------------------------------------------------------------- */

/* How many rows there are, with the status and what is told. */
static size_t rows_of_damaged(const char *table, const char *told)
{
	const char *path = scratch_path("%s", directory);
	struct outcome outcome = run("list", table, "--format", "json", path, NULL);
	struct json_object *rows = json_parse(outcome.out);
	size_t n;

	if (outcome.status != (told ? 4 : 0))
		fail_msg("status %d: %s", outcome.status, (const char *)outcome.err.data);
	if (told && !strstr((const char *)outcome.err.data, told))
		fail_msg("\"%s\" is not in: %s", told, (const char *)outcome.err.data);
	assert_non_null(rows);
	n = json_object_array_length(rows);
	json_object_put(rows);
	return n;
}

static void no_dump_at_all(void **state)
{
	(void)state;
	begin("nothing");
	write_image(directory, "ifaddr-10.img", &image);
	assert_int_equal(rows_of_damaged("address", NULL), 0);
	U8(&image, 1, 2, 3);
	write_image(directory, "ifaddr-10.img", &image);
	assert_int_equal(rows_of_damaged("address", "ifaddr-10.img at 0x0: 3 bytes, too few"), 0);
	put_u32(&image, MAGIC_OF_ROUTES, false);
	put_address(1);
	write_image(directory, "ifaddr-10.img", &image);
	assert_int_equal(rows_of_damaged("address", "0x45311224 is not the magic of a dump"), 0);
}

/* Two addresses with, between them, a message whose length word is LENGTH. */
static void between(uint32_t length, const char *told, size_t rows)
{
	put_u32(&image, MAGIC_OF_ADDRESSES, false);
	put_address(1);
	put_u32(&image, length, false);
	put_u16(&image, NEW_ADDRESS, false);
	put_u16(&image, 0, false);
	put_u32(&image, 0, false);
	put_u32(&image, 0, false);
	put_address(2);
	write_image(directory, "ifaddr-10.img", &image);
	assert_int_equal(rows_of_damaged("address", told), rows);
}

static void lengths_of_messages(void **state)
{
	(void)state;
	begin("lengths");
	between(0, "ifaddr-10.img entry 1 at 0x38: length 0 of a netlink message is less", 1);
	between(15, "length 15 of a netlink message is less than its header", 1);
	between(0xffffffff, "length 4294967295 of a netlink message runs past the end, 68 left", 1);
	between(16, "entry 1 at 0x48: 0 bytes behind the header of a netlink message, 8 needed", 2);
}

/* An address that ends in an attribute of LENGTH, with two good ones around it. */
static void attribute(uint16_t length, const char *told)
{
	put_u32(&image, MAGIC_OF_ADDRESSES, false);
	put_address(1);
	U8(&body, 2, 24, 0, 0, 3, 0, 0, 0);
	put_u16(&body, length, false);
	put_u16(&body, 1, false);
	U8(&body, 1, 2, 3, 4);
	put_netlink(NEW_ADDRESS);
	put_address(2);
	write_image(directory, "ifaddr-10.img", &image);
	assert_int_equal(rows_of_damaged("address", told), 2);
}

static void lengths_of_attributes(void **state)
{
	(void)state;
	begin("attributes");
	attribute(0, "entry 1 at 0x50: length 0 of attribute 1 is less than its header");
	attribute(3, "length 3 of attribute 1 is less than its header");
	attribute(9, "length 9 of attribute 1 runs past the end, 8 left");
	attribute(0xffff, "length 65535 of attribute 1 runs past the end");
}

static void values_that_are_too_short(void **state)
{
	struct json_object *rows;

	(void)state;
	begin("short");
	put_u32(&image, MAGIC_OF_ROUTES, false);
	U8(&body, 2, 0, 0, 0, 254, 4, 0, 1, 0, 0, 0, 0);
	A8(&body, 4, 3);             /* a device of one byte */
	A8(&body, 5, 192, 0, 2);     /* a gateway of three */
	A8(&body, 9, 7, 0, 0, 0, 1); /* next hops that do not fit */
	A8(&body, 12, 1, 2, 3, 4);   /* lifetimes of one word */
	A8(&body, 18, 2);            /* a gateway that is not even a family */
	put_netlink(NEW_ROUTE);
	write_image(directory, "route-10.img", &image);
	assert_int_equal(rows_of_damaged("route", "attribute 4 has 1 bytes, 4 needed"), 1);
	rows = list_status(4, "route");
	expect(rows, 0, "dst=default;ifindex=null;gateway=c0:00:02;expires_s=null;nexthops=null");
	json_object_put(rows);
}

static void messages_of_another_kind(void **state)
{
	(void)state;
	begin("kinds");
	put_u32(&image, MAGIC_OF_ADDRESSES, false);
	put_address(1);
	put_netlink(NEW_ROUTE);
	put_address(2);
	write_image(directory, "ifaddr-10.img", &image);
	assert_int_equal(rows_of_damaged("address", "entry 1 at 0x38: a netlink message of type 24, "
						    "not 20"),
			 2);
}

/* Attributes in attributes, thousands deep, where a tuple is expected. */
static void deep_nesting(void **state)
{
	enum { LEVELS = 15000 };

	(void)state;
	begin("deep");
	U8(&body, 2, 0, 0, 0);
	for (unsigned i = 0; i < LEVELS; i++) {
		put_u16(&body, (uint16_t)(4 * (LEVELS - i)), false);
		put_u16(&body, 1 | NESTED, false);
	}
	put_netlink(NEW_CONNECTION);
	write_image(directory, "netns-ct-10.img", &image);
	assert_int_equal(rows_of_damaged("conntrack", NULL), 1);
}

/* Cut after every byte: the whole messages are shown, and that something is missing is told. */
static void cut_at_every_byte(void **state)
{
	size_t ends[3], n_ends = 0;
	struct bytes whole;

	(void)state;
	begin("cut");
	put_u32(&image, MAGIC_OF_ADDRESSES, false);
	ends[n_ends++] = image.len;
	put_address(1);
	ends[n_ends++] = image.len;
	put_address(2);
	ends[n_ends++] = image.len;
	write_image(directory, "ifaddr-10.img", &image);
	whole = read_file(scratch_path("%s/ifaddr-10.img", directory));
	for (size_t len = 1; len <= whole.len; len++) {
		size_t rows = 0;
		bool is_end = false;

		for (size_t i = 0; i < n_ends; i++) {
			rows += i > 0 && len >= ends[i];
			is_end |= len == ends[i];
		}
		write_file(scratch_path("%s/ifaddr-10.img", directory), whole.data, len);
		assert_int_equal(rows_of_damaged("address", is_end ? NULL : "ifaddr-10.img"), rows);
	}
}

/* Any byte of any kind may be anything: in a namespace each, all in one run. */
static void any_byte_changed(void **state)
{
	static const uint8_t values[] = { 0, 1, 3, 4, 0x7f, 0xff };
	struct outcome outcome;
	struct bytes whole;
	size_t rows = 0;
	uint8_t *copy;

	(void)state;
	begin("flip");
	put_connection(11);
	put_connection(12);
	write_image(directory, "netns-ct-10.img", &image);
	whole = read_file(scratch_path("%s/netns-ct-10.img", directory));
	copy = malloc(whole.len);
	for (size_t i = 0; i < whole.len; i += 2) {
		memcpy(copy, whole.data, whole.len);
		copy[i] = values[i / 2 % sizeof(values)];
		write_file(scratch_path("%s/netns-ct-%zu.img", directory, 10 + i), copy, whole.len);
	}
	free(copy);
	outcome = run("list", "conntrack", "-f", "jsonl", scratch_path("%s", directory), NULL);
	assert_sane(outcome, "changed");
	for (size_t i = 0; i < outcome.out.len; i++)
		rows += outcome.out.data[i] == '\n';
	assert_true(rows > whole.len / 4); /* of many of them */
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, make_outs, drop_outs)
	const struct CMUnitTest tests[] = {
		TEST(addresses_in_both_orders), TEST(routes_in_both_orders),
		TEST(rules_in_both_orders),	TEST(connections_in_both_orders),
		TEST(no_dump_at_all),		TEST(lengths_of_messages),
		TEST(lengths_of_attributes),	TEST(values_that_are_too_short),
		TEST(messages_of_another_kind), TEST(deep_nesting),
		TEST(cut_at_every_byte),	TEST(any_byte_changed),
	};
#undef TEST
	return run_all(tests);
}
