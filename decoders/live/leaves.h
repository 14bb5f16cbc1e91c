/* The leaves that a running process has something for, a function each: which fills what is leaves.c. */
#pragma once

#include "decoders/live/state.h"

void live_fill_namespaces(struct live *live, struct leaf_rows *rows);
void live_fill_members(struct live *live, struct leaf_rows *rows);

/* mounts.c */
void live_fill_mounts(struct live *live, struct leaf_rows *rows);

/* limits.c: what is told of a task by lines or numbers of its own */
void live_fill_rlimits(struct live *live, struct leaf_rows *rows);
void live_fill_auxv(struct live *live, struct leaf_rows *rows);
void live_fill_signals(struct live *live, struct leaf_rows *rows);
void live_fill_sigactions(struct live *live, struct leaf_rows *rows);
void live_fill_cgroups(struct live *live, struct leaf_rows *rows);

/* details.c: what fdinfo tells of single types of files */
void live_fill_epoll(struct live *live, struct leaf_rows *rows);
void live_fill_inotify(struct live *live, struct leaf_rows *rows);
void live_fill_bpfmaps(struct live *live, struct leaf_rows *rows);
void live_fill_locks(struct live *live, struct leaf_rows *rows);

/* timers.c */
void live_fill_timers(struct live *live, struct leaf_rows *rows);

/* kinds.c: rows that are files seen from another side */
void live_fill_ttys(struct live *live, struct leaf_rows *rows);
void live_fill_memfds(struct live *live, struct leaf_rows *rows);
void live_fill_pipes(struct live *live, struct leaf_rows *rows);

/* ipc.c */
void live_fill_sysv(struct live *live, struct leaf_rows *rows);

/* network.c */
void live_fill_netdevs(struct live *live, struct leaf_rows *rows);
void live_fill_addresses(struct live *live, struct leaf_rows *rows);
void live_fill_routes(struct live *live, struct leaf_rows *rows);
void live_fill_rules(struct live *live, struct leaf_rows *rows);
