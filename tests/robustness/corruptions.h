/*
 * What can be wrong with a set of images, one thing at a time, and the check of `verify` that must say so, alone.
 * Included by verify_test.c.
 */
#pragma once

#include "tests/support/corrupt.h"

enum { MOST_CHANGES = 3 };

struct corruption {
	const char *id;       /* of the check */
	const char *sample;   /* a case of samples/cases, */
	const char *verified; /* ... which of its directories, */
	const char *parent;   /* ... and which of them is given as --parent; NULL: none */
	struct changed changes[MOST_CHANGES];
};

#define FDS "fds-criu4.2.1", "img", NULL
#define TREE "tree-criu4.2.1", "img", NULL
#define NET "net-criu4.2.1", "img", NULL
#define NS_ALL "ns-all-criu4.1.1", "img", NULL
#define CHAIN "predump-read-criu4.1.1", "2", NULL

static const struct corruption corruptions[] = {
	/* the dump as a whole */
	{ "img-inventory-missing", FDS, { { "img/inventory.img", DELETE, NULL, NULL } } },
	{ "img-dump-failed", FDS,
	  { { "img/dump.log", CONTENT, "(00.000001) Error (criu/cr-dump.c:2123): Dumping FAILED.\n", NULL } } },
	{ "img-pages-only", "page-server-criu4.1.1", "ps", NULL, { { NULL, UNCHANGED, NULL, NULL } } },
	{ "img-dump-failed", FDS,
	  { { "img/dump.log", CONTENT, "(00.000001) Error (criu/cr-dump.c:1905): Pre-dumping FAILED.\n", NULL } } },
	{ "img-version-unsupported", FDS, { { "img/inventory.img", SET, "/entries/0/img_version", "3" } } },
	{ "img-too-old", NET,
	  { { "img/inventory.img", SET, "/entries/0/fdinfo_per_id", "false" },
	    { "img/fdinfo-2.img", RENAME, "img/fdinfo-3089.img", NULL } } },
	{ "img-predump-only", "predump-read-criu4.1.1", "1", NULL, { { NULL, UNCHANGED, NULL, NULL } } },
	{ "img-pstree-missing", FDS, { { "img/pstree.img", DELETE, NULL, NULL } } },
	{ "img-pstree-missing", FDS,
	  { { "img/pstree.img", DELETE, NULL, NULL }, { "img/inventory.img", REMOVE, "/entries/0/root_ids", NULL } } },

	/* each image by itself */
	{ "img-magic", FDS, { { "img/fifo-data.img", BYTE, "4 0x99", NULL } } },
	{ "img-magic", FDS, { { "img/seccomp.img", RENAME, "img/tty-data.img", NULL } } },
	{ "img-truncated", FDS, { { "img/fifo-data.img", CUT, "3", NULL } } },
	{ "img-truncated", FDS, { { "img/tty-data.img", CONTENT, "", NULL } } },
	{ "img-truncated", FDS, { { "img/files.img", CUT, "3", NULL } } }, /* and not all that refers to the last of them */
	{ "img-message", FDS, { { "img/timens-0.img", BYTE, "12 0xff", NULL } } },
	{ "img-field-missing", NS_ALL, { { "img/utsns-12.img", BYTE, "12 0x1a", NULL } } },
	{ "img-value-unknown", FDS, { { "img/inventory.img", SET, "/entries/0/lsmtype", "9" } } },
	{ "img-field-unknown", FDS, { { "img/fs-3030.img", BYTE, "16 0x28", NULL } } },

	/* tasks */
	{ "pstree-pid-twice", FDS, { { "img/pstree.img", REPEAT, "/entries/1", NULL } } },
	{ "pstree-broken", FDS, { { "img/pstree.img", SET, "/entries/1/ppid", "99999" } } },
	{ "pstree-broken", FDS, { { "img/pstree.img", SET, "/entries/2/ppid", "0" } } },
	{ "pstree-broken", FDS, { { "img/pstree.img", SET, "/entries/1/ppid", "3035" } } },
	{ "pstree-thread-twice", TREE, { { "img/pstree.img", SET, "/entries/4/threads/1", "2963" } } },
	{ "pstree-thread-twice", TREE, { { "img/pstree.img", SET, "/entries/4/threads/1", "2970" } } },
	{ "pstree-group", FDS, { { "img/pstree.img", SET, "/entries/1/pgid", "3036" } } },
	{ "pstree-group", FDS, { { "img/pstree.img", SET, "/entries/3/pgid", "3030" } } },
	{ "img-missing-member", FDS, { { "img/core-3033.img", DELETE, NULL, NULL } } },
	{ "img-missing-member", TREE, { { "img/core-2969.img", DELETE, NULL, NULL } } },
	{ "img-missing-member", FDS, { { "img/mm-3033.img", DELETE, NULL, NULL } } },
	{ "img-missing-member", FDS, { { "img/fs-3033.img", DELETE, NULL, NULL } } },
	{ "img-missing-member", FDS, { { "img/pagemap-3033.img", DELETE, NULL, NULL } } },
	{ "img-missing-member", FDS, { { "img/fdinfo-3.img", DELETE, NULL, NULL } } },
	{ "kids-missing", FDS, { { "img/ids-3033.img", DELETE, NULL, NULL } } },
	{ "task-state-unknown", FDS, { { "img/core-3033.img", SET, "/entries/0/tc/task_state", "9" } } },
	{ "core-incomplete", FDS, { { "img/core-3033.img", REMOVE, "/entries/0/thread_core", NULL } } },
	{ "core-incomplete", FDS, { { "img/core-3033.img", REMOVE, "/entries/0/tc", NULL } } },
	{ "core-incomplete", FDS, { { "img/core-3033.img", REMOVE, "/entries/0/thread_info", NULL } } },
	{ "core-arch", FDS, { { "img/core-3033.img", SET, "/entries/0/mtype", "\"AARCH64\"" } } },

	/* mappings */
	{ "vma-unsorted", FDS, { { "img/mm-3030.img", SET, "/entries/0/vmas/1/start", "4194304" } } },
	{ "vma-unsorted", FDS, { { "img/mm-3030.img", REPEAT, "/entries/0/vmas/7", NULL } } },
	{ "vma-unaligned", FDS, { { "img/mm-3030.img", SET, "/entries/0/vmas/0/start", "4194305" } } },
	{ "vma-unsupported-bit", FDS, { { "img/mm-3030.img", SET, "/entries/0/vmas/11/status", "2147484161" } } },
	{ "mm-bounds", FDS, { { "img/mm-3030.img", SET, "/entries/0/mm_start_brk", "930693376" } } },
	{ "pagemap-outside-vma", FDS, { { "img/mm-3030.img", REMOVE, "/entries/0/vmas/6", NULL } } },
	{ "pagemap-outside-vma", FDS, { { "img/pagemap-3030.img", SET, "/entries/18/vaddr", "140737488351232" } } },

	/* pages */
	{ "pages-missing", FDS, { { "img/pages-3.img", DELETE, NULL, NULL } } },
	{ "pages-short", FDS, { { "img/pages-3.img", CUT, "1", NULL } } },
	{ "pages-short", FDS, { { "img/pages-1.img", CUT, "4096", NULL } } },
	{ "pages-short", "predump-read-criu4.1.1", "2", NULL, { { "1/pages-1.img", CUT, "4096", NULL } } },
	{ "pages-surplus", FDS, { { "img/pages-3.img", GROW, "4096", NULL } } },
	{ "pages-unlisted", FDS, { { "img/pagemap-3030.img", REMOVE, "/entries/18", NULL } } },
	{ "pagemap-unsorted", FDS, { { "img/pagemap-3030.img", SET, "/entries/3/vaddr", "4198400" } } },
	{ "pagemap-unaligned", FDS, { { "img/pagemap-3030.img", SET, "/entries/6/vaddr", "36283967602689" } } },
	{ "pagemap-flags", FDS, { { "img/pagemap-3030.img", SET, "/entries/6/flags", "8" } } },
	{ "pages-elsewhere", "page-server-criu4.1.1", "img", NULL, { { NULL, UNCHANGED, NULL, NULL } } },
	{ "pages-lazy", FDS, { { "img/pagemap-3030.img", SET, "/entries/3/flags", "2" } } },
	{ "parent-missing", CHAIN, { { "2/parent", DELETE, NULL, NULL } } },
	{ "parent-outside-archive", CHAIN, { { "2/parent", LINK, "../3", NULL } } },
	{ "parent-not-here", FDS, { { "img/parent", LINK, "../3", NULL } } },
	{ "parent-absolute", "predump-read-criu4.1.1", "2", "1", { { "2/parent", LINK, "/no/such/1", NULL } } },
	{ "parent-loop", CHAIN, { { "1/parent", LINK, "../2", NULL } } },
	{ "parent-page-missing", CHAIN, { { "1/pagemap-12230.img", REMOVE, "/entries/2", NULL } } },
	{ "shmem-missing", FDS, { { "img/pagemap-shmem-92.img", DELETE, NULL, NULL } } },
	{ "stats-inconsistent", CHAIN, { { "2/stats-dump", SET, "/entries/0/dump/pages_written", "1" } } },

	/* files */
	{ "fd-dangling", FDS, { { "img/fdinfo-2.img", SET, "/entries/0/id", "9999" } } },
	{ "fd-dangling", FDS, { { "img/files.img", DELETE, NULL, NULL } } },
	{ "fd-twice", FDS, { { "img/fdinfo-2.img", SET, "/entries/1/fd", "0" } } },
	{ "fd-type-unknown", FDS, { { "img/fdinfo-2.img", SET, "/entries/0/type", "40" } } },
	{ "file-twice", FDS, { { "img/files.img", REPEAT, "/entries/0", NULL } } },
	{ "file-mismatch", FDS, { { "img/files.img", REMOVE, "/entries/27/efd", NULL } } },
	{ "regfile-dangling", FDS, { { "img/mm-3030.img", SET, "/entries/0/exe_file_id", "999" } } },
	{ "regfile-dangling", FDS, { { "img/mm-3030.img", SET, "/entries/0/vmas/0/shmid", "999" } } },
	{ "regfile-dangling", FDS, { { "img/fs-3030.img", SET, "/entries/0/cwd_id", "999" } } },
	{ "regfile-dangling", FDS, { { "img/fs-3030.img", SET, "/entries/0/root_id", "999" } } },
	{ "ghost-missing", FDS, { { "img/ghost-file-2.img", DELETE, NULL, NULL } } },
	{ "ghost-short", FDS, { { "img/ghost-file-2.img", CUT, "1", NULL } } },
	{ "ghost-unnamed", FDS, { { "img/remap-fpath.img", DELETE, NULL, NULL } } },
	{ "ghost-unnamed", FDS, { { "img/remap-fpath.img", REMOVE, "/entries/0", NULL } } },
	{ "remap-dangling", FDS, { { "img/remap-fpath.img", SET, "/entries/0/orig_id", "999" } } },
	{ "remap-dangling", FDS, { { "img/remap-fpath.img", SET, "/entries/3/remap_id", "999" } } },
	{ "epoll-dangling", FDS, { { "img/files.img", SET, "/entries/32/epfd/tfd/0/tfd", "400" } } },
	{ "tty-dangling", FDS, { { "img/tty-info.img", DELETE, NULL, NULL } } },
	{ "memfd-dangling", FDS, { { "img/files.img", SET, "/entries/36/memfd/inode_id", "77" } } },
	{ "memfd-dangling", FDS, { { "img/memfd.img", DELETE, NULL, NULL } } },
	{ "lock-dangling", FDS, { { "img/filelocks.img", SET, "/entries/0/fd", "500" } } },

	/* sockets */
	{ "unix-peer-missing", NET, { { "img/files.img", SET, "/entries/26/usk/peer", "99999" } } },
	{ "unix-peer-torn", NET, { { "img/files.img", SET, "/entries/26/usk/peer", "10921" } } },
	{ "tcp-stream-missing", NET, { { "img/tcp-stream-2a8d.img", DELETE, NULL, NULL } } },
	{ "socket-state-unknown", NET, { { "img/files.img", SET, "/entries/7/isk/state", "99" } } },
	{ "queue-dangling", FDS, { { "img/pipes-data.img", SET, "/entries/0/pipe_id", "999" } } },
	{ "queue-dangling", FDS, { { "img/fifo-data.img", SET, "/entries/0/pipe_id", "999" } } },
	{ "queue-dangling", NET, { { "img/sk-queues.img", SET, "/entries/0/id_for", "999" } } },
	{ "rights-dangling", NET, { { "img/sk-queues.img", SET, "/entries/8/scm/0/rights/0", "999" } } },

	/* namespaces and the like */
	{ "namespace-missing", NS_ALL, { { "img/utsns-12.img", DELETE, NULL, NULL } } },
	{ "namespace-file-dangling", FDS,
	  { { "img/files.img", ADD, "/entries",
	      "{\"type\": \"NS\", \"id\": 200, \"nsf\": {\"id\": 200, \"ns_id\": 77, \"ns_cflag\": 1073741824, "
	      "\"flags\": 0}}" },
	    { "img/fdinfo-2.img", SET, "/entries/0/id", "200" },
	    { "img/fdinfo-2.img", SET, "/entries/0/type", "\"NS\"" } } },
	{ "mount-twice", NS_ALL, { { "img/mountpoints-13.img", REPEAT, "/entries/0", NULL } } },
	{ "mount-parent-missing", NS_ALL, { { "img/mountpoints-13.img", SET, "/entries/0/parent_mnt_id", "9999" } } },
	{ "mount-loop", NS_ALL, { { "img/mountpoints-13.img", SET, "/entries/15/parent_mnt_id", "66" } } },
	{ "tmpfs-missing", NS_ALL, { { "img/tmpfs-dev-45.tar.gz.img", DELETE, NULL, NULL } } },
	{ "cgroup-dangling", NS_ALL, { { "img/cgroup.img", DELETE, NULL, NULL } } },
	{ "seccomp-dangling", TREE, { { "img/core-2976.img", SET, "/entries/0/thread_core/seccomp_filter", "5" } } },
	{ "seccomp-dangling", TREE, { { "img/seccomp.img", DELETE, NULL, NULL } } },
	{ "seccomp-dangling", TREE, { { "img/seccomp.img", SET, "/entries/0/seccomp_filters/1/prev", "7" } } },
};
