/* Each image by itself, and whether the dump came to its end. */
#include "db/verify/internal.h"
#include "decoders/model/leaves/log.h"

/* --- the dump as a whole ---------------------------------------------------------------------------------- */

static bool is_failure(const struct log_line *line)
{
	return bytes_start_with(line->message, BYTES("Dumping FAILED")) ||
	       bytes_start_with(line->message, BYTES("Pre-dumping FAILED"));
}

static const struct log_line *last_failure(const struct checkpoint *checkpoint,
					   const struct log_line **ret_first_error)
{
	struct leaf_rows rows = checkpoint_leaf(checkpoint, &leaf_log);
	const struct log_line *lines = rows.items, *last = NULL;

	*ret_first_error = NULL;
	for (size_t i = 0; i < rows.n; i++) {
		if (lines[i].level && !strcmp(lines[i].level, "error") && !*ret_first_error)
			*ret_first_error = &lines[i];
		if (is_failure(&lines[i]))
			last = &lines[i];
	}
	return last;
}

static void inventory_missing(struct verifier *verifier)
{
	struct finding *finding;

	if (verifier->facts.inventory.is_there || is_page_server(verifier))
		return;
	finding = found(verifier, NO_ORIGIN, ABSENT_U32, "the images");
	if (verifier->checkpoint->source.is_cut)
		says(verifier, finding, "inventory.img is not in what is left of the archive, which is cut");
	else
		says(verifier, finding, "there is no inventory.img beside them: CRIU writes it last");
}

static void pages_only(struct verifier *verifier)
{
	struct finding *finding;

	if (!is_page_server(verifier))
		return;
	finding = found(verifier, NO_ORIGIN, ABSENT_U32, "the images");
	says(verifier, finding, "page maps and pages, and no task: what a page server received");
	with_number(verifier, finding, "page_maps", verifier->facts.maps.n);
}

static void dump_failed(struct verifier *verifier)
{
	const struct log_line *error, *failed = last_failure(verifier->checkpoint, &error);
	struct finding *finding;

	if (!failed)
		return;
	finding = found(verifier, failed->origin, ABSENT_U32, "the dump");
	says(verifier, finding, "its log ends with \"%.*s\"", BYTES_FMT(failed->message));
	if (error)
		with_text(verifier, finding, "first_error", error->message);
}

static void version_unsupported(struct verifier *verifier)
{
	const struct inventory_fact *inventory = &verifier->facts.inventory;
	struct finding *finding;

	if (!inventory->is_there || inventory->img_version == 1 || inventory->img_version == 2 ||
	    (inventory->img_version == 0 && verifier->facts.tasks.n == 0))
		return;
	finding = found(verifier, inventory->origin, ABSENT_U32, "the inventory");
	says(verifier, finding, "images of version %u; CRIU reads 1 and 2", inventory->img_version);
	with_number(verifier, finding, "img_version", inventory->img_version);
}

static void too_old(struct verifier *verifier)
{
	const struct inventory_fact *inventory = &verifier->facts.inventory;
	struct finding *finding;

	if (!is_finished(verifier) || inventory->fdinfo_per_id)
		return;
	finding = found(verifier, inventory->origin, ABSENT_U32, "the inventory");
	says(verifier, finding, "fdinfo_per_id is not set: descriptors are listed by pid");
}

/* A pre-dump has no cores, and its inventory neither of root_ids and fdinfo_per_id, whatever its version. */
static bool is_predump(const struct verifier *verifier)
{
	return !verifier->facts.tasks.n && !verifier->facts.cores.n && !verifier->facts.inventory.has_root_ids;
}

static void predump_only(struct verifier *verifier)
{
	const struct inventory_fact *inventory = &verifier->facts.inventory;
	struct finding *finding;
	size_t n = 0;

	if (!inventory->is_there || !is_predump(verifier) || verifier->checkpoint->has_child)
		return;
	for (size_t i = 0; i < verifier->facts.maps.n; i++)
		n += verifier->facts.maps.items[i].layer == 0;
	finding = found(verifier, inventory->origin, ABSENT_U32, "the images");
	says(verifier, finding, "memory of tasks, and no task: a pre-dump");
	with_number(verifier, finding, "page_maps", n);
}

static void pstree_missing(struct verifier *verifier)
{
	const struct inventory_fact *inventory = &verifier->facts.inventory;
	struct finding *finding;

	if (!inventory->is_there || verifier->facts.tasks.n || is_predump(verifier))
		return;
	finding = found(verifier, inventory->origin, ABSENT_U32, "pstree.img");
	if (verifier->checkpoint->source.is_cut && !checkpoint_image(verifier->checkpoint, "pstree.img"))
		says(verifier, finding, "it is not in what is left of the archive, which is cut");
	else
		says(verifier, finding, "there is none, or no task in it, though the dump came to its end");
}

/* --- damage ------------------------------------------------------------------------------------------------- */

static void bad_magic(struct verifier *verifier)
{
	found_damage(verifier, DAMAGE_MAGIC);
}

static void cut_short(struct verifier *verifier)
{
	found_damage(verifier, DAMAGE_CUT);
}

static void broken_message(struct verifier *verifier)
{
	found_damage(verifier, DAMAGE_MESSAGE);
}

static void field_missing(struct verifier *verifier)
{
	found_damage(verifier, DAMAGE_FIELD);
}

static void unreadable(struct verifier *verifier)
{
	found_damage(verifier, DAMAGE_OTHER);
}

/* --- what a newer CRIU wrote -------------------------------------------------------------------------------- */

/* An entry of a list may repeat it in every item: once an entry. */
static bool is_same_field(const struct field_fact *a, const struct field_fact *b)
{
	return a->origin.member == b->origin.member && a->origin.entry == b->origin.entry &&
	       a->message == b->message && a->field == b->field && a->number == b->number;
}

static void unknown_field(struct verifier *verifier)
{
	const struct field_fact *items = verifier->facts.unknown_fields.items;

	for (size_t i = 0; i < verifier->facts.unknown_fields.n; i++) {
		struct finding *finding;

		if (i && is_same_field(&items[i - 1], &items[i]))
			continue;
		finding = found(verifier, items[i].origin, ABSENT_U32, "field %llu of %s",
				(unsigned long long)items[i].number, items[i].message);
		says(verifier, finding, "CRIU 4.2 does not have it");
	}
}

static void unknown_value(struct verifier *verifier)
{
	const struct field_fact *items = verifier->facts.unknown_values.items;

	for (size_t i = 0; i < verifier->facts.unknown_values.n; i++) {
		struct finding *finding;

		if (i && is_same_field(&items[i - 1], &items[i]))
			continue;
		finding = found(verifier, items[i].origin, ABSENT_U32, "%s of %s", items[i].field,
				items[i].message);
		says(verifier, finding, "%llu is none of its values", (unsigned long long)items[i].number);
		with_number(verifier, finding, "value", items[i].number);
	}
}

static const struct verify_check checks[] = {
	{ "img-inventory-missing", SEVERITY_BLOCKER, "the dump did not finish",
	  "CRIU does not start to restore without inventory.img",
	  "take the checkpoint once more; coldcase log --errors shows why it failed", FINDS_ABSENCE,
	  inventory_missing },
	{ "img-dump-failed", SEVERITY_BLOCKER, "CRIU says itself that the dump failed", "the images are incomplete",
	  "look at the first error of the log (coldcase log), then dump again", FINDS_NOTICE, dump_failed },
	{ "img-pages-only", SEVERITY_NOTE, "pages without the tasks that they belong to",
	  "a restore needs the other directory, and this one as the pages of it",
	  "verify the directory with the tasks, and name this one with --parent", FINDS_NOTICE, pages_only },
	{ "img-version-unsupported", SEVERITY_BLOCKER, "images of a version that CRIU does not read",
	  "CRIU ends with \"Not supported images version\"", "restore with the CRIU that made them", FINDS_NOTICE,
	  version_unsupported },
	{ "img-too-old", SEVERITY_BLOCKER, "images of a layout that CRIU no longer reads",
	  "CRIU ends with \"Too old image, no longer supported\"", "restore with a CRIU before 2.0", FINDS_NOTICE,
	  too_old },
	{ "img-predump-only", SEVERITY_BLOCKER, "a pre-dump by itself",
	  "there is nothing to restore: a pre-dump holds memory only",
	  "take the dump that follows, and keep this as its parent", FINDS_NOTICE, predump_only },
	{ "img-pstree-missing", SEVERITY_BLOCKER, "the list of tasks is missing",
	  "CRIU reads pstree.img first", take_again, FINDS_ABSENCE, pstree_missing },
	{ "img-magic", SEVERITY_BLOCKER, "an image is not what its name says",
	  "CRIU ends with \"Magic doesn't match\"", take_again, FINDS_DAMAGE, bad_magic },
	{ "img-truncated", SEVERITY_BLOCKER, "an image ends too early",
	  "CRIU ends with \"Unexpected EOF\"", take_again, FINDS_DAMAGE, cut_short },
	{ "img-message", SEVERITY_BLOCKER, "an entry of an image cannot be read",
	  "CRIU ends with \"Failed unpacking object\"", take_again, FINDS_DAMAGE, broken_message },
	{ "img-field-missing", SEVERITY_BLOCKER, "an entry lacks a field that CRIU requires",
	  "CRIU ends with \"Failed unpacking object\"", take_again, FINDS_DAMAGE, field_missing },
	{ "img-unreadable", SEVERITY_ERROR, "something in the checkpoint cannot be read",
	  "what it held is missing", take_again, FINDS_DAMAGE, unreadable },
	{ "img-value-unknown", SEVERITY_WARNING, "a value that CRIU 4.2 does not know",
	  "an older CRIU refuses it, or takes it for something else",
	  "restore with a CRIU that is at least as new as the one that dumped", FINDS_NOTICE, unknown_value },
	{ "img-field-unknown", SEVERITY_NOTE, "a field that CRIU 4.2 does not know",
	  "an older CRIU passes it over, and what it says is lost",
	  "restore with a CRIU that is at least as new as the one that dumped", FINDS_NOTICE, unknown_field },
};

const struct check_group image_checks = { checks, ARRAY_SIZE(checks), false };
