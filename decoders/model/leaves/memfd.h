/* Memory files; CRIU keeps shared anonymous memory as such, too. */
#pragma once

#include "decoders/model/leaf.h"

struct memfd {
	struct origin origin;
	uint64_t inode_id;  /* file.inode of its files */
	struct bytes name;
	uint64_t size;      /* bytes */
	uint32_t shmid;     /* N of pagemap-shmem-N, where its content is */
	uint32_t seals;     /* F_SEAL_* */
	uint32_t uid, gid;
	uint32_t mode;
	uint32_t hugetlb;   /* MFD_HUGE*, or ABSENT_U32: ordinary pages */
	uint32_t n_files;   /* open files and mappings of it */
};

extern const struct leaf leaf_memfd;
