/* What the files of this room share: what is being verified, and how a check says what it found. */
#pragma once

#include "db/verify/verify.h"
#include "decoders/base/map.h"
#include "decoders/base/size.h"
#include "decoders/model/layers.h"
#include "decoders/model/load.h"

/*
 * What only the images themselves say: the model has joined it, left it out, or given it another place. One walk
 * over all images collects it (collect.c).
 */
struct task_fact {
	struct origin origin;
	uint32_t pid, ppid, pgid, sid;
	const uint32_t *threads;
	uint32_t n_threads;
};

struct core_fact {
	struct origin origin;
	uint32_t tid;
	uint32_t march;
	bool has_registers; /* of that architecture */
	bool has_task;      /* tc: only the core of a task has it */
	bool has_thread;
	uint32_t state;     /* of has_task */
};

struct mm_fact {
	struct origin origin;
	uint32_t pid, exe_file_id;
	uint64_t start_code, end_code, start_data, end_data, start_brk, brk;
	uint64_t arg_start, arg_end, env_start, env_end;
};

struct fs_fact {
	struct origin origin;
	uint32_t pid, cwd_id, root_id;
};

struct remap_fact {
	struct origin origin;
	uint32_t file_id, remap_id;
	enum { REMAP_LINKED, REMAP_GHOST, REMAP_OTHER } kind;
};

/* What a ghost image has of a deleted file. */
struct ghost_fact {
	struct origin origin;
	uint32_t id;
	uint64_t bytes;
	bool is_plain; /* a regular file, and not in chunks: it has all of it */
};

/* An open file whose type and content differ. */
struct file_fact {
	struct origin origin;
	uint32_t type, id;
};

/* A file that was sent through a socket and not received yet. */
struct rights_fact {
	struct origin origin;
	uint32_t queue, file_id;
};

/* Bytes that were on their way through a pipe, a fifo or a socket. */
struct queue_fact {
	struct origin origin;
	uint32_t type; /* of the file: of a socket any (UND), as its id is unique */
	uint32_t id;   /* pipe id, or the socket's file id */
};

/* A field that this version of CRIU does not know, or a value that its enum does not have. */
struct field_fact {
	struct origin origin;
	const char *message;
	const char *field; /* NULL: not known */
	uint64_t number;   /* of the field; of a known one its value */
};

/* A page map of this checkpoint or of an ancestor. */
struct map_fact {
	uint32_t layer, member; /* the member of that layer's source */
	bool is_shmem;
	uint64_t id;            /* pid or shmid */
	uint32_t process;       /* row, or NO_ROW */
	const struct pagemap *pagemap;
	const struct member *pages; /* the file with its bytes; NULL: it is not there */
	uint32_t page_size;     /* 0: unknown */
};

struct inventory_fact {
	struct origin origin;
	uint32_t img_version, pre_dump_mode, root_cg_set;
	uint32_t mnt_ns, net_ns, ipc_ns, uts_ns, user_ns, time_ns; /* criu's own; ABSENT_U32 */
	bool is_there, fdinfo_per_id, has_root_ids, has_dump_uptime, tcp_close;
};

struct facts {
	struct inventory_fact inventory;
	VEC(struct task_fact) tasks;
	VEC(struct core_fact) cores;
	VEC(struct mm_fact) mms;
	VEC(struct fs_fact) filesystems;
	VEC(struct remap_fact) remaps;
	VEC(struct ghost_fact) ghosts;
	struct map ghost_by_id;
	VEC(struct rights_fact) rights;
	VEC(struct queue_fact) queues;
	VEC(struct file_fact) mismatched;
	VEC(struct field_fact) unknown_fields, unknown_values;
	VEC(struct map_fact) maps;
	struct map core_by_tid;
	bool has_pages, has_tasks;        /* any image of that sort, but for files of pages: */
	bool has_page_files;
	uint64_t n_unknown_fields;        /* with those that are not kept */
};

struct run_place;

struct verifier {
	struct checkpoint *checkpoint;
	struct findings *findings;
	struct facts facts;
	struct problems problems;  /* of the checkpoint, taken over */
	const struct verify_check *check; /* that is running */
	enum verify_kind kind;     /* of what it finds now */
	bool only_counts;          /* and finds nothing: an image is absent */
	size_t counted;
	VEC(const char *) absent;  /* images that were told already */
	VEC(struct run_place) places;
	bool found[FINDS_DAMAGE + 1]; /* anything of that kind */
};

/* A finding about an entry of a page map, which keeps no offsets: they are looked up in the end (places.c). */
struct run_place {
	size_t finding;         /* index */
	const struct map_fact *map;
	uint32_t entry;
};

/* As found, about an entry of a page map, or the map itself (NO_ENTRY). */
struct finding *found_run(struct verifier *verifier, const struct map_fact *map, uint32_t entry,
			  const char *subject, ...) __attribute__((format(printf, 4, 5)));
void find_places(struct verifier *verifier);

/* Fills .facts. */
void collect_facts(struct verifier *verifier);
void collect_maps(struct verifier *verifier);

/* Whether the dump came to its end and is not a pre-dump: only then images refer to one another. */
bool is_finished(const struct verifier *verifier);

/* Whether the images are a page server's: pages and nothing else. */
bool is_page_server(const struct verifier *verifier);

/* Whether a page server has all the memory, and its directory is not here. */
bool are_pages_elsewhere(const struct verifier *verifier);

/* --- saying it ------------------------------------------------------------------------------------------ */

/*
 * A finding of the check that is running, about a place and a subject. NULL where it is only counted: the
 * functions below do nothing then.
 */
struct finding *found(struct verifier *verifier, struct origin origin, uint32_t pid,
		      const char *subject, ...) __attribute__((format(printf, 4, 5)));
struct finding *vfound(struct verifier *verifier, struct origin origin, uint32_t pid,
		       const char *subject, va_list args) __attribute__((format(printf, 4, 0)));

/* What is wrong with it. */
void says(struct verifier *verifier, struct finding *finding, const char *message, ...)
	__attribute__((format(printf, 3, 4)));

void with_number(struct verifier *verifier, struct finding *finding, const char *name, uint64_t number);
void with_address(struct verifier *verifier, struct finding *finding, const char *name,
		  uint64_t address);
void with_text(struct verifier *verifier, struct finding *finding, const char *name,
	       struct bytes text);

/* The problems of the images that are of this sort become findings. */
void found_damage(struct verifier *verifier, enum damage damage);
/* Those of the archive around them. */
void found_source_damage(struct verifier *verifier, bool trailing);

/* --- the checks ------------------------------------------------------------------------------------------ */

struct check_group {
	const struct verify_check *checks;
	size_t n;
	bool of_references; /* of a dump that is finished only */
};

/* What to do about most of what is broken. */
extern const char take_again[];

extern const struct check_group archive_checks, image_checks, task_checks, pages_checks, vma_checks,
	file_checks, socket_checks, namespace_checks;
