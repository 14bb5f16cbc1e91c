/* Terminals, the devices behind open files. */
#pragma once

#include "decoders/model/leaf.h"

struct tty {
	struct origin origin;
	uint32_t id;           /* CRIU's; file.inode of its files */
	const char *type;      /* pty, console, vt, ctty, ext_tty, serial */
	uint32_t index;        /* N of /dev/pts/N */
	uint32_t sid, pgrp;    /* ABSENT_U32: it controls no session */
	uint32_t rows, columns;
	uint32_t iflag, oflag, cflag, lflag; /* of termios(3) */
	uint32_t speed;        /* c_ospeed: baud, where cflag has BOTHER; ABSENT_U32 */
	bool is_locked, is_exclusive, is_packet_mode;
	uint32_t uid, gid;
	uint32_t device;       /* the C library's form */
	uint32_t n_files;      /* open files of it */
	uint64_t unread_bytes; /* input that waits; ABSENT_U64: none was saved */
};

extern const struct leaf leaf_tty;
