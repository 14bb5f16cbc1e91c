/*
 * Two checkpoints, compared by a thread while keys are heard.
 *
 * First the tables, one after another: for them the thread loads both models, so nothing of either may be looked at until
 * that is over, and what is known by then are counts. Then the memory, mapping by mapping, on copies of the models that
 * nothing is loaded into; all keys work again meanwhile, and mappings come as they are compared.
 *
 * Esc ends it, tables between two of them, memory at once. What was compared by then stays.
 */
#pragma once

#include "db/diff/memory.h"
#include "db/diff/rows.h"

enum comparing_stage {
	COMPARING_TABLES, /* the thread has the models */
	COMPARING_MEMORY,
	COMPARING_OVER,
};

struct comparing_counts {
	size_t removed, added, changed, same;
};

struct comparing;

/* Begins. Both must outlive it. */
struct comparing *comparing_new(struct checkpoint *before, struct checkpoint *after);

/* Ends it, and waits for that. */
void comparing_free(struct comparing *comparing);

/* Where it is, by now. */
enum comparing_stage comparing_look(struct comparing *comparing);

/* Whether a thread has the models at the moment; COMPARING may be NULL. */
bool comparing_has_models(struct comparing *comparing);

void comparing_stop(struct comparing *comparing);
bool comparing_is_stopped(const struct comparing *comparing);

/* Tables that are compared; how many are done; the counts of one that is. */
size_t comparing_n_tables(const struct comparing *comparing);
size_t comparing_n_done(const struct comparing *comparing);
const struct table *comparing_table(const struct comparing *comparing, size_t i);
struct comparing_counts comparing_counts(const struct comparing *comparing, size_t i);

/* Mappings that are compared, the sum of their pages, and how many bytes were read on either side. */
size_t comparing_n_regions(struct comparing *comparing);
struct memory_region comparing_region(struct comparing *comparing, size_t i);
struct page_tally comparing_total(struct comparing *comparing);
uint64_t comparing_bytes(struct comparing *comparing);

/* Why memory is not compared; NULL where it is. */
const char *comparing_no_memory(const struct comparing *comparing);

/* --- behind COMPARING_TABLES --- */

const struct comparison *comparing_comparison(const struct comparing *comparing);

/* NULL: of a table that is not compared. */
const struct table_diff *comparing_table_diff(const struct comparing *comparing, const struct table *table);

/*
 * The models as a thread reads them: the same rows, which are all loaded, and problems of its own to add to.
 */
struct comparing_copy {
	struct checkpoint before, after;
	struct comparison comparison;
};
void comparing_copy(const struct comparing *comparing, struct comparing_copy *ret);

/* No thread has it any more: what was found to be wrong is the models' now. */
void comparing_copy_end(const struct comparing *comparing, struct comparing_copy *copy);
