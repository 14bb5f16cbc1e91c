/* What the documents say: which value of which document is which field, for which engine. */
#include <stdlib.h>

#include "decoders/base/size.h"
#include "decoders/engine/reader.h"
#include "decoders/engine/timestamp.h"

/*
 * How a value becomes a field. LAST: the last part of a path; VERSION: 40201 is 4.2.1. From CRI_PART on:
 * a part of CRI's name, which has '_' between.
 */
enum form { TEXT, TIME, ADDRESS, SLASHED, LAST, VERSION, CRI_PART };

/* Of one field the first row counts that has something. */
static const struct fact {
	enum producer producers;
	size_t field;
	enum document_name document;
	const char *path;
	int form;
} facts[] = {
#define FIELD(name) offsetof(struct engine, name)
#define ANNOTATION(key) SPEC, "annotations/" key
#define LABEL(key) STATUS, "labels/" key
#define WRAPPED(key) WRAPPER, "annotations/" key
#define BY_PODMAN(key) WRAPPED("io.podman.annotations.checkpoint." key)
#define BY_CRIO(key) WRAPPED("io.kubernetes.cri-o.annotations.checkpoint." key)
#define BY_CRIU(key) WRAPPED("org.criu.checkpoint." key)
#define CRIO_LABEL(key) SPEC, "annotations/io.kubernetes.cri-o.Labels/" key

	{ CRIO, FIELD(container), ANNOTATION("io.kubernetes.cri-o.Metadata/name"), TEXT },
	{ CRIO, FIELD(container), ANNOTATION("io.kubernetes.container.name"), TEXT },
	{ CRIO, FIELD(container), CRIO_LABEL("io.kubernetes.container.name"), TEXT },
	{ CRIO, FIELD(container), CONFIG, "name", CRI_PART + 1 },
	/* Its spec.dump says "containerd" once the container was restored. */
	{ CONTAINERD, FIELD(container), LABEL("io.kubernetes.container.name"), TEXT },
	{ CONTAINERD, FIELD(container), STATUS, "metadata/name", TEXT },
	{ CONTAINERD, FIELD(container), CONFIG, "name", CRI_PART + 0 },
	{ CONTAINERD, FIELD(container), ANNOTATION("io.kubernetes.cri.container-name"), TEXT },
	{ DOCKER, FIELD(container), DOCKER_CONFIG, "Name", SLASHED },
	{ ANY, FIELD(container), CONFIG, "name", TEXT },
	{ ANY, FIELD(container), BY_CRIU("container.name"), TEXT },
	{ ANY, FIELD(container), BY_CRIO("name"), TEXT },
	{ ANY, FIELD(container), BY_PODMAN("name"), TEXT },

	{ ANY, FIELD(container_id), CONFIG, "id", TEXT },
	{ CRIO, FIELD(container_id), ANNOTATION("io.kubernetes.cri-o.ContainerID"), TEXT },
	{ CONTAINERD, FIELD(container_id), STATUS, "id", TEXT },
	{ DOCKER, FIELD(container_id), DOCKER_CONFIG, "ID", TEXT },
	{ CTR, FIELD(container_id), SPEC, "linux/cgroupsPath", LAST },

	{ PODMAN, FIELD(pod), CONFIG, "pod", TEXT },
	{ CRIO, FIELD(pod), ANNOTATION("io.kubernetes.pod.name"), TEXT },
	{ CRIO, FIELD(pod), CRIO_LABEL("io.kubernetes.pod.name"), TEXT },
	{ CRIO, FIELD(pod), CONFIG, "name", CRI_PART + 2 },
	{ CONTAINERD, FIELD(pod), ANNOTATION("io.kubernetes.cri.sandbox-name"), TEXT },
	{ CONTAINERD, FIELD(pod), LABEL("io.kubernetes.pod.name"), TEXT },
	{ CONTAINERD, FIELD(pod), CONFIG, "name", CRI_PART + 1 },
	{ ANY, FIELD(pod), BY_CRIU("pod.name"), TEXT },
	{ ANY, FIELD(pod), BY_CRIU("pod.id"), TEXT },

	{ CRIO, FIELD(namespace), ANNOTATION("io.kubernetes.pod.namespace"), TEXT },
	{ CRIO, FIELD(namespace), CRIO_LABEL("io.kubernetes.pod.namespace"), TEXT },
	{ CRIO, FIELD(namespace), CONFIG, "name", CRI_PART + 3 },
	{ CONTAINERD, FIELD(namespace), ANNOTATION("io.kubernetes.cri.sandbox-namespace"), TEXT },
	{ CONTAINERD, FIELD(namespace), LABEL("io.kubernetes.pod.namespace"), TEXT },
	{ CONTAINERD, FIELD(namespace), CONFIG, "name", CRI_PART + 2 },
	{ ANY, FIELD(namespace), BY_CRIU("pod.namespace"), TEXT },

	{ CRIO, FIELD(pod_uid), CRIO_LABEL("io.kubernetes.pod.uid"), TEXT },
	{ CRIO, FIELD(pod_uid), ANNOTATION("io.kubernetes.pod.uid"), TEXT },
	{ CRIO, FIELD(pod_uid), CONFIG, "name", CRI_PART + 4 },
	{ CONTAINERD, FIELD(pod_uid), ANNOTATION("io.kubernetes.cri.sandbox-uid"), TEXT },
	{ CONTAINERD, FIELD(pod_uid), LABEL("io.kubernetes.pod.uid"), TEXT },
	{ CONTAINERD, FIELD(pod_uid), CONFIG, "name", CRI_PART + 3 },
	{ ANY, FIELD(pod_uid), BY_CRIU("pod.uid"), TEXT },

	{ PODMAN, FIELD(image), CONFIG, "RawImageName", TEXT },
	{ ANY, FIELD(image), CONFIG, "rootfsImage", TEXT },
	{ ANY, FIELD(image), CONFIG, "rootfsImageName", TEXT },
	{ CRIO, FIELD(image), ANNOTATION("io.kubernetes.cri-o.ImageName"), TEXT },
	{ CRIO, FIELD(image), ANNOTATION("io.kubernetes.cri-o.Image"), TEXT },
	{ CONTAINERD, FIELD(image), STATUS, "image/user_specified_image", TEXT },
	{ CONTAINERD, FIELD(image), STATUS, "image/image", TEXT },
	{ CONTAINERD, FIELD(image), ANNOTATION("io.kubernetes.cri.image-name"), TEXT },
	{ DOCKER, FIELD(image), DOCKER_CONFIG, "Config/Image", TEXT },
	{ CTR, FIELD(image), WRAPPED("image.name"), TEXT },
	{ CTR, FIELD(image), WRAPPED("org.opencontainers.image.ref.name"), TEXT },
	{ ANY, FIELD(image), BY_PODMAN("rawImageName"), TEXT },
	{ ANY, FIELD(image), BY_CRIO("rawImageName"), TEXT },
	{ ANY, FIELD(image), BY_CRIU("rootfsImageUserRequested"), TEXT },
	{ ANY, FIELD(image), BY_CRIU("rawImageName"), TEXT },
	{ ANY, FIELD(image), BY_CRIU("rootfsImageName"), TEXT },
	{ ANY, FIELD(image), BY_PODMAN("rootfsImageName"), TEXT },
	{ ANY, FIELD(image), BY_CRIO("rootfsImageName"), TEXT },

	{ ANY, FIELD(image_id), CONFIG, "rootfsImageID", TEXT },
	{ CONTAINERD, FIELD(image_id), STATUS, "image_id", TEXT },
	{ ANY, FIELD(image_id), CONFIG, "rootfsImageRef", TEXT },
	{ CRIO, FIELD(image_id), ANNOTATION("io.kubernetes.cri-o.ImageRef"), TEXT },
	{ CONTAINERD, FIELD(image_id), STATUS, "image_ref", TEXT },
	{ DOCKER, FIELD(image_id), DOCKER_CONFIG, "Image", TEXT },
	{ ANY, FIELD(image_id), BY_PODMAN("rootfsImageID"), TEXT },
	{ ANY, FIELD(image_id), BY_CRIO("rootfsImageID"), TEXT },
	{ ANY, FIELD(image_id), BY_CRIU("rootfsImageID"), TEXT },
	{ ANY, FIELD(image_id), BY_CRIU("rootfsImageSha"), TEXT },

	{ ANY, FIELD(runtime), CONFIG, "runtime", TEXT },
	{ CRIO, FIELD(runtime), ANNOTATION("io.kubernetes.cri-o.RuntimeHandler"), TEXT },
	{ DOCKER, FIELD(runtime), DOCKER_HOST, "Runtime", TEXT },
	{ CTR, FIELD(runtime), WRAPPED("io.containerd.checkpoint.runtime"), TEXT },
	{ ANY, FIELD(runtime), BY_PODMAN("runtime.name"), TEXT },
	{ ANY, FIELD(runtime), BY_CRIU("runtime.name"), TEXT },

	{ PODMAN, FIELD(ip), NETWORK, "*/interfaces/*/subnets/*/ipnet", ADDRESS },
	{ PODMAN, FIELD(ip), NETWORK, "*/ips/*/address", ADDRESS }, /* before podman 4 */
	{ CRIO, FIELD(ip), ANNOTATION("io.kubernetes.cri-o.IP.0"), ADDRESS },
	{ DOCKER, FIELD(ip), DOCKER_CONFIG, "NetworkSettings/Networks/*/IPAddress", ADDRESS },
	{ DOCKER, FIELD(ip), DOCKER_CONFIG, "NetworkSettings/Networks/*/GlobalIPv6Address",
	  ADDRESS },

	{ CRIO, FIELD(created), ANNOTATION("io.kubernetes.cri-o.Created"), TIME },
	{ ANY, FIELD(created), CONFIG, "createdTime", TIME },
	{ CONTAINERD, FIELD(created), STATUS, "created_at", TIME },
	{ DOCKER, FIELD(created), DOCKER_CONFIG, "Created", TIME },

	{ ANY, FIELD(checkpointed), CONFIG, "checkpointedTime", TIME },

	{ ANY, FIELD(criu_version), BY_PODMAN("criu.version"), VERSION },
	{ ANY, FIELD(criu_version), BY_CRIO("criu.version"), VERSION },
	{ ANY, FIELD(criu_version), BY_CRIU("criu.version"), VERSION },

	{ ANY, FIELD(kernel), BY_PODMAN("host.kernel"), TEXT },
	{ ANY, FIELD(kernel), BY_CRIU("host.kernel"), TEXT },
};

static struct bytes text_of(struct json_object *value)
{
	return (struct bytes){ (const uint8_t *)json_object_get_string(value),
			       (size_t)json_object_get_string_len(value) };
}

/* The part of NAME with that index, or absent. */
static struct bytes name_part(struct bytes name, int index)
{
	for (; index && name.len; index--)
		name = bytes_from(name, bytes_find(name, '_') + 1);
	return name.len ? bytes_first(name, bytes_find(name, '_')) : NO_BYTES;
}

static struct bytes shaped(struct bytes text, int form)
{
	switch (form) {
	case TEXT:
		return text;
	case ADDRESS:
		return bytes_first(text, bytes_find(text, '/'));
	case SLASHED:
		return bytes_from(text, text.data[0] == '/');
	case LAST:
		return bytes_basename(text);
	}
	return name_part(text, form - CRI_PART);
}

static struct error *read_time(struct json_object *value, struct arena *arena, struct bytes *ret)
{
	int64_t nanoseconds = json_object_get_int64(value); /* INT64_MAX: too large for it */

	if (json_object_is_type(value, json_type_int) && nanoseconds != INT64_MAX) {
		*ret = timestamp_from_nanoseconds(arena, nanoseconds);
		return NULL;
	}
	if (json_object_is_type(value, json_type_string) &&
	    timestamp_from_text(arena, text_of(value), ret))
		return NULL;
	return error_new(ERROR_DAMAGED, "not a time");
}

/* "40201" is 4.2.1, "40200" is 4.2; other text stays. */
static struct bytes version_of(struct arena *arena, struct bytes text)
{
	unsigned long number;
	char *end;

	if (text.len < 5 || text.len > 7 || (number = strtoul((const char *)text.data, &end, 10), *end))
		return text;
	return bytes_of(number % 100 ? arena_printf(arena, "%lu.%lu.%lu", number / 10000,
						    number / 100 % 100, number % 100)
				     : arena_printf(arena, "%lu.%lu", number / 10000,
						    number / 100 % 100));
}

static struct error *read_text(struct json_object *value, int form, struct arena *arena,
			       struct bytes *ret)
{
	struct bytes text;

	if (!json_object_is_type(value, json_type_string))
		return error_new(ERROR_DAMAGED, "not text");
	text = form == VERSION ? version_of(arena, text_of(value)) : shaped(text_of(value), form);
	if (text.len)
		*ret = arena_copy(arena, text);
	return NULL;
}

static void read_fact(struct reader *reader, const struct fact *fact, struct arena *arena,
		      struct bytes *ret)
{
	struct document *document = &reader->documents[fact->document];
	struct json_object *value = document_find(document, fact->path);
	struct error *error;

	if (!value)
		return;
	error = fact->form == TIME ? read_time(value, arena, ret)
				   : read_text(value, fact->form, arena, ret);
	if (error)
		document_problem(document, error_new(error->kind, "%s: %s", fact->path,
						     error->message));
	error_free(error);
}

void facts_read(struct reader *reader, enum producer producer, struct arena *arena,
		struct engine *ret)
{
	for (size_t i = 0; i < ARRAY_SIZE(facts); i++) {
		struct bytes *field = (struct bytes *)((char *)ret + facts[i].field);

		if ((facts[i].producers & producer) && !field->data)
			read_fact(reader, &facts[i], arena, field);
	}
}
