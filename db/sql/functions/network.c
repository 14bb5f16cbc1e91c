/* Addresses and the networks that they are in. */
#include <arpa/inet.h>
#include <stdlib.h>

#include "db/sql/functions.h"
#include "db/sql/internal.h"

/* IPv4 is kept as IPv6 has it: ::ffff:10.0.0.1. */
struct address {
	uint8_t bytes[16];
	bool is_ipv4;
};

enum { IPV4_BITS = 32, IPV6_BITS = 128, MAPPED_BITS = IPV6_BITS - IPV4_BITS };

static const uint8_t mapped[MAPPED_BITS / 8] = { [10] = 0xff, [11] = 0xff };

static bool parse_address(const char *text, struct address *ret)
{
	memcpy(ret->bytes, mapped, sizeof(mapped));
	ret->is_ipv4 = inet_pton(AF_INET, text, ret->bytes + sizeof(mapped)) == 1;
	return ret->is_ipv4 || inet_pton(AF_INET6, text, ret->bytes) == 1;
}

/* "10.0.0.0/8"; without bits the address alone. */
static bool parse_network(const char *text, struct address *ret, unsigned *ret_bits)
{
	char address[INET6_ADDRSTRLEN];
	const char *slash = strchr(text, '/');
	size_t len = slash ? (size_t)(slash - text) : strlen(text);
	unsigned long bits;
	unsigned most;
	char *end;

	if (len >= sizeof(address))
		return false;
	memcpy(address, text, len);
	address[len] = '\0';
	if (!parse_address(address, ret))
		return false;
	most = ret->is_ipv4 ? IPV4_BITS : IPV6_BITS;
	bits = most;
	if (slash) {
		bits = strtoul(slash + 1, &end, 10);
		if (slash[1] < '0' || slash[1] > '9' || *end || bits > most)
			return false;
	}
	*ret_bits = (unsigned)bits + (ret->is_ipv4 ? MAPPED_BITS : 0);
	return true;
}

static bool is_in(const struct address *address, const struct address *network, unsigned bits)
{
	unsigned rest = bits % 8;
	uint8_t mask = (uint8_t)(0xff00 >> rest);

	return memcmp(address->bytes, network->bytes, bits / 8) == 0 &&
	       (!rest || !((address->bytes[bits / 8] ^ network->bytes[bits / 8]) & mask));
}

void call_cidr_match(sqlite3_context *context, int n, sqlite3_value **values)
{
	const char *ip = (const char *)sqlite3_value_text(values[0]);
	const char *net = (const char *)sqlite3_value_text(values[1]);
	struct address address = { .is_ipv4 = false }, network = { .is_ipv4 = false };
	unsigned bits;

	(void)n;
	if (!ip || !net)
		return;
	if (!parse_network(net, &network, &bits))
		function_fail(context, function_database(context),
			      error_new(ERROR_USAGE, "cidr_match: \"%.100s\" is no network", net));
	else
		sqlite3_result_int(context, parse_address(ip, &address) && is_in(&address, &network, bits));
}
