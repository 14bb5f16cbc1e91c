#include "decoders/image/kinds.h"

#include "decoders/base/cursor.h"
#include "decoders/base/size.h"
#include "decoders/image/extra.h"
#include "schema-messages.h"

const char *const image_first_names[] = {
	[FIRST_COMMON] = "common",
	[FIRST_SERVICE] = "service",
	[FIRST_NONE] = "none",
	[FIRST_RAW] = "raw",
};

/* Rows that share a magic: the first one stands where the name does not decide. */
const struct image_kind image_kinds[] = {
	{ .name = "INVENTORY", .pattern = "inventory.img", .magic = 0x58313116, .first = FIRST_NONE,
	  .message = &schema_inventory_entry, .tells = TELLS_END },
	{ .name = "PSTREE", .pattern = "pstree.img", .magic = 0x50273030,
	  .message = &schema_pstree_entry, .tells = TELLS_TASKS },
	{ .name = "STATS", .pattern = "stats-%s", .magic = 0x57093306, .first = FIRST_SERVICE,
	  .message = &schema_stats_entry },
	{ .name = "CPUINFO", .pattern = "cpuinfo.img", .magic = 0x61404013,
	  .message = &schema_cpuinfo_entry },
	{ .name = "IRMAP_CACHE", .pattern = "irmap-cache", .magic = 0x57004059,
	  .first = FIRST_SERVICE, .message = &schema_irmap_cache_entry },

	/* tasks */
	{ .name = "CORE", .pattern = "core-%u.img", .magic = 0x55053847,
	  .message = &schema_core_entry, .tells = TELLS_TASKS },
	{ .name = "IDS", .pattern = "ids-%u.img", .magic = 0x54432030,
	  .message = &schema_task_kobj_ids_entry, .tells = TELLS_TASKS },
	{ .name = "CREDS", .pattern = "creds-%u.img", .magic = 0x54023547,
	  .message = &schema_creds_entry },
	{ .name = "FS", .pattern = "fs-%u.img", .magic = 0x51403912, .message = &schema_fs_entry },
	{ .name = "RLIMIT", .pattern = "rlimit-%u.img", .magic = 0x57113925,
	  .message = &schema_rlimit_entry },
	{ .name = "ITIMERS", .pattern = "itimers-%u.img", .magic = 0x57464056,
	  .message = &schema_itimer_entry },
	{ .name = "POSIX_TIMERS", .pattern = "posix-timers-%u.img", .magic = 0x52603957,
	  .message = &schema_posix_timer_entry },
	{ .name = "SIGACT", .pattern = "sigacts-%u.img", .magic = 0x55344201,
	  .message = &schema_sa_entry },
	{ .name = "SIGNAL", .pattern = "signal-s-%u.img", .magic = 0x59255647,
	  .message = &schema_siginfo_entry },
	{ .name = "PSIGNAL", .pattern = "signal-p-%u.img", .magic = 0x59255647, .label = "SIGNAL",
	  .message = &schema_siginfo_entry },
	{ .name = "SECCOMP", .pattern = "seccomp.img", .magic = 0x64413049,
	  .message = &schema_seccomp_entry, .tells = TELLS_TASKS },
	{ .name = "APPARMOR", .pattern = "apparmor.img", .magic = 0x59423047,
	  .message = &schema_apparmor_entry },
	{ .name = "CGROUP", .pattern = "cgroup.img", .magic = 0x59383330,
	  .message = &schema_cgroup_entry },

	/* memory */
	{ .name = "MM", .pattern = "mm-%u.img", .magic = 0x57492820, .message = &schema_mm_entry, .tells = TELLS_TASKS },
	{ .name = "VMAS", .pattern = "vmas-%u.img", .magic = 0x54123737,
	  .message = &schema_vma_entry },
	{ .name = "PAGEMAP", .pattern = "pagemap-%u.img", .magic = 0x56084025,
	  .message = &schema_pagemap_head, .later = &schema_pagemap_entry, .tells = TELLS_PAGES },
	{ .name = "SHMEM_PAGEMAP", .pattern = "pagemap-shmem-%u.img", .magic = 0x56084025,
	  .label = "PAGEMAP", .message = &schema_pagemap_head, .later = &schema_pagemap_entry },
	{ .name = "PAGES", .pattern = "pages-%u.img", .first = FIRST_RAW, .may_be_empty = true },

	/* open files */
	{ .name = "FDINFO", .pattern = "fdinfo-%u.img", .magic = 0x56213732,
	  .message = &schema_fdinfo_entry, .tells = TELLS_TASKS },
	{ .name = "FILES", .pattern = "files.img", .magic = 0x56303138,
	  .message = &schema_file_entry, .tells = TELLS_TASKS },
	{ .name = "REG_FILES", .pattern = "reg-files.img", .magic = 0x50363636,
	  .message = &schema_reg_file_entry },
	{ .name = "EXT_FILES", .pattern = "ext-files.img", .magic = 0x59255641,
	  .message = &schema_ext_file_entry },
	{ .name = "NS_FILES", .pattern = "ns-files.img", .magic = 0x61394011,
	  .message = &schema_ns_file_entry },
	{ .name = "GHOST_FILE", .pattern = "ghost-file-%x.img", .magic = 0x52583605,
	  .message = &schema_ghost_file_entry, .extra = &extra_ghost_file },
	{ .name = "REMAP_FPATH", .pattern = "remap-fpath.img", .magic = 0x59133954,
	  .message = &schema_remap_file_path_entry },
	{ .name = "FILE_LOCKS", .pattern = "filelocks.img", .magic = 0x54323616,
	  .message = &schema_file_lock_entry },
	{ .name = "PIPES", .pattern = "pipes.img", .magic = 0x56513555,
	  .message = &schema_pipe_entry },
	{ .name = "PIPES_DATA", .pattern = "pipes-data.img", .magic = 0x56453709,
	  .message = &schema_pipe_data_entry, .extra = &extra_pipe_data },
	{ .name = "FIFO", .pattern = "fifo.img", .magic = 0x58364939,
	  .message = &schema_fifo_entry },
	{ .name = "FIFO_DATA", .pattern = "fifo-data.img", .magic = 0x59333054,
	  .message = &schema_pipe_data_entry, .extra = &extra_pipe_data },
	{ .name = "EVENTFD_FILE", .pattern = "eventfd.img", .magic = 0x44523722,
	  .message = &schema_eventfd_file_entry },
	{ .name = "EVENTPOLL_FILE", .pattern = "eventpoll.img", .magic = 0x45023858,
	  .message = &schema_eventpoll_file_entry },
	{ .name = "EVENTPOLL_TFD", .pattern = "eventpoll-tfd.img", .magic = 0x44433746,
	  .message = &schema_eventpoll_tfd_entry },
	{ .name = "SIGNALFD", .pattern = "signalfd.img", .magic = 0x57323820,
	  .message = &schema_signalfd_entry },
	{ .name = "TIMERFD", .pattern = "timerfd.img", .magic = 0x50493712,
	  .message = &schema_timerfd_entry },
	{ .name = "INOTIFY_FILE", .pattern = "inotify.img", .magic = 0x48424431,
	  .message = &schema_inotify_file_entry },
	{ .name = "INOTIFY_WD", .pattern = "inotify-wd.img", .magic = 0x54562009,
	  .message = &schema_inotify_wd_entry },
	{ .name = "FANOTIFY_FILE", .pattern = "fanotify.img", .magic = 0x55096122,
	  .message = &schema_fanotify_file_entry },
	{ .name = "FANOTIFY_MARK", .pattern = "fanotify-mark.img", .magic = 0x56506035,
	  .message = &schema_fanotify_mark_entry },
	{ .name = "MEMFD_INODE", .pattern = "memfd.img", .magic = 0x48453499,
	  .message = &schema_memfd_inode_entry },
	{ .name = "BPFMAP_FILE", .pattern = "bpfmap-file.img", .magic = 0x57506142,
	  .message = &schema_bpfmap_file_entry },
	{ .name = "BPFMAP_DATA", .pattern = "bpfmap-data.img", .magic = 0x64324033,
	  .message = &schema_bpfmap_data_entry, .extra = &extra_bpfmap_data },
	{ .name = "PIDFD", .pattern = "pidfd.img", .magic = 0x54435556,
	  .message = &schema_pidfd_entry },
	{ .name = "TTY_FILES", .pattern = "tty.img", .magic = 0x59433025,
	  .message = &schema_tty_file_entry },
	{ .name = "TTY_INFO", .pattern = "tty-info.img", .magic = 0x59453036,
	  .message = &schema_tty_info_entry },
	{ .name = "TTY_DATA", .pattern = "tty-data.img", .magic = 0x59413026,
	  .message = &schema_tty_data_entry },
	{ .name = "TUNFILE", .pattern = "tunfile.img", .magic = 0x57143751,
	  .message = &schema_tunfile_entry },

	/* sockets */
	{ .name = "INETSK", .pattern = "inetsk.img", .magic = 0x56443851,
	  .message = &schema_inet_sk_entry },
	{ .name = "UNIXSK", .pattern = "unixsk.img", .magic = 0x54373943,
	  .message = &schema_unix_sk_entry },
	{ .name = "PACKETSK", .pattern = "packetsk.img", .magic = 0x60454618,
	  .message = &schema_packet_sock_entry },
	{ .name = "NETLINK_SK", .pattern = "netlinksk.img", .magic = 0x58005614,
	  .message = &schema_netlink_sk_entry },
	{ .name = "SK_QUEUES", .pattern = "sk-queues.img", .magic = 0x56264026,
	  .message = &schema_sk_packet_entry, .extra = &extra_sk_queues },
	{ .name = "TCP_STREAM", .pattern = "tcp-stream-%x.img", .magic = 0x51465506,
	  .message = &schema_tcp_stream_entry, .extra = &extra_tcp_stream },

	/* namespaces */
	{ .name = "MNTS", .pattern = "mountpoints-%u.img", .magic = 0x55563928,
	  .message = &schema_mnt_entry },
	{ .name = "UTSNS", .pattern = "utsns-%u.img", .magic = 0x54473203,
	  .message = &schema_utsns_entry },
	{ .name = "USERNS", .pattern = "userns-%u.img", .magic = 0x55474906,
	  .message = &schema_userns_entry },
	{ .name = "PIDNS", .pattern = "pidns-%u.img", .magic = 0x61157326,
	  .message = &schema_pidns_entry },
	{ .name = "TIMENS", .pattern = "timens-%u.img", .magic = 0x43114433,
	  .message = &schema_timens_entry },
	{ .name = "IPC_VAR", .pattern = "ipcns-var-%u.img", .magic = 0x53115007,
	  .message = &schema_ipc_var_entry },
	{ .name = "IPCNS_SHM", .pattern = "ipcns-shm-%u.img", .magic = 0x46283044,
	  .message = &schema_ipc_shm_entry, .extra = &extra_ipc_shm },
	{ .name = "IPCNS_MSG", .pattern = "ipcns-msg-%u.img", .magic = 0x55453737,
	  .message = &schema_ipc_msg_entry, .extra = &extra_ipc_msg },
	{ .name = "IPCNS_SEM", .pattern = "ipcns-sem-%u.img", .magic = 0x59573019,
	  .message = &schema_ipc_sem_entry, .extra = &extra_ipc_sem },
	{ .name = "NETNS", .pattern = "netns-%u.img", .magic = 0x55933752,
	  .message = &schema_netns_entry },
	{ .name = "NETDEV", .pattern = "netdev-%u.img", .magic = 0x57373951,
	  .message = &schema_net_device_entry },
	{ .name = "AUTOFS", .pattern = "autofs-%u.img", .magic = 0x49353943,
	  .message = &schema_autofs_entry },
	{ .name = "BINFMT_MISC", .pattern = "binfmt-misc.img", .magic = 0x67343323,
	  .message = &schema_binfmt_misc_entry },
	{ .name = "BINFMT_MISC_OLD", .pattern = "binfmt-misc-%u.img", .magic = 0x67343323,
	  .label = "BINFMT_MISC", .message = &schema_binfmt_misc_entry },

	/* what other tools write into the directory */
	{ .name = "IFADDR", .pattern = "ifaddr-%u.img", .first = FIRST_RAW, .may_be_empty = true },
	{ .name = "ROUTE", .pattern = "route-%u.img", .first = FIRST_RAW, .may_be_empty = true },
	{ .name = "ROUTE6", .pattern = "route6-%u.img", .first = FIRST_RAW, .may_be_empty = true },
	{ .name = "RULE", .pattern = "rule-%u.img", .first = FIRST_RAW, .may_be_empty = true },
	{ .name = "IPTABLES", .pattern = "iptables-%u.img", .first = FIRST_RAW,
	  .may_be_empty = true },
	{ .name = "IP6TABLES", .pattern = "ip6tables-%u.img", .first = FIRST_RAW,
	  .may_be_empty = true },
	{ .name = "NFTABLES", .pattern = "nftables-%u.img", .first = FIRST_RAW,
	  .may_be_empty = true },
	{ .name = "NETNF_CT", .pattern = "netns-ct-%u.img", .first = FIRST_RAW,
	  .may_be_empty = true },
	{ .name = "NETNF_EXP", .pattern = "netns-exp-%u.img", .first = FIRST_RAW,
	  .may_be_empty = true },
	{ .name = "TMPFS_IMG", .pattern = "tmpfs-%u.tar.gz.img", .first = FIRST_RAW,
	  .may_be_empty = true },
	{ .name = "TMPFS_DEV", .pattern = "tmpfs-dev-%u.tar.gz.img", .first = FIRST_RAW,
	  .may_be_empty = true },
};
const unsigned n_image_kinds = ARRAY_SIZE(image_kinds);

const struct image_kind *image_kind_named(const char *name)
{
	for (unsigned i = 0; i < n_image_kinds; i++)
		if (!strcmp(image_kinds[i].name, name))
			return &image_kinds[i];
	return NULL;
}

/* A number at the front of *text, which must have one. */
static bool take_number(struct bytes *text, unsigned base, uint64_t *ret)
{
	uint64_t value = 0;
	size_t i = 0;

	for (; i < text->len; i++) {
		uint8_t c = text->data[i];
		unsigned digit = c >= '0' && c <= '9'   ? c - (unsigned)'0'
				 : c >= 'a' && c <= 'f' ? c - 'a' + 10u
							: 99;

		if (digit >= base)
			break;
		if (!size_mul(value, base, &value) || !size_add(value, digit, &value))
			return false;
	}
	*text = bytes_from(*text, i);
	*ret = value;
	return i > 0;
}

bool image_name_fits(const struct image_kind *kind, struct bytes name, uint64_t *ret)
{
	struct bytes rest = bytes_basename(name);

	*ret = 0;
	for (const char *p = kind->pattern; *p; p++) {
		if (p[0] == '%' && p[1] == 's')
			return rest.len > 0 && bytes_find(rest, '.') == rest.len;
		if (*p == '%') {
			if (!take_number(&rest, *++p == 'x' ? 16 : 10, ret))
				return false;
			continue;
		}
		if (rest.len == 0 || rest.data[0] != (uint8_t)*p)
			return false;
		rest = bytes_from(rest, 1);
	}
	return rest.len == 0;
}

/* Among the kinds of MAGIC the one that the name fits, else the first. */
static const struct image_kind *kind_of(uint32_t magic, struct bytes name)
{
	const struct image_kind *first = NULL;
	uint64_t id;

	for (unsigned i = 0; i < n_image_kinds; i++) {
		const struct image_kind *kind = &image_kinds[i];

		if (kind->magic != magic || kind->first == FIRST_RAW)
			continue;
		if (image_name_fits(kind, name, &id))
			return kind;
		if (!first)
			first = kind;
	}
	return first;
}

static const struct image_kind *raw_kind_of(struct bytes name)
{
	uint64_t id;

	for (unsigned i = 0; i < n_image_kinds; i++)
		if (image_kinds[i].first == FIRST_RAW && image_name_fits(&image_kinds[i], name, &id))
			return &image_kinds[i];
	return NULL;
}

static bool recognise_magic(struct bytes head, bool big_endian, struct bytes name,
			    struct image_header *ret)
{
	struct cursor cursor = cursor_over(head, big_endian);
	struct image_header header = { .big_endian = big_endian };

	if (!cursor_u32(&cursor, &header.magic))
		return false;
	header.first = header.magic == MAGIC_COMMON    ? FIRST_COMMON
		       : header.magic == MAGIC_SERVICE ? FIRST_SERVICE
						       : FIRST_NONE;
	if (header.first != FIRST_NONE && !cursor_u32(&cursor, &header.magic))
		return false;
	header.len = (unsigned)cursor_offset(&cursor);
	header.kind = kind_of(header.magic, name);
	if (!header.kind && header.first == FIRST_NONE)
		return false;
	*ret = header;
	return true;
}

bool image_recognise(struct bytes head, struct bytes name, struct image_header *ret)
{
	const struct image_kind *raw = raw_kind_of(name);

	if (raw) {
		*ret = (struct image_header){ .kind = raw, .first = FIRST_RAW };
		return true;
	}
	return recognise_magic(head, false, name, ret) || recognise_magic(head, true, name, ret);
}

bool image_has_magic(struct bytes head)
{
	struct image_header header;

	return recognise_magic(head, false, NO_BYTES, &header) ||
	       recognise_magic(head, true, NO_BYTES, &header);
}
