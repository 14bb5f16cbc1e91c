#include "db/tables/words.h"

#include <stdio.h>

#include "decoders/base/size.h"

struct value mask_value(struct arena *arena, const struct name_table *table, uint64_t mask)
{
	const char *text = "";

	if (mask == ABSENT_U64)
		return (struct value){ .type = VALUE_NULL };
	for (unsigned i = 0; i < table->n; i++) {
		const struct name *name = &table->names[i];

		if (!name->value || (mask & name->value) != name->value)
			continue;
		text = arena_printf(arena, "%s%s%s", text, *text ? "|" : "", name->name);
		mask &= ~name->value;
	}
	if (mask)
		text = arena_printf(arena, "%s%s0x%llx", text, *text ? "|" : "",
				    (unsigned long long)mask);
	return value_text(bytes_of(text));
}

struct value mask32_value(struct arena *arena, const struct name_table *table, uint32_t mask)
{
	return mask_value(arena, table, mask == ABSENT_U32 ? ABSENT_U64 : mask);
}

struct value name_value(const struct name_table *table, uint64_t number)
{
	return value_text(bytes_of(name_of(table, number)));
}

struct value named_value(struct arena *arena, const struct name_table *table, uint32_t number)
{
	struct value value = name_value(table, number);

	if (number == ABSENT_U32)
		return (struct value){ .type = VALUE_NULL };
	if (value.type == VALUE_NULL)
		return value_text(bytes_of(arena_printf(arena, "%u", number)));
	return value;
}

/* include/uapi/linux/rtnetlink.h, in the words of ip(8) */
static const struct name scopes[] = {
	{ 0, "global" }, { 200, "site" }, { 253, "link" }, { 254, "host" }, { 255, "nowhere" },
};
const struct name_table names_route_scope = { scopes, ARRAY_SIZE(scopes) };

static const struct name routing_tables[] = {
	{ 253, "default" }, { 254, "main" }, { 255, "local" },
};
const struct name_table names_route_table = { routing_tables, ARRAY_SIZE(routing_tables) };

static const struct name route_protocols[] = {
	{ 0, "unspec" },  { 1, "redirect" }, { 2, "kernel" },      { 3, "boot" },
	{ 4, "static" },  { 8, "gated" },    { 9, "ra" },	   { 10, "mrt" },
	{ 11, "zebra" },  { 12, "bird" },    { 13, "dnrouted" },   { 14, "xorp" },
	{ 15, "ntk" },    { 16, "dhcp" },    { 17, "mrouted" },    { 18, "keepalived" },
	{ 42, "babel" },  { 84, "ovn" },     { 99, "openr" },      { 186, "bgp" },
	{ 187, "isis" },  { 188, "ospf" },   { 189, "rip" },	   { 192, "eigrp" },
};
const struct name_table names_route_protocol = { route_protocols, ARRAY_SIZE(route_protocols) };

/* include/uapi/asm-generic/signal.h; 16 is of x86's list, and stands in man 7 signal. */
static const char *const generic_signals[] = {
	NULL, "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE",
	"SIGKILL", "SIGUSR1", "SIGSEGV", "SIGUSR2", "SIGPIPE", "SIGALRM", "SIGTERM", "SIGSTKFLT",
	"SIGCHLD", "SIGCONT", "SIGSTOP", "SIGTSTP", "SIGTTIN", "SIGTTOU", "SIGURG", "SIGXCPU",
	"SIGXFSZ", "SIGVTALRM", "SIGPROF", "SIGWINCH", "SIGIO", "SIGPWR", "SIGSYS",
};

/* arch/mips/include/uapi/asm/signal.h */
static const char *const mips_signals[] = {
	NULL, "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGEMT", "SIGFPE",
	"SIGKILL", "SIGBUS", "SIGSEGV", "SIGSYS", "SIGPIPE", "SIGALRM", "SIGTERM", "SIGUSR1",
	"SIGUSR2", "SIGCHLD", "SIGPWR", "SIGWINCH", "SIGURG", "SIGIO", "SIGSTOP", "SIGTSTP",
	"SIGCONT", "SIGTTIN", "SIGTTOU", "SIGVTALRM", "SIGPROF", "SIGXCPU", "SIGXFSZ",
};

struct value signal_value(const struct checkpoint *checkpoint, struct arena *arena,
			  uint32_t number)
{
	bool mips = checkpoint->arch && !strcmp(checkpoint->arch, "mips");

	if (number == 0 || number == ABSENT_U32)
		return (struct value){ .type = VALUE_NULL };
	if (number >= ARRAY_SIZE(generic_signals))
		return value_text(bytes_of(arena_printf(arena, "SIG%u", number)));
	return value_text(bytes_of((mips ? mips_signals : generic_signals)[number]));
}

struct value device_value(struct arena *arena, uint32_t device)
{
	if (device == ABSENT_U32)
		return (struct value){ .type = VALUE_NULL };
	return value_text(bytes_of(arena_printf(arena, "%u:%u", device >> 20, device & 0xfffff)));
}

struct value digits_value(struct arena *arena, struct bytes bytes)
{
	static const char digits[] = "0123456789abcdef";
	char *text;

	if (!bytes.data)
		return (struct value){ .type = VALUE_NULL };
	text = arena_alloc(arena, 2 * bytes.len + 1);
	for (size_t i = 0; i < bytes.len; i++) {
		text[2 * i] = digits[bytes.data[i] >> 4];
		text[2 * i + 1] = digits[bytes.data[i] & 15];
	}
	text[2 * bytes.len] = '\0';
	return value_text(bytes_of(text));
}
