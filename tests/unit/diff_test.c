/* Rules of comparing: which row, task and mapping is which, on checkpoints built by hand. */
#include "tests/support/handmade.h"

#include <stdlib.h>

#include "db/diff/memory.h"
#include "db/diff/rows.h"

/* --- what stands beside the tables ------------------------------------------------------------------ */

static void assert_columns(const struct table *table, const char *words)
{
	char *copy = strdup(words ? words : ""), *rest = copy, *word;

	while ((word = strsep(&rest, " ")))
		if (*word && !table_column(table, word))
			fail_msg("%s has no column %s", table->name, word);
	free(copy);
}

static void keys_and_noise_name_columns(void **state)
{
	(void)state;
	for (size_t i = 0; i < n_tables; i++) {
		if (!tables[i]->key)
			fail_msg("%s has no key", tables[i]->name);
		assert_columns(tables[i], tables[i]->key);
		assert_columns(tables[i], tables[i]->second_key);
		assert_columns(tables[i], tables[i]->noise);
		for (size_t k = 0; k < tables[i]->n_columns; k++)
			assert_false(names_word(tables[i]->key, tables[i]->columns[k].name) &&
				     names_word(tables[i]->noise, tables[i]->columns[k].name));
	}
}

static void words_are_whole(void **state)
{
	(void)state;
	assert_true(names_word("pid fd", "pid"));
	assert_true(names_word("pid fd", "fd"));
	assert_false(names_word("pid fd", "p"));
	assert_false(names_word("pid fd", "pid fd"));
	assert_false(names_word("file_id", "id"));
	assert_false(names_word("", "pid"));
	assert_false(names_word(NULL, "pid"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_and_noise_name_columns),
		cmocka_unit_test(words_are_whole),
	};

	return run_all(tests);
}
