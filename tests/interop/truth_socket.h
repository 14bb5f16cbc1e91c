/*
 * The table socket against what the workload says of its sockets (truth.json), and against what
 * ss(8) listed just before the dump (proc.json).
 */
#pragma once

#include "tests/interop/corpus.h"
#include "tests/interop/tasks.h"

static size_t n_socket_truths, n_listed;

/* --- the workload ----------------------------------------------------------------------------- */

/* NULL: truth.json says it itself, or nothing says it. */
static const struct socket_kind {
	const char *kind, *family, *type, *proto, *state;
} socket_kinds[] = {
	{ "tcp-listen", "inet", "stream", "tcp", "LISTEN" },
	{ "tcp-closed", "inet", "stream", "tcp", "CLOSE" },
	{ "tcp-bound", "inet", "stream", "tcp", "CLOSE" },
	{ "tcp-established", "inet", "stream", "tcp", "ESTABLISHED" },
	{ "tcp", "inet", "stream", "tcp", NULL },
	{ "udp", "inet", "dgram", "udp", "CLOSE" },
	{ "udp-bound", "inet", "dgram", "udp", "CLOSE" },
	{ "udp-connected", "inet", "dgram", "udp", "ESTABLISHED" },
	{ "udplite-bound", "inet", "dgram", "udplite", "CLOSE" },
	{ "unix-listen", "unix", NULL, NULL, "LISTEN" },
	{ "unix-established", "unix", NULL, NULL, "ESTABLISHED" },
	{ "unix-pair", "unix", NULL, NULL, "ESTABLISHED" },
	{ "unix-connected", "unix", NULL, NULL, "ESTABLISHED" },
	{ "unix-bound", "unix", NULL, NULL, NULL },
	{ "netlink", "netlink", NULL, NULL, NULL },
	{ "packet", "packet", NULL, NULL, NULL },
	{ "raw", "inet", "raw", NULL, "CLOSE" },
};

static const struct socket_kind *kind_of_truth(struct json_object *truth)
{
	for (size_t i = 0; i < ARRAY_SIZE(socket_kinds); i++)
		if (!strcmp(socket_kinds[i].kind, text_of(truth, "kind")))
			return &socket_kinds[i];
	return NULL;
}

static const char *either(const char *one, const char *other)
{
	return one ? one : other;
}

/* What the truth says must be in the column; where it says nothing, nothing is asked. */
static void if_said(const char *column, const char *wanted, struct json_object *row)
{
	if (wanted)
		same_text(column, wanted, cell_text(row, column));
}

static void check_identity(struct json_object *truth, struct json_object *row)
{
	const struct socket_kind *kind = kind_of_truth(truth);

	holds(kind != NULL, "the test knows the kind");
	if (!kind)
		return;
	if_said("family", either(text_of(truth, "family"), kind->family), row);
	if_said("type", either(text_of(truth, "stype"), kind->type), row);
	if_said("state", either(text_of(truth, "state"), kind->state), row);
	if_said("proto", kind->proto, row);
}

/* What is no port and no address: protocols of the other families. */
static void check_protocol(struct json_object *truth, struct json_object *row)
{
	static const struct {
		const char *truth, *proto, *type;
	} protocols[] = {
		/* Images do not say how a netlink socket was made; the workload used these. */
		{ "NETLINK_ROUTE", "route", "raw" },
		{ "NETLINK_KOBJECT_UEVENT", "kobject_uevent", "dgram" },
		{ "0x0806", "0x0806", NULL },
		{ "0", "0x0000", NULL },
		{ "1", "icmp", "raw" },
		{ "58", "icmpv6", "raw" },
	};
	const char *protocol = text_of(truth, "protocol"), *type;

	for (size_t i = 0; protocol && i < ARRAY_SIZE(protocols); i++) {
		if (strcmp(protocols[i].truth, protocol) != 0)
			continue;
		same_text("proto", protocols[i].proto, cell_text(row, "proto"));
		type = cell_text(row, "type");
		if (protocols[i].type && type)
			same_text("type", protocols[i].type, type);
	}
	if (member(truth, "portid"))
		same_number("port id", number_of(truth, "portid"), cell_number(row, "local_port"));
}

static void check_end(struct json_object *row, const char *address_column, const char *port_column,
		      struct json_object *end)
{
	if (!end)
		return;
	same_text(address_column, json_object_get_string(element(end, 0)),
		  cell_text(row, address_column));
	same_number(port_column, json_object_get_int64(element(end, 1)),
		    cell_number(row, port_column));
}

/*
 * In these cases the other end is a listener outside that has not accepted yet: the kernel lists
 * no peer, and CRIU notes the listener's inode, but not its name.
 */
static bool is_pending(const struct case_files *files)
{
	return !fnmatch("accepted-extunixstream-*", files->name, 0);
}

static void check_addresses(const struct case_files *files, struct json_object *truth,
			    struct json_object *row)
{
	check_end(row, "local_addr", "local_port", member(truth, "local"));
	check_end(row, "remote_addr", "remote_port", member(truth, "remote"));
	if_said("local_addr", text_of(truth, "addr"), row);
	if_said("local_addr", text_of(truth, "name"), row);
	if (!is_pending(files))
		if_said("remote_addr", text_of(truth, "peer_name"), row);
	if (member(truth, "port"))
		same_number("local_port", number_of(truth, "port"), cell_number(row, "local_port"));
}

/* Bytes of a queue, which the truth gives as a number or as its messages. */
static int64_t bytes_of_messages(struct json_object *messages)
{
	struct json_object *message;
	int64_t sum = 0;

	EACH(message, messages)
		sum += json_object_get_string_len(message);
	return sum;
}

static void check_queues(struct json_object *truth, struct json_object *row)
{
	static const char *const unread[] = { "unread", "unread_inbound" };
	static const char *const messages[] = { "unread_datagrams", "unread_packets" };
	/* A FIN that waits behind the data is a byte for the kernel, which CRIU takes off. */
	int64_t fin = text_of(truth, "state") && !strcmp(text_of(truth, "state"), "FIN_WAIT1");

	for (size_t i = 0; i < ARRAY_SIZE(unread); i++)
		if (member(truth, unread[i]))
			same_number("inq_bytes", number_of(truth, unread[i]),
				    cell_number(row, "inq_bytes"));
	/* Of UDP the truth has a number of datagrams, and CRIU does not keep them. */
	for (size_t i = 0; i < ARRAY_SIZE(messages); i++)
		if (length(member(truth, messages[i])))
			same_number("inq_bytes", bytes_of_messages(member(truth, messages[i])),
				    cell_number(row, "inq_bytes"));
	if (member(truth, "outq"))
		same_number("outq_bytes", number_of(truth, "outq") - fin,
			    cell_number(row, "outq_bytes"));
	if (member(truth, "outq_not_sent"))
		same_number("unsent_bytes", number_of(truth, "outq_not_sent"),
			    cell_number(row, "unsent_bytes"));
}

struct socket_tables {
	struct json_object *fds, *sockets;
};

static struct json_object *socket_of(const struct socket_tables *tables, int64_t pid, int64_t fd)
{
	struct json_object *row = find_row(tables->fds, "pid", pid, "fd", fd);

	return row ? find_row(tables->sockets, "id", number_of(row, "file_id"), NULL, 0) : NULL;
}

/* The other end: a descriptor of the same task, nobody, or somebody outside. */
static void check_peer(const struct socket_tables *tables, struct json_object *truth,
		       struct json_object *row)
{
	const char *peer = text_of(truth, "peer");
	struct json_object *other;

	if (member(truth, "peer_fd")) {
		other = socket_of(tables, number_of(truth, "pid"), number_of(truth, "peer_fd"));
		holds(cell_true(row, "peer_inside"), "the other end is inside");
		same_number("peer_id", number_of(other, "id"), cell_number(row, "peer_id"));
		same_number("peer_pid", number_of(truth, "pid"), cell_number(row, "peer_pid"));
	} else if (peer && !strncmp(peer, "outside", 7)) {
		holds(cell(row, "peer_inside") && !cell_true(row, "peer_inside"),
		      "the other end is outside");
	} else if (peer && !strcmp(peer, "closed")) {
		holds(!cell(row, "peer_inside"), "there is no other end");
	}
}

static bool has_option(struct json_object *row, const char *word)
{
	const char *options = cell_text(row, "options");

	return options && strstr(make_text(",%s,", options), make_text(",%s,", word));
}

static void check_options(struct json_object *truth, struct json_object *row)
{
	static const char *const words[] = { "v6only", "reuseport", "nodelay", "keepalive",
					     "broadcast" };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (member(truth, words[i]))
			holds(has_option(row, words[i]) == cell_true(truth, words[i]), words[i]);
	if (!member(truth, "broadcast"))
		holds(!has_option(row, "broadcast"), "what was not set is not there");
	if (member(truth, "backlog"))
		same_number("backlog", number_of(truth, "backlog"), cell_number(row, "backlog"));
	/* Only listen(2) sets one; CRIU stores the kernel's write queue in the field of others. */
	else if (cell_text(row, "state") && strcmp(cell_text(row, "state"), "LISTEN") != 0)
		holds(cell_number(row, "backlog") == 0 || !cell(row, "backlog"),
		      "what does not listen has no backlog");
	if (member(truth, "shutdown"))
		same_text("shutdown", "write", cell_text(row, "shutdown"));
}

static void check_socket_truth(const struct case_files *files, const struct socket_tables *tables)
{
	struct json_object *truth, *row;

	EACH(truth, member(files->truth, "socket")) {
		int64_t pid = number_of(truth, "pid"), fd = number_of(truth, "fd");

		look_at("pid %" PRId64 " fd %" PRId64 " (truth)", pid, fd);
		row = socket_of(tables, pid, fd);
		n_socket_truths++;
		holds(row != NULL, "the socket is there");
		if (!row)
			continue;
		check_identity(truth, row);
		check_protocol(truth, row);
		check_addresses(files, truth, row);
		check_queues(truth, row);
		check_peer(tables, truth, row);
		check_options(truth, row);
	}
}

/* --- ss --------------------------------------------------------------------------------------- */

struct listed {
	char state[32], local[256], remote[256];
	int64_t receive_queue, send_queue, peer_ino;
};

/* "ESTAB 24 0 10.88.0.2:9000 10.88.0.1:38340 ... ino:47830 ..." */
static bool find_inet(struct json_object *lines, int64_t ino, struct listed *ret)
{
	const char *mark = make_text(" ino:%" PRId64 " ", ino);
	struct json_object *line;

	EACH(line, lines) {
		const char *text = json_object_get_string(line);

		if (strstr(make_text("%s ", text), mark))
			return sscanf(text, "%31s %" SCNd64 " %" SCNd64 " %255s %255s", ret->state,
				      &ret->receive_queue, &ret->send_queue, ret->local,
				      ret->remote) == 5;
	}
	return false;
}

/* "u_str ESTAB 9 1536 /var/tmp/net/s.stream 10917 * 10916 ..." */
static bool find_unix(struct json_object *lines, int64_t ino, struct listed *ret)
{
	struct json_object *line;
	int64_t line_ino;

	EACH(line, lines)
		if (sscanf(json_object_get_string(line),
			   "%*s %31s %" SCNd64 " %" SCNd64 " %255s %" SCNd64 " * %" SCNd64,
			   ret->state, &ret->receive_queue, &ret->send_queue, ret->local, &line_ino,
			   &ret->peer_ino) == 6 &&
		    line_ino == ino)
			return true;
	return false;
}

static const char *state_of_listed(const struct listed *listed)
{
	static const struct {
		const char *listed, *state;
	} names[] = {
		{ "ESTAB", "ESTABLISHED" },    { "UNCONN", "CLOSE" },
		{ "LISTEN", "LISTEN" },	       { "SYN-SENT", "SYN_SENT" },
		{ "FIN-WAIT-1", "FIN_WAIT1" }, { "FIN-WAIT-2", "FIN_WAIT2" },
		{ "CLOSE-WAIT", "CLOSE_WAIT" }, { "LAST-ACK", "LAST_ACK" },
		{ "CLOSING", "CLOSING" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (!strcmp(names[i].listed, listed->state))
			return names[i].state;
	return listed->state;
}

/* "127.0.0.1:80", "[::1]:80"; "*" is any address, and port 0. */
static void compare_end(struct json_object *row, const char *address_column,
			const char *port_column, const char *end)
{
	const char *colon = strrchr(end, ':');
	const char *address = make_text("%.*s", (int)(colon - end), end);

	if (address[0] == '[')
		address = make_text("%.*s", (int)strlen(address) - 2, address + 1);
	if (!strcmp(address, "*"))
		address = "::";
	same_text(address_column, address, cell_text(row, address_column));
	same_number(port_column, strtoll(colon + 1, NULL, 10), cell_number(row, port_column));
}

/*
 * The kernel counts sequence numbers: a FIN that came in, a FIN or SYN that goes out, is one
 * more than the bytes that CRIU saves.
 */
static void compare_tcp_queues(struct json_object *row, const struct listed *listed)
{
	bool fin_in = !strcmp(listed->state, "CLOSE-WAIT");
	bool one_out = !strcmp(listed->state, "FIN-WAIT-1") || !strcmp(listed->state, "SYN-SENT");

	if (!strcmp(listed->state, "LISTEN")) {
		same_number("backlog", listed->send_queue, cell_number(row, "backlog"));
		return;
	}
	same_number("inq_bytes", listed->receive_queue - fin_in, cell_number(row, "inq_bytes"));
	same_number("outq_bytes", listed->send_queue - one_out, cell_number(row, "outq_bytes"));
}

static void compare_inet(struct json_object *row, const struct listed *listed)
{
	const char *type = cell_text(row, "type");

	same_text("state", state_of_listed(listed), cell_text(row, "state"));
	compare_end(row, "local_addr", "local_port", listed->local);
	compare_end(row, "remote_addr", "remote_port", listed->remote);
	if (!strcmp(type, "stream") && strcmp(cell_text(row, "state"), "CLOSE") != 0)
		compare_tcp_queues(row, listed);
}

static void compare_unix(const struct case_files *files, struct json_object *row,
			 const struct listed *listed)
{
	bool has_name = strcmp(listed->local, "*") != 0;

	same_text("state", state_of_listed(listed), cell_text(row, "state"));
	same_text("local_addr", has_name ? listed->local : NULL, cell_text(row, "local_addr"));
	if (!is_pending(files))
		same_number("peer_ino", listed->peer_ino ? listed->peer_ino : ABSENT,
			    cell_number(row, "peer_ino"));
	if (!strcmp(listed->state, "LISTEN"))
		same_number("backlog", listed->send_queue, cell_number(row, "backlog"));
	/* Of a datagram socket ss shows the size of the next message only. */
	else if (strcmp(cell_text(row, "type"), "dgram") != 0)
		same_number("inq_bytes", listed->receive_queue,
			    cell(row, "inq_bytes") ? cell_number(row, "inq_bytes") : 0);
}

/* The list of ss that has the sockets of this row's kind; NULL: none has their inodes. */
static struct json_object *list_of(const struct case_files *files, struct json_object *row)
{
	const char *type = cell_text(row, "type"), *family = cell_text(row, "family");

	if (!strcmp(family, "unix"))
		return member(files->proc, "ss_unix");
	if (strncmp(family, "inet", 4) != 0)
		return NULL;
	/* ss lists UDP-Lite nowhere. */
	if (text_of(row, "proto") && !strcmp(text_of(row, "proto"), "udplite"))
		return NULL;
	return member(files->proc, !strcmp(type, "stream") ? "ss_tcp"
				   : !strcmp(type, "raw")  ? "ss_raw"
							   : "ss_udp");
}

/*
 * A TCP socket that was neither connected nor told to listen: ss lists it only where it is bound
 * and the kernel is new (6.1, which the dumps of CRIU 3.17 are from, does not show it).
 */
static bool is_unused(struct json_object *row)
{
	return !strcmp(cell_text(row, "type"), "stream") &&
	       !strcmp(cell_text(row, "state"), "CLOSE");
}

/* All tasks that had it open, and no other. */
static void compare_owners(const struct case_files *files, struct json_object *row)
{
	const char *link = make_text("socket:[%" PRId64 "]", cell_number(row, "ino"));
	struct json_object *pids = member(row, "pids"), *task, *descriptor;
	size_t n = 0;

	EACH(task, proc_tasks(files)) {
		bool has = false;

		EACH(descriptor, member(task, "fds"))
			has = has || !strcmp(text_of(descriptor, "link"), link);
		if (!has)
			continue;
		look_at("%s of task %" PRId64, link, image_pid(task));
		same_number("pids", image_pid(task),
			    json_object_get_int64(json_object_array_get_idx(pids, n++)));
	}
	if (cell(row, "ino") && files->proc)
		same_number("how many pids", (int64_t)n, (int64_t)json_object_array_length(pids));
}

static void compare_with_list(const struct case_files *files, struct json_object *row)
{
	struct json_object *lines = list_of(files, row);
	bool is_unix = !strcmp(cell_text(row, "family"), "unix");
	int64_t ino = cell_number(row, "ino");
	struct listed listed;
	bool found;

	if (!lines)
		return;
	look_at("socket %" PRId64 " (ss)", ino);
	found = is_unix ? find_unix(lines, ino, &listed) : find_inet(lines, ino, &listed);
	holds(found || is_unused(row), "ss lists it");
	if (!found)
		return;
	n_listed++;
	if (is_unix)
		compare_unix(files, row, &listed);
	else
		compare_inet(row, &listed);
}

/* Sockets outside, which CRIU notes so that it can connect to them again, are nobody's here. */
static bool is_external(struct json_object *row)
{
	return cell_true(row, "external");
}

/* Every socket that a task had open has a row, and no row is of another. */
static void compare_number(const struct case_files *files, struct json_object *sockets)
{
	struct json_object *seen = hold(json_object_new_object()), *task, *descriptor, *row;
	int64_t n = 0;

	EACH(task, proc_tasks(files))
		EACH(descriptor, member(task, "fds"))
			if (!strncmp(text_of(descriptor, "link"), "socket:", 7))
				json_object_object_add(seen, text_of(descriptor, "link"), NULL);
	EACH(row, sockets)
		n += cell(row, "pid") != NULL;
	look_at("%s", files->name);
	same_number("sockets", json_object_object_length(seen), n);
}

static void sockets_are_true(const struct case_files *files)
{
	struct socket_tables tables;
	struct json_object *row;

	if (files->checkpoint && !is_refused(files)) {
		tables.fds = list_table("fd", files);
		tables.sockets = list_table("socket", files);
		check_socket_truth(files, &tables);
		if (files->proc)
			compare_number(files, tables.sockets);
		EACH(row, tables.sockets)
			if (!is_external(row)) {
				compare_with_list(files, row);
				compare_owners(files, row);
			}
	}
}

static void enough_sockets_were_compared(void)
{
	enough_was_compared("lines of truth about sockets", n_socket_truths, 300);
	enough_was_compared("sockets of ss", n_listed, 250);
}
