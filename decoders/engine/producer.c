/* Which engine wrote the checkpoint: one table, and the tests that it names. */
#include <strings.h>

#include "decoders/base/size.h"
#include "decoders/engine/reader.h"
#include "decoders/engine/timestamp.h"

enum { ID_LEN = 64 };

static bool manager_is(struct reader *reader, const char *name)
{
	struct json_object *manager =
		document_find(&reader->documents[SPEC], "annotations/io.container.manager");

	return json_object_is_type(manager, json_type_string) &&
	       !strcmp(json_object_get_string(manager), name);
}

static bool has_annotation(struct document *document, const char *prefix)
{
	struct json_object *all = document_find(document, "annotations");

	if (!json_object_is_type(all, json_type_object))
		return false;
	json_object_object_foreach(all, key, value)
	{
		(void)value;
		if (!strncmp(key, prefix, strlen(prefix)))
			return true;
	}
	return false;
}

static bool annotated(struct reader *reader, const char *prefix)
{
	return has_annotation(&reader->documents[SPEC], prefix);
}

static bool wrapper_annotated(struct reader *reader, const char *prefix)
{
	return has_annotation(&reader->documents[WRAPPER], prefix);
}

static bool wrapper_engine_is(struct reader *reader, const char *name)
{
	struct json_object *engine = document_find(&reader->documents[WRAPPER],
						   "annotations/org.criu.checkpoint.engine.name");

	return json_object_is_type(engine, json_type_string) &&
	       !strcasecmp(json_object_get_string(engine), name);
}

static bool config_has(struct reader *reader, const char *key)
{
	return document_find(&reader->documents[CONFIG], key) != NULL;
}

static bool is_file(const struct member *member)
{
	return member && member->type == MEMBER_FILE;
}

static bool lies_above(struct reader *reader, const char *name)
{
	return is_file(reader_find(reader, reader->above, name));
}

static bool lies_by_spec(struct reader *reader, const char *name)
{
	return reader->documents[SPEC].member && lies_above(reader, name);
}

/* For a directory whose name others use too. */
static bool lies_in_archive(struct reader *reader, const char *name)
{
	return !reader->source->is_directory && reader->images.len &&
	       reader_find(reader, reader->above, name);
}

static bool lies_beside(struct reader *reader, const char *name)
{
	return is_file(reader_find(reader, reader->images, name));
}

static bool images_are_in(struct reader *reader, const char *name)
{
	return bytes_equal(bytes_basename(reader->path), bytes_of(name));
}

static bool docker_config_has(struct reader *reader, const char *key)
{
	return document_find(&reader->documents[DOCKER_CONFIG], key) != NULL;
}

static bool in_docker_path(struct reader *reader, const char *name)
{
	return lies_beside(reader, name) && producer_docker_id(reader->path).data;
}

static bool in_lxc_cgroup(struct reader *reader, const char *argument)
{
	(void)argument;
	return reader->log.lxc_name.data != NULL;
}

static bool in_ctr_index(struct reader *reader, const char *argument)
{
	(void)argument;
	return reader->wrapper->is_ctr;
}

static bool always(struct reader *reader, const char *argument)
{
	(void)reader;
	(void)argument;
	return true;
}

/* The first that holds. From the engines' own words down to what merely fits. */
static const struct sign {
	enum producer producer;
	const char *name;
	bool (*holds)(struct reader *reader, const char *argument);
	const char *argument;
	const char *words;
} signs[] = {
	{ CTR, "ctr", in_ctr_index, NULL, "an OCI index of a checkpoint's parts" },
	{ PODMAN, "podman", manager_is, "libpod", "spec.dump: io.container.manager is libpod" },
	{ CRIO, "cri-o", manager_is, "cri-o", "spec.dump: io.container.manager is cri-o" },
	{ CONTAINERD, "containerd", annotated, "io.kubernetes.cri.",
	  "spec.dump: annotations io.kubernetes.cri.*" },
	{ CRIO, "cri-o", annotated, "io.kubernetes.cri-o.",
	  "spec.dump: annotations io.kubernetes.cri-o.*" },
	{ CONTAINERD, "containerd", lies_above, "status.dump", "a member status.dump" },
	{ CONTAINERD, "containerd", lies_by_spec, "status", "members spec.dump and status" },
	{ CONTAINERD, "containerd", lies_by_spec, "container.log",
	  "members spec.dump and container.log" },
	{ PODMAN, "podman", config_has, "rootfsImageID", "config.dump: rootfsImageID" },
	{ PODMAN, "podman", config_has, "staticDir", "config.dump: staticDir" },
	{ PODMAN, "podman", lies_above, "network.status", "a member network.status" },
	{ PODMAN, "podman", lies_above, "devshm-checkpoint.tar", "a member devshm-checkpoint.tar" },
	{ CRIO, "cri-o", lies_above, "io.kubernetes.cri-o.LogPath",
	  "a member io.kubernetes.cri-o.LogPath" },
	{ CRIO, "cri-o", lies_above, "bind.mounts", "a member bind.mounts" },
	{ PODMAN, "podman", lies_in_archive, "artifacts", "a directory artifacts in the archive" },
	{ PODMAN, "podman", images_are_in, "pre-checkpoint", "the images are in pre-checkpoint" },
	{ PODMAN, "podman", wrapper_annotated, "io.podman.annotations.checkpoint.",
	  "the OCI image: annotations io.podman.annotations.checkpoint.*" },
	{ CRIO, "cri-o", wrapper_annotated, "io.kubernetes.cri-o.annotations.checkpoint.",
	  "the OCI image: annotations io.kubernetes.cri-o.annotations.checkpoint.*" },
	{ PODMAN, "podman", wrapper_engine_is, "podman",
	  "the OCI image: org.criu.checkpoint.engine.name is Podman" },
	{ CRIO, "cri-o", wrapper_engine_is, "cri-o",
	  "the OCI image: org.criu.checkpoint.engine.name is CRI-O" },
	{ CONTAINERD, "containerd", wrapper_engine_is, "containerd",
	  "the OCI image: org.criu.checkpoint.engine.name is containerd" },
	{ DOCKER, "docker", docker_config_has, "ID", "config.v2.json two directories above" },
	{ DOCKER, "docker", in_docker_path, "descriptors.json",
	  "the path: containers/ID/checkpoints/NAME" },
	{ LXC, "lxc", lies_beside, "tty.info", "tty.info beside the images" },
	{ RUNC, "runc", lies_beside, "descriptors.json", "descriptors.json beside the images" },
	{ LXC, "lxc", in_lxc_cgroup, NULL, "the log: a cgroup lxc.payload" },
	{ CRIU, "criu", always, NULL, "no sign of an engine" },
};

enum producer producer_recognise(struct reader *reader, const char **ret_name,
				 const char **ret_words)
{
	const struct sign *sign = signs;

	while (!sign->holds(reader, sign->argument))
		sign++;
	*ret_name = sign->name;
	*ret_words = sign->words;
	return sign->producer;
}

static bool is_id(struct bytes text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!memchr("0123456789abcdef", text.data[i], 16))
			return false;
	return text.len == ID_LEN;
}

struct bytes producer_docker_id(struct bytes path)
{
	struct bytes checkpoints = bytes_dirname(path), container = bytes_dirname(checkpoints);
	struct bytes id = bytes_basename(container);

	if (bytes_equal(bytes_basename(checkpoints), BYTES("checkpoints")) && is_id(id) &&
	    bytes_equal(bytes_basename(bytes_dirname(container)), BYTES("containers")))
		return id;
	return NO_BYTES;
}

/* The length of what is before "-TIME" at the end of NAME; 0 where no time is there. */
static size_t before_time(struct arena *arena, struct bytes name)
{
	static const size_t lengths[] = { sizeof("2026-06-12T10:00:00Z"),
					  sizeof("2026-06-12T10:00:00+02:00") };
	struct bytes unused;

	for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
		size_t at = name.len > lengths[i] ? name.len - lengths[i] : 0;

		if (at && name.data[at] == '-' &&
		    timestamp_from_text(arena, bytes_from(name, at + 1), &unused))
			return at;
	}
	return 0;
}

struct bytes producer_kubelet_pod(struct arena *arena, struct bytes name)
{
	struct bytes prefix = BYTES("checkpoint-"), suffix = BYTES(".tar");
	size_t underscore;

	if (!bytes_start_with(name, prefix) || !bytes_end_with(name, suffix))
		return NO_BYTES;
	name = bytes_first(name, name.len - suffix.len);
	name = bytes_first(name, before_time(arena, name));
	name = bytes_from(name, prefix.len);
	underscore = bytes_find(name, '_');
	return underscore && underscore < name.len ? bytes_first(name, underscore) : NO_BYTES;
}
