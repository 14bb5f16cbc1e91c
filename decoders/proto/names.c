#include "decoders/proto/names.h"

#include <stddef.h>

#define TABLE(array) { array, sizeof(array) / sizeof((array)[0]) }

static const struct name mmap_prot[] = {
	{ 0x1, "PROT_READ" },
	{ 0x2, "PROT_WRITE" },
	{ 0x4, "PROT_EXEC" },
};
const struct name_table flags_mmap_prot = TABLE(mmap_prot);

static const struct name mmap_flags[] = {
	{ 0x1, "MAP_SHARED" },
	{ 0x2, "MAP_PRIVATE" },
	{ 0x8, "MAP_DROPPABLE" },
	{ 0x20, "MAP_ANON" },
	{ 0x100, "MAP_GROWSDOWN" },
};
const struct name_table flags_mmap_flags = TABLE(mmap_flags);

/* The name of zero is for name_of: no bit stands behind it, so a joined list never shows it. */
static const struct name mmap_status[] = {
	{ 0x0, "VMA_AREA_NONE" },
	{ 0x1, "VMA_AREA_REGULAR" },
	{ 0x2, "VMA_AREA_STACK" },
	{ 0x4, "VMA_AREA_VSYSCALL" },
	{ 0x8, "VMA_AREA_VDSO" },
	{ 0x20, "VMA_AREA_HEAP" },
	{ 0x40, "VMA_FILE_PRIVATE" },
	{ 0x80, "VMA_FILE_SHARED" },
	{ 0x100, "VMA_ANON_SHARED" },
	{ 0x200, "VMA_ANON_PRIVATE" },
	{ 0x400, "VMA_AREA_SYSVIPC" },
	{ 0x800, "VMA_AREA_SOCKET" },
	{ 0x1000, "VMA_AREA_VVAR" },
	{ 0x2000, "VMA_AREA_AIORING" },
	{ 0x4000, "VMA_AREA_MEMFD" },
	{ 0x8000, "VMA_AREA_SHSTK" },
	{ 0x20000, "VMA_AREA_UPROBES" },
	{ 0x80000000, "VMA_UNSUPP" },
};
const struct name_table flags_mmap_status = TABLE(mmap_status);

/* The values of x86, also where the images come from a machine that numbers them otherwise. */
static const struct name open_flags[] = {
	{ 0x1, "O_WRONLY" },
	{ 0x2, "O_RDWR" },
	{ 0x40, "O_CREAT" },
	{ 0x80, "O_EXCL" },
	{ 0x100, "O_NOCTTY" },
	{ 0x200, "O_TRUNC" },
	{ 0x400, "O_APPEND" },
	{ 0x800, "O_NONBLOCK" },
	{ 0x1000, "O_DSYNC" },
	{ 0x2000, "FASYNC" },
	{ 0x4000, "O_DIRECT" },
	{ 0x8000, "O_LARGEFILE" },
	{ 0x10000, "O_DIRECTORY" },
	{ 0x20000, "O_NOFOLLOW" },
	{ 0x40000, "O_NOATIME" },
	{ 0x80000, "O_CLOEXEC" },
};
const struct name_table flags_open = TABLE(open_flags);

static const struct name pagemap_flags[] = {
	{ 0x1, "PE_PARENT" },
	{ 0x2, "PE_LAZY" },
	{ 0x4, "PE_PRESENT" },
};
const struct name_table flags_pagemap = TABLE(pagemap_flags);

static const struct name seals[] = {
	{ 0x1, "F_SEAL_SEAL" },
	{ 0x2, "F_SEAL_SHRINK" },
	{ 0x4, "F_SEAL_GROW" },
	{ 0x8, "F_SEAL_WRITE" },
	{ 0x10, "F_SEAL_FUTURE_WRITE" },
};
const struct name_table flags_seals = TABLE(seals);

/*
 * Wrong, and meant to be: crit swaps 3 and 6, and this table exists so that our readable form
 * equals crit's. In truth 3 is a stopped task and 6 a zombie (and 2 a dead one, which is what
 * CRIU writes for zombies). Use it for nothing else.
 */
static const struct name task_state[] = {
	{ 1, "Alive" },
	{ 3, "Zombie" },
	{ 6, "Stopped" },
};
const struct name_table names_task_state = TABLE(task_state);

static const struct name sk_family[] = {
	{ 1, "UNIX" },
	{ 2, "INET" },
	{ 10, "INET6" },
	{ 16, "NETLINK" },
	{ 17, "PACKET" },
};
const struct name_table names_sk_family = TABLE(sk_family);

static const struct name sk_type[] = {
	{ 1, "STREAM" },
	{ 2, "DGRAM" },
	{ 3, "RAW" },
	{ 5, "SEQPACKET" },
	{ 10, "PACKET" },
};
const struct name_table names_sk_type = TABLE(sk_type);

/* TCP's states, which the kernel uses for the other kinds of socket as well. */
static const struct name sk_state[] = {
	{ 1, "ESTABLISHED" },
	{ 2, "SYN_SENT" },
	{ 3, "SYN_RECV" },
	{ 4, "FIN_WAIT1" },
	{ 5, "FIN_WAIT2" },
	{ 6, "TIME_WAIT" },
	{ 7, "CLOSE" },
	{ 8, "CLOSE_WAIT" },
	{ 9, "LAST_ACK" },
	{ 10, "LISTEN" },
};
const struct name_table names_sk_state = TABLE(sk_state);

static const struct name sk_proto[] = {
	{ 0, "IP" },
	{ 6, "TCP" },
	{ 17, "UDP" },
	{ 136, "UDPLITE" },
};
const struct name_table names_sk_proto = TABLE(sk_proto);

const char *name_of(const struct name_table *table, uint64_t value)
{
	for (unsigned i = 0; i < table->n; i++)
		if (table->names[i].value == value)
			return table->names[i].name;
	return NULL;
}
