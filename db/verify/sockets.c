/* Sockets: their other ends, and what waits in them. */
#include "db/verify/internal.h"
#include "decoders/model/leaves/tcp.h"

static struct finding *found_socket(struct verifier *verifier, const struct socket *socket)
{
	const struct file *file = checkpoint_file(verifier->checkpoint, socket->file);
	struct finding *finding = found(verifier, socket->origin, file ? file->first_pid : ABSENT_U32,
					"%s socket %u", socket->family, socket->id);

	with_number(verifier, finding, "ino", socket->ino);
	return finding;
}

static bool is(const char *name, const char *wanted)
{
	return name && !strcmp(name, wanted);
}

static void peer_missing(struct verifier *verifier)
{
	const struct checkpoint *checkpoint = verifier->checkpoint;

	for (size_t i = 0; i < checkpoint->sockets.n; i++) {
		const struct socket *socket = &checkpoint->sockets.items[i];
		struct finding *finding;

		if (!is(socket->family, "unix") || socket->peer_ino == ABSENT_U64 || socket->is_external ||
		    map_get(&checkpoint->socket_by_ino, socket->peer_ino) != MAP_NONE)
			continue;
		finding = found_socket(verifier, socket);
		says(verifier, finding, "its other end, inode %llu, is not in the checkpoint",
		     (unsigned long long)socket->peer_ino);
		with_number(verifier, finding, "peer", socket->peer_ino);
	}
}

/* A stream has two ends that know each other; one may have hung up, then it knows nobody. */
static void peer_torn(struct verifier *verifier)
{
	const struct checkpoint *checkpoint = verifier->checkpoint;

	for (size_t i = 0; i < checkpoint->sockets.n; i++) {
		const struct socket *socket = &checkpoint->sockets.items[i], *peer;
		uint32_t row = map_get(&checkpoint->socket_by_ino, socket->peer_ino);
		struct finding *finding;

		if (!is(socket->family, "unix") || socket->peer_ino == ABSENT_U64 || row == MAP_NONE ||
		    !is(socket->state, "ESTABLISHED") || is(socket->type, "dgram"))
			continue;
		peer = &checkpoint->sockets.items[row];
		if (!is(peer->state, "ESTABLISHED") || peer->peer_ino == socket->ino ||
		    map_get(&checkpoint->socket_by_ino, peer->peer_ino) == MAP_NONE)
			continue;
		finding = found_socket(verifier, socket);
		says(verifier, finding, "its other end %u is connected to somebody else", peer->id);
		with_number(verifier, finding, "peer", socket->peer_ino);
		with_number(verifier, finding, "peer_of_peer", peer->peer_ino);
	}
}

static bool is_connected_tcp(const struct socket *socket)
{
	return (is(socket->family, "inet") || is(socket->family, "inet6")) && is(socket->type, "stream") &&
	       bytes_equal(socket->proto, BYTES("tcp")) && socket->state && !is(socket->state, "LISTEN") &&
	       !is(socket->state, "CLOSE");
}

static void stream_missing(struct verifier *verifier)
{
	const struct checkpoint *checkpoint = verifier->checkpoint;

	for (size_t i = 0; i < checkpoint->sockets.n && !verifier->facts.inventory.tcp_close; i++) {
		const struct socket *socket = &checkpoint->sockets.items[i];
		struct finding *finding;

		if (!is_connected_tcp(socket) ||
		    checkpoint_image(verifier->checkpoint, "tcp-stream-%llx.img", (unsigned long long)socket->ino))
			continue;
		finding = found_socket(verifier, socket);
		says(verifier, finding, "it is in state %s, and tcp-stream-%llx.img is not there", socket->state,
		     (unsigned long long)socket->ino);
	}
}

static void state_unknown(struct verifier *verifier)
{
	const struct checkpoint *checkpoint = verifier->checkpoint;

	for (size_t i = 0; i < checkpoint->sockets.n; i++) {
		const struct socket *socket = &checkpoint->sockets.items[i];

		/* Netlink and packet sockets have no connection: what stands there nobody reads. */
		if (is(socket->family, "packet") || is(socket->family, "netlink") ||
		    (socket->state && socket->type))
			continue;
		says(verifier, found_socket(verifier, socket), "its %s is a number that no socket has",
		     socket->state ? "type" : "state");
	}
}

static void rights_dangling(struct verifier *verifier)
{
	const struct facts *facts = &verifier->facts;

	for (size_t i = 0; i < facts->rights.n; i++) {
		const struct rights_fact *fact = &facts->rights.items[i];
		struct finding *finding;

		if (map_get(&verifier->checkpoint->file_by_id, fact->file_id) != MAP_NONE)
			continue;
		finding = found(verifier, fact->origin, ABSENT_U32, "the queue of socket %u", fact->queue);
		says(verifier, finding, "a descriptor on its way: no open file has id %u", fact->file_id);
		with_number(verifier, finding, "id", fact->file_id);
	}
}

static const struct verify_check checks[] = {
	{ "unix-peer-missing", SEVERITY_ERROR, "a unix socket whose other end is nowhere",
	  "CRIU ends with \"FATAL: Peer unresolved\"",
	  "give the restore a socket in its place (--inherit-fd), or close it before the checkpoint", FINDS_NOTICE,
	  peer_missing },
	{ "unix-peer-torn", SEVERITY_ERROR, "two unix sockets that do not agree on being connected",
	  "the pair is restored as one end says", take_again, FINDS_CONTRADICTION, peer_torn },
	{ "tcp-stream-missing", SEVERITY_BLOCKER, "a connection without its state",
	  "CRIU cannot open the tcp-stream image", take_again, FINDS_ABSENCE, stream_missing },
	{ "socket-state-unknown", SEVERITY_BLOCKER, "a socket in a state, or of a type, that there is not",
	  "CRIU ends with \"Unknown state\" or \"Unsupported socket type\"", take_again, FINDS_CONTRADICTION,
	  state_unknown },
	{ "rights-dangling", SEVERITY_BLOCKER, "a descriptor on its way without a file",
	  "CRIU finds no file for it", take_again, FINDS_CONTRADICTION, rights_dangling },
};

const struct check_group socket_checks = { checks, ARRAY_SIZE(checks), true };
