/*
 * Indicators: what somebody else knows to be bad, one a line of a file, looked for in a checkpoint.
 *
 *     TYPE VALUE  # comment          sha256, sha1, md5, ip (or a network), domain, path, name, process, string
 *     VALUE                          a hash, an address, a path (with "/"), or a name with a dot in it, which is
 *                                    looked for as a domain and as the name of a file
 *
 * "TYPE:VALUE" does as well, and so do the lines of sha256sum. In path, name and process "*" and "?" stand for
 * anything. A string with blanks or "#" stands in quotes.
 *
 * Hashes are those of members, of files of the container, and of contents; addresses of sockets, interfaces and
 * routes; strings and domains are looked for in all bytes that a scan looks at, as UTF-16 too.
 */
#pragma once

#include "decoders/base/digest.h"
#include "decoders/memory/literals.h"
#include "decoders/memory/pattern.h"
#include "decoders/model/checkpoint.h"

enum indicator_type {
	INDICATOR_SHA256,
	INDICATOR_SHA1,
	INDICATOR_MD5,
	INDICATOR_ADDRESS,
	INDICATOR_DOMAIN,
	INDICATOR_PATH,
	INDICATOR_NAME,
	INDICATOR_PROCESS,
	INDICATOR_STRING,
	N_INDICATOR_TYPES,
};

struct indicator_words {
	const char *name; /* as lines have it */
	const char *rule, *title;
};
extern const struct indicator_words indicator_types[N_INDICATOR_TYPES];

enum {
	MOST_INDICATORS = 100000,
	MOST_SEARCHED = 1024,      /* strings and domains, which are looked for in every byte */
	MOST_GLOBS = 1024,         /* values with "*" or "?", and networks */
	SHORTEST_SEARCHED = 3,     /* bytes */
	LONGEST_INDICATOR = 1024,
};

struct indicator {
	enum indicator_type type;
	struct bytes value;   /* hashes in small letters */
	struct bytes comment; /* may be absent */
	const char *file;
	size_t line;
	uint8_t address[16];  /* IPv4 mapped into IPv6 */
	unsigned prefix;      /* bits of it that count */
};

struct indicator_group {
	struct literals literals;
	size_t first; /* its first literal is that of this one among .searched */
};

struct indicators {
	struct arena arena;
	VEC(struct indicator *) list;
	struct map exact;                 /* those that are equal or not, by type and value, to their index */
	VEC(struct indicator *) globs;    /* and networks */
	VEC(struct indicator *) searched;
	struct indicator_group *groups;
	size_t n_groups;
	bool has[N_INDICATOR_TYPES];
};

void indicators_init(struct indicators *indicators);
void indicators_free(struct indicators *indicators);

/* Adds those in TEXT, which is that of the file PATH; an error names the line that is broken. Both must outlive them. */
struct error *indicators_read(struct indicators *indicators, struct bytes text, const char *path)
	__attribute__((warn_unused_result));

/* When all are there. */
void indicators_prepare(struct indicators *indicators);

/* --- looking ------------------------------------------------------------------------------------------------ */

struct finds;
struct find_place;
struct locator;
struct scan_request;

/* Strings and domains that begin in [FROM, LIMIT) of SUBJECT. */
void indicators_look(const struct indicators *indicators, struct finds *finds, const struct subject *subject,
		     size_t from, size_t limit, const struct locator *locator);

/* Names and addresses in the tables, of what belongs to the processes that REQUEST is about. */
void indicators_look_at_tables(const struct scan_request *request, struct checkpoint *checkpoint, struct finds *finds);

/* Whether there are hashes among them. */
bool indicators_want_digests(const struct indicators *indicators);

/* Digests of bytes that pass; NULL where nobody asks for any, which all others take. */
struct digests_of_all *digests_begin(const struct indicators *indicators);
void digests_add_all(struct digests_of_all *digests, struct bytes data);
void digests_add_hole(struct digests_of_all *digests, uint64_t len);
void digests_compare(struct digests_of_all *digests, const struct indicators *indicators, struct finds *finds,
		     const struct find_place *place);
void digests_free(struct digests_of_all *digests);
