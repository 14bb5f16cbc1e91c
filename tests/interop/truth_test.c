/*
 * The tables against the truth: every bundled case holds what its tasks were, as /proc, ss(8),
 * the engine and the workload itself said before the dump, and what the reference decoder read.
 *
 * One program for all subjects, so that a case is unpacked once and each table listed once. With
 * CORPUS=DIRECTORY the cases are the directories there.
 */
#include "tests/interop/corpus.h"
#include "tests/interop/truth_engine.h"
#include "tests/interop/truth_fd.h"
#include "tests/interop/truth_image.h"
#include "tests/interop/truth_process.h"
#include "tests/interop/truth_rootfs.h"
#include "tests/interop/truth_socket.h"
#include "tests/interop/truth_vma.h"

int main(void)
{
	static const struct subject subjects[] = {
		{ "checkpoint", checkpoint_is_known, enough_checkpoints_were_compared },
		{ "members", images_are_listed, enough_images_were_listed },
		{ "processes", processes_are_true, enough_processes_were_compared },
		{ "descriptors", descriptors_are_true, enough_descriptors_were_compared },
		{ "sockets", sockets_are_true, enough_sockets_were_compared },
		{ "mappings", mappings_are_true, enough_mappings_were_compared },
		{ "changed files", changes_are_true, enough_changes_were_compared },
		{ "the engine's difference", engine_diff_is_true, NULL },
		{ "forms", forms_are_alike, enough_forms_were_compared },
	};

	return run_over_cases("truth", subjects, ARRAY_SIZE(subjects));
}
