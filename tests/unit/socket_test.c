/* Sockets as no bundled checkpoint has them: shared by tasks, in flight, of two families that talk. */
#include "tests/support/handmade.h"

#define NO_OPTIONS \
	"\"opts\":{\"so_sndbuf\":1,\"so_rcvbuf\":1,\"so_snd_tmo_sec\":0,\"so_snd_tmo_usec\":0," \
	"\"so_rcv_tmo_sec\":0,\"so_rcv_tmo_usec\":0"
#define NO_OWNER "\"fown\":{\"uid\":0,\"euid\":0,\"signum\":0,\"pid_type\":0,\"pid\":0}"
#define INET(id, family, state, ports, addresses, options) \
	"{\"type\":\"INETSK\",\"id\":" id ",\"isk\":{\"id\":" id ",\"ino\":10" id ",\"family\":" family \
	",\"type\":1,\"proto\":6,\"state\":" state "," ports ",\"flags\":2,\"backlog\":0," addresses "," \
	NO_OWNER "," NO_OPTIONS options "}}}"

/* The image that encode makes of TEXT. */
static void write_document(const char *name, const char *text)
{
	const char *document = scratch_path("%s.json", name);
	struct outcome outcome;

	write_file(document, text, strlen(text));
	outcome = run("encode", document, "-o", scratch_path("sockets/%s", name), NULL);
	if (outcome.status)
		fail_msg("%s: %s", name, (const char *)outcome.err.data);
}

/* 127.0.0.1 is 16777343 in the image; ::ffff:127.0.0.1 has 0xffff in network order before it. */
static struct json_object *sockets(void)
{
	struct out image;

	write_inventory("sockets");
	out_init(&image, -1);
	put_magic(&image, MAGIC_PSTREE);
	put_pstree(&image, 9, 0);
	put_pstree(&image, 4, 9);
	write_image("sockets", "pstree.img", &image);
	out_deinit(&image);
	write_core("sockets", 9, BYTES("nine"));
	write_core("sockets", 4, BYTES("four"));
	write_document("files.img",
		       "{\"magic\":\"FILES\",\"entries\":["
		       INET("1", "2", "1", "\"src_port\":1000,\"dst_port\":80",
			    "\"src_addr\":[16777343],\"dst_addr\":[16777343]",
			    ",\"so_mark\":7,\"so_linger\":3,\"so_bound_dev\":\"eth0\",\"so_rcvlowat\":1") ","
		       INET("2", "10", "1", "\"src_port\":80,\"dst_port\":1000",
			    "\"src_addr\":[0,0,4294901760,16777343],\"dst_addr\":[0,0,4294901760,16777343]",
			    "") ","
		       INET("3", "10", "1", "\"src_port\":80,\"dst_port\":1001",
			    "\"src_addr\":[0,0,4294901760,16777343],\"dst_addr\":[0,0,4294901760,33554559]",
			    "")
		       "]}");
	write_document("fdinfo-9.img",
		       "{\"magic\":\"FDINFO\",\"entries\":["
		       "{\"id\":1,\"flags\":0,\"type\":\"INETSK\",\"fd\":3},"
		       "{\"id\":1,\"flags\":0,\"type\":\"INETSK\",\"fd\":4}]}");
	write_document("fdinfo-4.img",
		       "{\"magic\":\"FDINFO\",\"entries\":["
		       "{\"id\":2,\"flags\":0,\"type\":\"INETSK\",\"fd\":3},"
		       "{\"id\":1,\"flags\":0,\"type\":\"INETSK\",\"fd\":5}]}");
	return run_json(0, "sockets", scratch_path("sockets"), "-f", "json", "-c",
			"pids,peer_id,peer_pid,peer_inside,options", NULL);
}

/* Frees ROWS. */
static void expect_row(struct json_object *rows, size_t n, const char *wanted)
{
	struct json_object *row = json_object_array_get_idx(rows, n);

	assert_string_equal(json_object_to_json_string_ext(row, JSON_C_TO_STRING_PLAIN), wanted);
	json_object_put(rows);
}

static void all_owners_are_told_once(void **state)
{
	(void)state;
	expect_row(sockets(), 0,
		   "{\"pids\":[4,9],\"peer_id\":2,\"peer_pid\":4,\"peer_inside\":true,"
		   "\"options\":\"linger=3,mark=7,bindtodevice=eth0\"}");
}

static void a_socket_of_ipv6_that_talks_ipv4_has_its_peer(void **state)
{
	(void)state;
	expect_row(sockets(), 1,
		   "{\"pids\":[4],\"peer_id\":1,\"peer_pid\":4,\"peer_inside\":true,\"options\":\"\"}");
}

static void what_nobody_has_open_has_no_owner(void **state)
{
	(void)state;
	expect_row(sockets(), 2,
		   "{\"pids\":[],\"peer_id\":null,\"peer_pid\":null,\"peer_inside\":false,"
		   "\"options\":\"\"}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_owners_are_told_once),
		cmocka_unit_test(a_socket_of_ipv6_that_talks_ipv4_has_its_peer),
		cmocka_unit_test(what_nobody_has_open_has_no_owner),
	};

	return run_all(tests);
}
