/* The tables of netlink dumps against ip(8) and conntrack(8), which looked at the same kernel. */
#include "tests/interop/netlink_dumps.h"
#include "tests/support/handmade.h"

#include "decoders/base/size.h"

enum { MAGIC_NETDEV = 0x57373951 };

static void write_hex(const char *name, const char *hex)
{
	size_t len = strlen(hex) / 2;
	uint8_t *bytes = malloc(len);

	for (size_t i = 0; i < len; i++) {
		unsigned byte;

		if (sscanf(hex + 2 * i, "%2x", &byte) != 1)
			fail_msg("%s: no hexadecimal digits at %zu", name, 2 * i);
		bytes[i] = (uint8_t)byte;
	}
	write_file(scratch_path("dumps/%s", name), bytes, len);
	free(bytes);
}

static int make_checkpoint(void **state)
{
	static const char *const devices[] = { "lo", "eth1", "eth0" }; /* 1, 2, 3 */
	struct out image, payload;

	(void)state;
	out_init(&image, -1);
	out_init(&payload, -1);
	write_inventory("dumps");
	put_magic(&image, MAGIC_NETDEV);
	for (size_t i = 0; i < ARRAY_SIZE(devices); i++) {
		put_number(&payload, 1, 2);
		put_number(&payload, 2, i + 1);
		put_number(&payload, 3, 1500);
		put_number(&payload, 4, 0);
		put_text(&payload, 5, devices[i]);
		put_entry(&image, &payload);
	}
	write_image("dumps", "netdev-10.img", &image);
	out_deinit(&image);
	out_deinit(&payload);
	write_hex("ifaddr-10.img", address_dump);
	write_hex("route-10.img", route_dump);
	write_hex("route6-10.img", route6_dump);
	write_hex("rule-10.img", rule_dump);
	write_hex("netns-ct-10.img", connection_dump);
	write_hex("netns-exp-10.img", expectation_dump);
	return 0;
}

/* A cell as text; "forever" is a valid_s that is null. */
static const char *cell_of(struct json_object *row, const char *column)
{
	bool is_forever = !strcmp(column, "forever");
	struct json_object *value;

	if (!json_object_object_get_ex(row, is_forever ? "valid_s" : column, &value))
		fail_msg("there is no column %s", column);
	if (is_forever)
		return value ? "false" : "true";
	return value ? json_object_get_string(value) : "null";
}

static void compare_row(struct json_object *row, const char *shown)
{
	char *copy = strdup(shown), *rest = copy, *word;

	while ((word = strsep(&rest, ";"))) {
		char *wanted = strchr(word, '=');

		*wanted++ = '\0';
		/* Between the dump and what was printed a second may have passed. */
		if (!strcmp(word, "timeout_s") &&
		    labs(atol(wanted) - atol(cell_of(row, word))) <= 1)
			continue;
		if (strcmp(wanted, cell_of(row, word)) != 0)
			fail_msg("%s: %s is %s, not %s", shown, word, cell_of(row, word), wanted);
	}
	free(copy);
}

static void compare(const char *table, const char *const *shown, size_t n)
{
	struct json_object *rows = run_json(0, "list", table, "--format", "json",
					    scratch_path("dumps"), NULL);

	assert_int_equal(json_object_array_length(rows), n);
	for (size_t i = 0; i < n; i++)
		compare_row(json_object_array_get_idx(rows, i), shown[i]);
	json_object_put(rows);
}

static void addresses(void **state)
{
	(void)state;
	compare("address", addresses_shown, ARRAY_SIZE(addresses_shown));
}

static void routes(void **state)
{
	(void)state;
	compare("route", routes_shown, ARRAY_SIZE(routes_shown));
}

static void rules(void **state)
{
	(void)state;
	compare("rule", rules_shown, ARRAY_SIZE(rules_shown));
}

static void connections(void **state)
{
	(void)state;
	compare("conntrack", connections_shown, ARRAY_SIZE(connections_shown));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(addresses, make_checkpoint),
		cmocka_unit_test(routes),
		cmocka_unit_test(rules),
		cmocka_unit_test(connections),
	};

	return run_all(tests);
}
