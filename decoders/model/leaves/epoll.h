/* What epoll files watch. */
#pragma once

#include "decoders/model/leaf.h"

struct epoll {
	struct origin origin;
	uint32_t file_id, pid;   /* of the epoll file */
	uint32_t target_fd;      /* as it was numbered in the task that added it */
	uint32_t target_file_id; /* what pid has under that number now */
	uint32_t events;         /* EPOLL* */
	uint64_t data;           /* the program's own */
	/* Of the watched file, where CRIU saved it: the kernel's form of the device. */
	uint32_t target_device;
	uint64_t target_inode, target_pos;
};

extern const struct leaf leaf_epoll;
