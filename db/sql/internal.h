/* What the files of this room share, and nobody else sees. */
#pragma once

#include "db/sql/database.h"
#include "db/tables/table.h"
#include "decoders/model/address_space.h"

enum { SCHEMA_NAME = 8 };

/* A checkpoint and the name of its schema. */
struct part {
	char name[SCHEMA_NAME];
	struct checkpoint *checkpoint;
};

/* The address space that was looked at last: the next look is mostly into the same one. */
struct last_space {
	struct address_space space;
	struct checkpoint *checkpoint; /* NULL: none yet */
	uint32_t pid;
	struct arena arena;
};

struct database {
	sqlite3 *handle;
	struct arena arena;    /* what lives as long as the connection */
	struct arena sorted;   /* sorted rows: sorted.h */
	struct part *parts;
	size_t n_parts;
	char index[SCHEMA_NAME]; /* the first schema that is a file; "": none */
	bool reveal;
	bool is_sealed;        /* the authorizer lets nothing but reading through */
	VEC(const char *) readable; /* names of tables */
	uint64_t steps_most, steps_left;
	const volatile sig_atomic_t *interrupt;
	bool interrupted;
	struct error *failure; /* what a function or table found, more exactly than SQLite can say it */
	size_t before;         /* bytes of a statement that are not the user's */
	char refused[96];      /* what the authorizer refused last */
	struct last_space last;
};

/* Registers the module "coldcase" whose tables are those of the data dictionary. */
int module_register(struct database *database);

/* Refuses all but reading; what exists now is readable. */
struct error *database_seal(struct database *database) __attribute__((warn_unused_result));

/* SQLite's last error as one of ours; SQL: what was being prepared, or absent. */
struct error *database_error(struct database *database, struct bytes sql)
	__attribute__((returns_nonnull, warn_unused_result));

/* Ends a function with an error of ours. */
void function_fail(sqlite3_context *context, struct database *database, struct error *error);
