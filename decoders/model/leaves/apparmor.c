/* AppArmor: apparmor.img, namespaces in namespaces. */
#include "decoders/model/leaves/apparmor.h"
#include "security.pb-c.h"

struct policy {
	struct checkpoint *checkpoint;
	struct leaf_rows *rows;
	struct image_reader *reader;
	struct origin origin;
};

static void add(const struct policy *policy, const struct apparmor_namespace *namespace,
		const AaPolicy *from)
{
	struct apparmor *apparmor = leaf_add(policy->checkpoint, policy->rows);

	*apparmor = (struct apparmor){ .origin = policy->origin, .namespace = namespace,
				       .size = ABSENT_U64 };
	if (!from)
		return;
	apparmor->profile = load_text(policy->checkpoint, true, from->name);
	apparmor->size = from->blob.len;
}

/* LENGTH: bytes of the names above. Messages are at most 64 deep, and so is this. */
static void take_namespace(const struct policy *policy, const AaNamespace *from,
			   const struct apparmor_namespace *parent, size_t length)
{
	struct apparmor_namespace *namespace;

	length += from->name.len + 2;
	if (length > APPARMOR_PATH_MOST) {
		image_problem(policy->reader,
			      error_new(ERROR_DAMAGED, "a policy namespace whose names have %zu bytes",
					length),
			      policy->origin.entry, policy->origin.offset);
		return;
	}
	namespace = arena_alloc(&policy->checkpoint->arena, sizeof(*namespace));
	*namespace = (struct apparmor_namespace){
		.name = load_text(policy->checkpoint, true, from->name),
		.parent = parent,
	};
	add(policy, namespace, NULL);
	for (size_t i = 0; i < from->n_policies; i++)
		add(policy, namespace, from->policies[i]);
	for (size_t i = 0; i < from->n_namespaces; i++)
		take_namespace(policy, from->namespaces[i], namespace, length);
}

static void load(struct checkpoint *checkpoint, struct leaf_rows *rows)
{
	struct image_reader reader;
	struct image_entry entry;

	if (!load_open_named(checkpoint, "APPARMOR", &reader, "apparmor.img"))
		return;
	while (image_next(&reader, &entry)) {
		const ApparmorEntry *from = (const ApparmorEntry *)entry.message;
		struct policy policy = { checkpoint, rows, &reader, load_origin(&reader, &entry) };

		for (size_t i = 0; i < from->n_namespaces; i++)
			take_namespace(&policy, from->namespaces[i], NULL, 0);
	}
	load_close(checkpoint, &reader);
}

const struct leaf leaf_apparmor = {
	.name = "apparmor",
	.row_size = sizeof(struct apparmor),
	.needs = PART_INVENTORY,
	.load = load,
};
