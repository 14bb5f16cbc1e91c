/* The archive around the images. */
#include "db/verify/internal.h"

static void damaged(struct verifier *verifier)
{
	found_source_damage(verifier, false);
}

static void trailing(struct verifier *verifier)
{
	found_source_damage(verifier, true);
}

static const struct verify_check checks[] = {
	{ "archive-damaged", SEVERITY_ERROR, "the archive is damaged",
	  "what it held may be lost, and who unpacks it gets other files than are shown here",
	  "copy or download the archive once more and compare its SHA-256 (coldcase manifest)", FINDS_DAMAGE,
	  damaged },
	{ "archive-trailing", SEVERITY_WARNING, "something stands behind the end of the archive",
	  "nobody reads it: the rest of a longer file that was written over, or something hidden",
	  "list member shows what it is; write the archive to a new file next time", FINDS_DAMAGE, trailing },
};

const struct check_group archive_checks = { checks, ARRAY_SIZE(checks), false };
