/*
 * Settings: netns-N (all, default, and what is no device's), netdev-N (each device's), ipcns-var-N.
 *
 * The images have lists of values; which setting a value is, its place tells. The lists below are in CRIU's
 * order (criu/net.c, criu/ipc_ns.c), which grows at the end. A setting that the dumped kernel had not is in
 * the list without a value, and has no row.
 */
#include <net/if.h>

#include "decoders/base/out.h"
#include "decoders/base/size.h"
#include "decoders/model/leaves/sysctl.h"
#include "namespaces.pb-c.h"
#include "net.pb-c.h"

/* --- names -------------------------------------------------------------------------------- */

static const char *const conf4_names[] = {
	"accept_local", "accept_redirects", "accept_source_route", "arp_accept", "arp_announce",
	"arp_filter", "arp_ignore", "arp_notify", "bootp_relay", "disable_policy", "disable_xfrm",
	"force_igmp_version", "forwarding", "igmpv2_unsolicited_report_interval",
	"igmpv3_unsolicited_report_interval", "log_martians", "medium_id", "promote_secondaries",
	"proxy_arp", "proxy_arp_pvlan", "route_localnet", "rp_filter", "secure_redirects",
	"send_redirects", "shared_media", "src_valid_mark", "tag", "ignore_routes_with_linkdown",
	"drop_gratuitous_arp", "drop_unicast_in_l2_multicast",
};

static const char *const conf6_names[] = {
	"accept_dad", "accept_ra", "accept_ra_defrtr", "accept_ra_from_local",
	"accept_ra_min_hop_limit", "accept_ra_mtu", "accept_ra_pinfo", "accept_ra_rt_info_max_plen",
	"accept_ra_rtr_pref", "accept_redirects", "accept_source_route", "autoconf",
	"dad_transmits", "disable_ipv6", "drop_unicast_in_l2_multicast", "drop_unsolicited_na",
	"force_mld_version", "force_tllao", "forwarding", "hop_limit",
	"ignore_routes_with_linkdown", "keep_addr_on_down", "max_addresses", "max_desync_factor",
	"mldv1_unsolicited_report_interval", "mldv2_unsolicited_report_interval", "mtu",
	"ndisc_notify", "optimistic_dad", "proxy_ndp", "regen_max_retry", "router_probe_interval",
	"router_solicitation_delay", "router_solicitation_interval", "router_solicitations",
	"stable_secret", "suppress_frag_ndisc", "temp_prefered_lft", "temp_valid_lft",
	"use_oif_addrs_only", "use_optimistic", "use_tempaddr",
};

static const char *const unix_names[] = { "max_dgram_qlen" };
static const char *const ipv4_names[] = { "ping_group_range" };

struct list {
	const char *directory;
	const char *const *names;
	size_t n;
};
static const struct list conf4 = { "net/ipv4/conf", conf4_names, ARRAY_SIZE(conf4_names) };
static const struct list conf6 = { "net/ipv6/conf", conf6_names, ARRAY_SIZE(conf6_names) };
static const struct list unix_list = { "net/unix", unix_names, ARRAY_SIZE(unix_names) };
static const struct list ipv4_list = { "net/ipv4", ipv4_names, ARRAY_SIZE(ipv4_names) };

/* --- values ------------------------------------------------------------------------------- */

/* What the settings of one entry have in common. */
struct taking {
	struct checkpoint *checkpoint;
	struct leaf_rows *rows;
	struct origin origin;
	const char *ns_type;
	uint32_t ns_id;
};

static void add(const struct taking *taking, const struct list *list, struct bytes device, size_t place,
		struct bytes value)
{
	struct sysctl *sysctl = leaf_add(taking->checkpoint, taking->rows);

	*sysctl = (struct sysctl){
		.origin = taking->origin,
		.ns_type = taking->ns_type,
		.ns_id = taking->ns_id,
		.directory = list->directory,
		.device = device,
		.name = place < list->n ? list->names[place] : NULL,
		.place = (uint32_t)place,
		.value = value,
	};
}

static struct bytes number_text(const struct taking *taking, int32_t number)
{
	return bytes_of(arena_printf(&taking->checkpoint->arena, "%d", number));
}

static void take_entries(const struct taking *taking, const struct list *list, struct bytes device,
			 SysctlEntry *const *entries, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const SysctlEntry *entry = entries[i];
		struct bytes text = load_text(taking->checkpoint, entry->has_sarg, entry->sarg);

		if (text.len && text.data[text.len - 1] == '\n')
			text.len--;
		if (entry->type == SYSCTL_TYPE__CTL_STR && text.data)
			add(taking, list, device, i, text);
		else if (entry->type == SYSCTL_TYPE__CTL_32 && entry->has_iarg)
			add(taking, list, device, i, number_text(taking, entry->iarg));
	}
}

/* In old dumps the values stand by themselves, and -1 is what the kernel had not. */
static void take_old(const struct taking *taking, struct bytes device, const int32_t *values, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (values[i] != -1)
			add(taking, &conf4, device, i, number_text(taking, values[i]));
}

static void take_netns(const struct taking *taking, const ProtobufCMessage *message)
{
	const NetnsEntry *from = (const NetnsEntry *)message;
	struct bytes all = BYTES("all"), standard = BYTES("default");

	take_entries(taking, &conf4, all, from->all_conf4, from->n_all_conf4);
	take_entries(taking, &conf4, standard, from->def_conf4, from->n_def_conf4);
	take_entries(taking, &conf6, all, from->all_conf6, from->n_all_conf6);
	take_entries(taking, &conf6, standard, from->def_conf6, from->n_def_conf6);
	take_old(taking, all, from->all_conf, from->n_all_conf4 ? 0 : from->n_all_conf);
	take_old(taking, standard, from->def_conf, from->n_def_conf4 ? 0 : from->n_def_conf);
	take_entries(taking, &unix_list, NO_BYTES, from->unix_conf, from->n_unix_conf);
	take_entries(taking, &ipv4_list, NO_BYTES, from->ipv4_sysctl, from->n_ipv4_sysctl);
}

static void take_netdev(const struct taking *taking, const ProtobufCMessage *message)
{
	const NetDeviceEntry *from = (const NetDeviceEntry *)message;
	struct bytes name = load_text(taking->checkpoint, from->has_name, from->name);

	name = bytes_first(name, IFNAMSIZ - 1); /* stands in every row: cut where no device has it */
	take_entries(taking, &conf4, name, from->conf4, from->n_conf4);
	take_entries(taking, &conf6, name, from->conf6, from->n_conf6);
	take_old(taking, name, from->conf, from->n_conf4 ? 0 : from->n_conf);
}

/* --- IPC ---------------------------------------------------------------------------------- */

/* The fields of ipc_var_entry; the ids are -1 where none was asked for. */
#define FIELD(directory, name, field) \
	{ directory, name, offsetof(IpcVarEntry, has_##field), offsetof(IpcVarEntry, field), false }
#define LONG_FIELD(directory, name, field) \
	{ directory, name, offsetof(IpcVarEntry, has_##field), offsetof(IpcVarEntry, field), true }
static const struct {
	const char *directory, *name;
	size_t has, value;
	bool is_long;
} ipc_fields[] = {
	FIELD("kernel", "msgmax", msg_ctlmax),
	FIELD("kernel", "msgmnb", msg_ctlmnb),
	FIELD("kernel", "msgmni", msg_ctlmni),
	FIELD("kernel", "auto_msgmni", auto_msgmni),
	LONG_FIELD("kernel", "shmmax", shm_ctlmax),
	LONG_FIELD("kernel", "shmall", shm_ctlall),
	FIELD("kernel", "shmmni", shm_ctlmni),
	FIELD("kernel", "shm_rmid_forced", shm_rmid_forced),
	FIELD("kernel", "msg_next_id", msg_next_id),
	FIELD("kernel", "sem_next_id", sem_next_id),
	FIELD("kernel", "shm_next_id", shm_next_id),
	FIELD("fs/mqueue", "queues_max", mq_queues_max),
	FIELD("fs/mqueue", "msg_max", mq_msg_max),
	FIELD("fs/mqueue", "msgsize_max", mq_msgsize_max),
	FIELD("fs/mqueue", "msg_default", mq_msg_default),
	FIELD("fs/mqueue", "msgsize_default", mq_msgsize_default),
};

static void take_sem(const struct taking *taking, const IpcVarEntry *from)
{
	static const char *const names[] = { "sem" };
	static const struct list list = { "kernel", names, 1 };
	struct out out;

	if (from->n_sem_ctls == 0)
		return;
	out_init(&out, -1);
	for (size_t i = 0; i < from->n_sem_ctls; i++)
		out_printf(&out, "%s%u", i ? "\t" : "", from->sem_ctls[i]);
	add(taking, &list, NO_BYTES, 0, arena_copy(&taking->checkpoint->arena, out_held(&out)));
	out_deinit(&out);
}

static void take_ipc(const struct taking *taking, const ProtobufCMessage *message)
{
	const char *base = (const char *)message;

	take_sem(taking, (const IpcVarEntry *)message);
	for (size_t i = 0; i < ARRAY_SIZE(ipc_fields); i++) {
		const struct list list = { ipc_fields[i].directory, &ipc_fields[i].name, 1 };
		uint64_t value = 0;
		const char *text;
		uint32_t word;

		if (!*(const protobuf_c_boolean *)(base + ipc_fields[i].has))
			continue;
		memcpy(&word, base + ipc_fields[i].value, sizeof(word));
		if (ipc_fields[i].is_long)
			memcpy(&value, base + ipc_fields[i].value, sizeof(value));
		text = ipc_fields[i].is_long
			       ? arena_printf(&taking->checkpoint->arena, "%llu", (unsigned long long)value)
			       : arena_printf(&taking->checkpoint->arena, "%d", (int32_t)word);
		add(taking, &list, NO_BYTES, 0, bytes_of(text));
	}
}

/* --- images ------------------------------------------------------------------------------- */

static const struct {
	const char *kind, *ns_type;
	size_t of_process; /* the ids of such namespaces */
	void (*take)(const struct taking *taking, const ProtobufCMessage *message);
} sources[] = {
	{ "NETNS", "net", offsetof(struct process, net_ns), take_netns },
	{ "NETDEV", "net", offsetof(struct process, net_ns), take_netdev },
	{ "IPC_VAR", "ipc", offsetof(struct process, ipc_ns), take_ipc },
};

static void load(struct checkpoint *checkpoint, struct leaf_rows *rows)
{
	for (size_t i = 0; i < ARRAY_SIZE(sources); i++) {
		const struct member *member;
		size_t position = 0;
		uint32_t ns_id;

		while ((member = load_next_namespace(checkpoint, sources[i].kind,
						      sources[i].of_process, &position, &ns_id))) {
			struct taking taking = { .checkpoint = checkpoint, .rows = rows,
						 .ns_type = sources[i].ns_type,
						 .ns_id = ns_id };
			struct image_reader reader;
			struct image_entry entry;

			if (!load_open(checkpoint, member, sources[i].kind, &reader))
				continue;
			while (image_next(&reader, &entry)) {
				taking.origin = load_origin(&reader, &entry);
				sources[i].take(&taking, entry.message);
			}
			load_close(checkpoint, &reader);
		}
	}
}

const struct leaf leaf_sysctl = {
	.name = "sysctl",
	.row_size = sizeof(struct sysctl),
	.needs = PART_INVENTORY,
	.load = load,
};
