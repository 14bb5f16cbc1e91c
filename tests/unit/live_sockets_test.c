/* Running processes as a checkpoint: sockets of a real process, held against what it knows of them itself. */
#include "tests/support/fake_proc.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

/* A child that has ends of connections, and tells their inodes and names. */
struct known {
	uint64_t tcp_ino, unix_ino, listener_ino, pair_ino, peer_ino;
	uint16_t port, peer_port;
};

static uint64_t inode_of(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 ? st.st_ino : 0;
}

static _Noreturn void hold_sockets(int ready, int outside)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int listener = socket(AF_INET, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0), server, pair[2];
	socklen_t len = sizeof(address);
	struct known known = { 0 };

	if (bind(listener, (struct sockaddr *)&address, sizeof(address)) < 0 || listen(listener, 5) < 0 ||
	    getsockname(listener, (struct sockaddr *)&address, &len) < 0 ||
	    connect(client, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0 || write(pair[0], "seven b", 7) != 7)
		_exit(1);
	known.port = ntohs(address.sin_port);
	server = accept(listener, NULL, NULL);
	if (server < 0 || write(client, "abc", 3) != 3 || getsockname(client, (struct sockaddr *)&address, &len) < 0)
		_exit(1);
	known.peer_port = ntohs(address.sin_port);
	known.tcp_ino = inode_of(server);
	known.listener_ino = inode_of(listener);
	known.pair_ino = inode_of(pair[1]);
	known.peer_ino = inode_of(pair[0]);
	known.unix_ino = inode_of(outside);
	if (write(ready, &known, sizeof(known)) != sizeof(known))
		_exit(1);
	for (;;)
		pause();
}

static const struct socket *socket_of(uint64_t ino)
{
	uint32_t row = map_get(&checkpoint.socket_by_ino, ino);

	assert_true(row != MAP_NONE);
	return &checkpoint.sockets.items[row];
}

static void look_at_sockets(const struct known *known, pid_t pid)
{
	const struct socket *server = socket_of(known->tcp_ino), *listener = socket_of(known->listener_ino);
	const struct socket *pair = socket_of(known->pair_ino), *half = socket_of(known->unix_ino);
	const struct file *file = &checkpoint.files.items[server->file];

	assert_string_equal(server->state, "ESTABLISHED");
	assert_string_equal(server->family, "inet");
	assert_string_equal(text_of(server->proto), "tcp");
	assert_string_equal(text_of(server->remote_addr), "127.0.0.1");
	assert_int_equal(server->local_port, known->port);
	assert_int_equal(server->remote_port, known->peer_port);
	assert_int_equal(server->inq_bytes, 3);
	assert_true(server->peer_inside);
	assert_string_equal(file->type, "inetsk");
	assert_int_equal(file->first_pid, pid);
	assert_string_equal(listener->state, "LISTEN");
	assert_int_equal(listener->backlog, 5);
	assert_int_equal(listener->inq_bytes, 0);
	assert_string_equal(pair->family, "unix");
	assert_string_equal(pair->type, "stream");
	assert_int_equal(pair->peer_ino, known->peer_ino);
	assert_int_equal(pair->inq_bytes, 7);
	assert_true(pair->peer_inside);
	assert_true(half->is_connected);
	assert_false(half->peer_inside);
}

static void sockets_are_what_their_owner_knows(void **state)
{
	struct live_options options = { 0 };
	struct known known;
	int ready[2], outside[2];
	pid_t pid;

	(void)state;
	assert_int_equal(pipe(ready), 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, outside), 0);
	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		close(outside[0]);
		hold_sockets(ready[1], outside[1]);
	}
	assert_int_equal(read(ready[0], &known, sizeof(known)), sizeof(known));
	options.pid = (uint32_t)pid;
	assert_null(live_open("/proc/child", &options, &checkpoint));
	checkpoint_need(&checkpoint, PART_FDS);
	assert_int_equal(checkpoint.problems.n, 0);
	look_at_sockets(&known, pid);
	close_fake();
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	for (int i = 0; i < 2; i++) {
		close(ready[i]);
		close(outside[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sockets_are_what_their_owner_knows),
	};

	return run_all(tests);
}
