/*
 * Where bytes come from.
 *
 * A source is an image directory or an archive, opened for reading and indexed once: a list of
 * members, each with its name, its size and the places where its bytes lie. Nothing is ever
 * unpacked to disk, no link is ever followed, and evidence is read, not mapped (a mapping brings
 * SIGBUS when a file is cut, and bytes that change between check and use).
 *
 * In a directory a member is a file, opened when its bytes are asked for. In an uncompressed tar
 * it is a range of the archive, known after its header was read; everything else is skipped by
 * seeking. A compressed tar is streamed once: while it passes, the caller's capture decides what
 * of each member is kept in memory, and the rest is gone.
 *
 * A member may be an archive itself (a layer of an OCI image, the difference of a root file system): a
 * source of its own then, whose bytes are read through the source around it.
 *
 * Facts about tar producers: docs/ARCHITECTURE.md, "Archives".
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "decoders/base/arena.h"
#include "decoders/base/bytes.h"
#include "decoders/base/error.h"
#include "decoders/source/spool.h"

enum member_type {
	MEMBER_FILE,
	MEMBER_DIRECTORY,
	MEMBER_SYMLINK,
	MEMBER_HARDLINK,
	MEMBER_FIFO,
	MEMBER_CHARDEV,
	MEMBER_BLOCKDEV,
	MEMBER_SOCKET,
	MEMBER_OTHER,
};
const char *member_type_name(enum member_type type); /* "file", "directory", ... */

enum member_state {
	MEMBER_OK,
	MEMBER_TRUNCATED, /* the archive ends inside it */
	MEMBER_UNSAFE,    /* its name climbs out of the archive; listed, never used */
	MEMBER_REPLACED,  /* a later member has the same name; listed, never used */
	MEMBER_SALVAGED,  /* found behind damage; used where no other has its name */
	MEMBER_TRAILING,  /* behind the end of the archive; listed, never used */
};

/* A range of a member and where its bytes are. What no piece covers was not kept. */
struct piece {
	uint64_t start, len;     /* within the member */
	uint8_t *memory;         /* the bytes, or NULL: */
	uint64_t archive_offset; /* ... they are in the archive file, here */
};

struct member {
	struct bytes name; /* relative and clean: no leading "./" or "/", no "//", no trailing "/" */
	struct bytes link; /* of links: the target as stored */
	enum member_type type;
	enum member_state state;
	bool has_been_loaded; /* whole, by source_load */
	bool is_sparse;      /* between its pieces are zeroes, not bytes that were not kept */
	uint32_t mode, uid, gid; /* mode: permission bits only */
	uint64_t size;
	int64_t mtime;           /* seconds since 1970 */
	uint64_t archive_offset; /* of the first data byte, before compression; else NO_OFFSET */
	const struct piece *pieces;
	size_t n_pieces;
};

enum compression {
	COMPRESSION_NONE,
	COMPRESSION_GZIP,
	COMPRESSION_ZSTD,
	COMPRESSION_XZ,
	COMPRESSION_BZIP2,
	COMPRESSION_LZ4,
};

/* A directory's file that stays open because it will be read again. */
struct open_file {
	int directory;   /* its descriptor */
	uint32_t member;
	int fd;          /* -1: none */
};
#define NO_OPEN_FILE ((struct open_file){ .directory = -1, .fd = -1 })

struct source {
	struct arena arena;
	char *path;            /* as the user named it; of a member OUTER/MEMBER */
	int fd;                /* the directory or the archive; -1: it is a member: */
	struct spool *spool;   /* where compressed archives are inflated to; NULL: they are streamed */
	bool is_spooled;       /* this one was: it is read from there */
	bool lacks_rest;       /* ... and ends in there before it does itself, which was told */
	uint64_t spool_start, spool_size;
	struct source *outer;  /* of this source */
	uint32_t outer_member; /* its index in there */
	bool owns_outer;       /* closed together */
	bool is_directory;
	bool is_flat; /* a directory whose own files alone are members */
	enum compression compression;
	bool is_cut;      /* it ends inside a member, which was told: what stood behind is not known */
	bool is_streamed; /* compressed, or a pipe: only what was kept can be read */
	uint64_t size; /* of the archive file; of a directory the sum of its files */
	uint64_t loaded_holes; /* bytes of holes in members that were loaded */
	uint64_t unpacked; /* bytes that passed while streamed archives were read */
	uint64_t unpacked_inside; /* the same of archives inside it; of the outermost only */
	VEC(struct member) members; /* in the order of the archive; a directory's sorted by name */
	uint32_t *by_name;          /* indices of usable members, sorted by name */
	size_t n_by_name;
	struct problems problems;   /* damage found while indexing */
	struct open_file last;      /* of a directory: the member that was read last */
};

/* What to keep of a member of a compressed archive. */
enum capture_plan {
	CAPTURE_NOTHING,
	CAPTURE_ALL,
	CAPTURE_RANGES,
};

struct range {
	uint64_t start, len;
};

struct capture {
	/*
	 * Called for each regular member of a streamed archive, before its data passes. HEAD:
	 * its first bytes, up to CAPTURE_HEAD; of CAPTURE_NOTHING they are kept. RET_RANGES, for
	 * CAPTURE_RANGES only: sorted, disjoint, in ARENA.
	 */
	enum capture_plan (*plan)(void *context, const struct source *source,
				  const struct member *member, struct bytes head,
				  struct arena *arena, const struct range **ret_ranges,
				  size_t *ret_n);
	/* May be NULL. Called with the data of each as it passes; holes are left out. */
	void (*pass)(void *context, const struct source *source, const struct member *member,
		     uint64_t start, struct bytes data);
	/*
	 * May be NULL. Called with the bytes of the archive as they are stored, each once and in order, to
	 * its very end. A plain archive is streamed then as a compressed one is. Not called for a file
	 * with more than MOST_ZEROES bytes of holes, which is told.
	 */
	void (*stored)(void *context, struct bytes data);
	void *context;
	struct spool *spool; /* not NULL: nothing streams past, all is kept there; spool.h */
};

enum {
	CAPTURE_HEAD = 64,
	MAX_NAME = 64 << 10, /* bytes of one member's name, and of a link's target */
	MAX_MEMBERS = 4000000,
	MAX_DIRECTORY_DEPTH = 16,
	MAX_NESTING = 4, /* archives inside archives */
};
#define MAX_NAMES ((uint64_t)256 << 20)           /* bytes of all names of an archive */
#define INFLATED_FLOOR ((uint64_t)4 << 30)        /* what any archive may inflate to ... */
#define INFLATED_FACTOR ((uint64_t)1024)          /* ... and this often its size on top */
#define INSIDE_FACTOR ((uint64_t)16)              /* the same of all archives inside it together */
#define MAX_CAPTURED ((uint64_t)1 << 30)          /* bytes kept of one compressed archive */
#define MAX_LOADED ((uint64_t)256 << 20)          /* one member, loaded whole; all holes of those loaded */

/*
 * Opens PATH ("-": standard input) and indexes it. CAPTURE may be NULL: then nothing but heads is kept of a compressed
 * archive. Damage inside is collected in ret->problems; an error means there is nothing to read.
 */
struct error *source_open(const char *path, const struct capture *capture, struct source *ret)
	__attribute__((warn_unused_result));
void source_close(struct source *source);

/* A directory, without what is in the directories below it. */
struct error *source_open_flat(const char *path, struct source *ret)
	__attribute__((warn_unused_result));

/*
 * Opens the archive that MEMBER is. OUTER must outlive *ret; where it is streamed it is read once
 * more. An error where the member is no archive, is nested deeper than MAX_NESTING, or where the
 * archives inside the outermost that were opened before inflated to more than the limit.
 */
struct error *source_open_member(struct source *outer, const struct member *member,
				 const struct capture *capture, struct source *ret)
	__attribute__((warn_unused_result));

/* Moves the source around SOURCE to the heap; from now on the two are closed together. */
void source_own_outer(struct source *source);

/* The file or directory that the user named, at whatever depth SOURCE lies in it. */
const struct source *source_outermost(const struct source *source);

/* Whether both are the same directory, or the same archive. */
bool source_is_same(const struct source *a, const struct source *b);

/* Whether a member begins as an archive does: a tar header, or the magic of a compression. */
bool source_is_archive(struct source *source, const struct member *member);

/* A file as it is, whatever is in it: a source of one member, which has the file's name. */
struct error *source_open_file(const char *path, struct source *ret)
	__attribute__((warn_unused_result));

/* A range of a member that is wanted after all. */
struct want {
	uint32_t member; /* index */
	struct range range;
};

/*
 * Keeps more of a streamed archive, reading it once more where anything is missing; of other
 * sources all can be read anyway.
 */
struct error *source_keep(struct source *source, const struct want *wants, size_t n)
	__attribute__((warn_unused_result));

/* The usable member of that name, or NULL. Of several with one name the last counts, as in tar. */
const struct member *source_find(const struct source *source, struct bytes name);

static inline uint32_t source_index(const struct source *source, const struct member *member)
{
	return (uint32_t)(member - source->members.items);
}

/* How many bytes of a member from its start can be read without a gap. */
uint64_t member_readable(const struct source *source, const struct member *member);

/* Exactly LEN bytes from OFFSET of a member into BUFFER. */
struct error *source_read(struct source *source, const struct member *member, uint64_t offset,
			  void *buffer, size_t len) __attribute__((warn_unused_result));

/*
 * The same for threads that read at once, each with an open_file of its own: NO_OPEN_FILE at first, and
 * its .fd closed by the caller in the end.
 */
struct error *source_read_with(struct open_file *last, struct source *source,
			       const struct member *member, uint64_t offset, void *buffer,
			       size_t len) __attribute__((warn_unused_result));

/*
 * How many of LEN bytes at OFFSET of a member are zeroes that need not be read: a hole of a sparse member, or
 * of the file that it is in. 0 where nothing is known of them. LAST: as for source_read_with.
 */
uint64_t source_hole(struct open_file *last, struct source *source, const struct member *member,
		     uint64_t offset, uint64_t len);

/*
 * A member whole, up to LIMIT bytes. Where it is cut short or longer than LIMIT, or there are too many holes,
 * *ret is what there is and the error says what is missing.
 */
struct error *source_load(struct source *source, const struct member *member, uint64_t limit,
			  struct arena *arena, struct bytes *ret)
	__attribute__((warn_unused_result));

/* Up to LEN first bytes, fewer where the member has fewer. Used to recognise it. */
size_t source_head(struct source *source, const struct member *member, uint8_t *buffer, size_t len);
