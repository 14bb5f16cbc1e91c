#include "db/index/own_tables.h"

#include "decoders/base/size.h"

const struct own_table own_tables[] = {
	{ "indexed", "what is in the index: a checkpoint, or what was taken for one and could not be read",
	  { { "id", "what the column checkpoint of the other tables means; never used again" },
	    { "identity", "SHA-256 over the digests of its files, of its parents, and inside; null: no digest" },
	    { "node", "where it was indexed, as --merge names it; empty: here" },
	    { "path", "absolute" },
	    { "inside", "which of several checkpoints in it" },
	    { "sha256", "of an archive itself" },
	    { "indexed_at", "when, ISO 8601 UTC" },
	    { "tool_version", "by which coldcase" },
	    { "status", "whole; damaged: what was intact is here; failed: no rows" },
	    { "revealed", "1: secrets are here as they are (--reveal)" },
	    { "n_rows", "rows of all tables" },
	    { "has_pages", "1: hashes of its pages are here (--pages)" },
	    { "is_complete", "0: tables or columns came later; it is read again when it is indexed again" } } },
	{ "indexed_problem", "what was wrong with a checkpoint, as it was told",
	  { { "checkpoint", "indexed.id" }, { "position", "from 0" }, { "message", "the text" } } },
	{ "page_list", "hashes of pages that follow one another; each list is here once",
	  { { "id", "its number" },
	    { "digest", "XXH3 of the hashes, by which they are found" },
	    { "hashes", "16 bytes a page: XXH3-128, canonical; zeroes: a page of zeroes" } } },
	{ "page_range", "where such pages are; the view page has a row for each of them",
	  { { "checkpoint", "indexed.id" },
	    { "pid", "of a process; or else" },
	    { "shmid", "of memory that processes share" },
	    { "address", "of the first page; in shared memory the place" },
	    { "page_size", "bytes" },
	    { "list", "page_list.id" } } },
	{ "page_overlap", "two checkpoints with pages in common, and how many different ones, those of zeroes aside",
	  { { "a", "indexed.id" }, { "b", "indexed.id, not below a" }, { "pages", "where a = b: all of one" } } },
	{ "page_number", "a number from 0 to 1023, for taking lists apart", { { "i", "the number" } } },
};
const size_t n_own_tables = ARRAY_SIZE(own_tables);
