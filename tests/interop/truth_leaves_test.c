/*
 * The tables that nothing else refers to (leaves) against what is known otherwise of the cases.
 * With CORPUS=DIRECTORY the cases are the directories there.
 */
#include "tests/interop/truth_file_leaves.h"
#include "tests/interop/truth_task_leaves.h"

int main(void)
{
	const struct subject subjects[] = { task_leaves_subject, file_leaves_subject };

	return run_over_cases("leaves", subjects, ARRAY_SIZE(subjects));
}
