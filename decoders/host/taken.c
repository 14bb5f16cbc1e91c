/* What is taken, or there, already: pids, ports, addresses, network devices. */
#include <arpa/inet.h>
#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "decoders/base/size.h"
#include "decoders/host/internal.h"

enum { MOST_PIDS = 65536 };

static void read_pids(struct host *host)
{
	int fd = host_open_directory(host, "proc");
	DIR *directory = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;
	size_t n = 0;

	if (!directory) {
		if (fd >= 0)
			close(fd);
		host_add_unknown(host, "pid", "/proc");
		return;
	}
	while ((entry = readdir(directory)) && n < MOST_PIDS)
		if (isdigit((unsigned char)entry->d_name[0])) {
			host_add(host, "pid", bytes_of(entry->d_name), "/proc");
			n++;
		}
	closedir(directory);
}

/* --- ports: "sl local_address rem_address st ..." --------------------------------------------------------------- */

/* An address as the kernel prints it: words of the machine's byte order, in hexadecimal. */
static bool address_of(struct bytes hex, char ret[INET6_ADDRSTRLEN])
{
	uint32_t words[4];
	size_t n = hex.len / 8;

	if (hex.len != 8 && hex.len != 32)
		return false;
	for (size_t i = 0; i < n; i++) {
		char word[9] = "";

		memcpy(word, hex.data + i * 8, 8);
		words[i] = (uint32_t)strtoul(word, NULL, 16);
	}
	return inet_ntop(n == 1 ? AF_INET : AF_INET6, words, ret, INET6_ADDRSTRLEN) != NULL;
}

static void add_port(struct host *host, const char *name, struct bytes local, const char *source)
{
	char address[INET6_ADDRSTRLEN], port[8] = "", text[INET6_ADDRSTRLEN + 16];
	size_t colon = bytes_find(local, ':');
	uint64_t number;

	if (local.len - colon != 5 || !address_of(bytes_first(local, colon), address))
		return;
	memcpy(port, local.data + colon + 1, 4);
	number = strtoul(port, NULL, 16);
	snprintf(text, sizeof(text), strchr(address, ':') ? "[%s]:%llu" : "%s:%llu", address,
		 (unsigned long long)number);
	host_add_number(host, name, bytes_of(text), number, source);
}

/* Of TCP those that listen, of UDP all that are bound. */
static void read_ports(struct host *host)
{
	static const struct {
		const char *path, *name;
		bool listening;
	} tables[] = {
		{ "proc/net/tcp", "port.tcp", true },
		{ "proc/net/tcp6", "port.tcp", true },
		{ "proc/net/udp", "port.udp", false },
		{ "proc/net/udp6", "port.udp", false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(tables); i++) {
		const char *source = arena_printf(&host->arena, "/%s", tables[i].path);
		struct bytes text, line, word[4];

		if (!host_file(host, tables[i].path, &text))
			continue;
		while (host_line(&text, &line)) {
			bool whole = true;

			for (size_t k = 0; k < 4; k++)
				whole = host_word(&line, &word[k]) && whole;
			if (whole && (!tables[i].listening || bytes_equal(word[3], BYTES("0A"))))
				add_port(host, tables[i].name, word[1], source);
		}
	}
}

/* --- addresses ---------------------------------------------------------------------------------------------------- */

/* The local ones of the trie stand before a line "/32 host LOCAL". */
static void read_addresses4(struct host *host)
{
	struct bytes text, line, word, last = NO_BYTES;

	if (!host_file(host, "proc/net/fib_trie", &text)) {
		host_add_unknown(host, "address", "/proc/net/fib_trie");
		return;
	}
	while (host_line(&text, &line)) {
		struct bytes whole = line;

		if (!host_word(&line, &word))
			continue;
		if (bytes_equal(word, BYTES("|--")) && host_word(&line, &word))
			last = word;
		else if (bytes_end_with(whole, BYTES("host LOCAL")) && last.len)
			host_add(host, "address", last, "/proc/net/fib_trie");
	}
}

static void read_addresses6(struct host *host)
{
	struct bytes text, line, word;

	if (!host_file(host, "proc/net/if_inet6", &text))
		return; /* a kernel without IPv6 */
	while (host_line(&text, &line)) {
		char address[INET6_ADDRSTRLEN];
		uint8_t bytes[16];

		if (!host_word(&line, &word) || word.len != 32)
			continue;
		for (size_t i = 0; i < sizeof(bytes); i++) {
			char pair[3] = { (char)word.data[i * 2], (char)word.data[i * 2 + 1] };

			bytes[i] = (uint8_t)strtoul(pair, NULL, 16);
		}
		if (inet_ntop(AF_INET6, bytes, address, sizeof(address)))
			host_add(host, "address", bytes_of(address), "/proc/net/if_inet6");
	}
}

static void read_devices(struct host *host)
{
	struct bytes text, line, word;

	if (!host_file(host, "proc/net/dev", &text)) {
		host_add_unknown(host, "netdev", "/proc/net/dev");
		return;
	}
	while (host_line(&text, &line)) {
		size_t colon = bytes_find(line, ':');

		if (colon == line.len)
			continue; /* a heading */
		line = bytes_first(line, colon);
		if (host_word(&line, &word))
			host_add(host, "netdev", word, "/proc/net/dev");
	}
}

void host_read_taken(struct host *host)
{
	read_pids(host);
	read_ports(host);
	read_addresses4(host);
	read_addresses6(host);
	read_devices(host);
}
