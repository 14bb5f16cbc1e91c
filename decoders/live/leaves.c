/* Which leaf is filled by what; of all others a running process shows nothing. */
#include "decoders/live/leaves.h"

#include "decoders/base/size.h"
#include "decoders/model/leaves/address.h"
#include "decoders/model/leaves/auxv.h"
#include "decoders/model/leaves/bpfmap.h"
#include "decoders/model/leaves/cgroup.h"
#include "decoders/model/leaves/epoll.h"
#include "decoders/model/leaves/inotify.h"
#include "decoders/model/leaves/lock.h"
#include "decoders/model/leaves/member.h"
#include "decoders/model/leaves/memfd.h"
#include "decoders/model/leaves/mount.h"
#include "decoders/model/leaves/namespace.h"
#include "decoders/model/leaves/netdev.h"
#include "decoders/model/leaves/pipe.h"
#include "decoders/model/leaves/rlimit.h"
#include "decoders/model/leaves/route.h"
#include "decoders/model/leaves/rule.h"
#include "decoders/model/leaves/sigaction.h"
#include "decoders/model/leaves/signal.h"
#include "decoders/model/leaves/sysv.h"
#include "decoders/model/leaves/timer.h"
#include "decoders/model/leaves/tty.h"

static const struct {
	const struct leaf *leaf;
	live_leaf fill;
} leaves[] = {
	{ &leaf_member, live_fill_members },	   { &leaf_namespace, live_fill_namespaces },
	{ &leaf_mount, live_fill_mounts },	   { &leaf_rlimit, live_fill_rlimits },
	{ &leaf_auxv, live_fill_auxv },		   { &leaf_signal, live_fill_signals },
	{ &leaf_sigaction, live_fill_sigactions }, { &leaf_cgroup, live_fill_cgroups },
	{ &leaf_epoll, live_fill_epoll },	   { &leaf_inotify, live_fill_inotify },
	{ &leaf_bpfmap, live_fill_bpfmaps },	   { &leaf_lock, live_fill_locks },
	{ &leaf_timer, live_fill_timers },	   { &leaf_tty, live_fill_ttys },
	{ &leaf_memfd, live_fill_memfds },	   { &leaf_pipe, live_fill_pipes },
	{ &leaf_sysv, live_fill_sysv },		   { &leaf_netdev, live_fill_netdevs },
	{ &leaf_address, live_fill_addresses },	   { &leaf_route, live_fill_routes },
	{ &leaf_rule, live_fill_rules },
};

live_leaf live_leaf_loader(const struct leaf *leaf)
{
	for (size_t i = 0; i < ARRAY_SIZE(leaves); i++)
		if (leaves[i].leaf == leaf)
			return leaves[i].fill;
	return NULL;
}

/* The files of /proc that were read until now. */
void live_fill_members(struct live *live, struct leaf_rows *rows)
{
	struct checkpoint *checkpoint = live->checkpoint;

	for (uint32_t i = 0; i < checkpoint->source.members.n; i++)
		*(struct member_row *)leaf_add(checkpoint, rows) = (struct member_row){
			.origin = { .member = i, .entry = NO_ENTRY, .offset = NO_OFFSET },
			.kind = "proc", .state = "ok", .entries = ABSENT_U64,
		};
}
