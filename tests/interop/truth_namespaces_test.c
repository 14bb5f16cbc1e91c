/*
 * What is around the tasks: namespaces, devices, control groups and System V objects.
 *
 * Held against what the reference decoder read from the same images (ref/), against the kernel's
 * own numbers of namespaces and control groups (proc.json), and against what the workload made
 * (truth.json). With CORPUS=DIRECTORY the cases are the directories there.
 */
#include "tests/interop/reference.h"
#include "tests/interop/tasks.h"

static size_t n_namespaces, n_namespace_images, n_kernel_namespaces, n_hostnames;
static size_t n_netdevs, n_made_netdevs, n_cgroups, n_kernel_cgroups, n_properties;
static size_t n_sysv, n_sysv_truths;

/* Null is ABSENT, as for a cell. */
static int64_t optional_number(struct json_object *object, const char *key)
{
	return member(object, key) ? number_of(object, key) : ABSENT;
}

/* Number of an enum that the reference decoder prints by name: lower case here. */
static const char *lower(const char *text)
{
	char *copy = make_text("%s", text ? text : "");

	for (char *p = copy; *p; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p - 'A' + 'a');
	return copy;
}

/* --- namespaces ---------------------------------------------------------------------------- */

static const char *const types[] = { "pid", "net", "ipc", "uts", "mnt", "user", "cgroup", "time" };

static struct json_object *namespace_row(const struct case_files *files, const char *type,
					 int64_t id)
{
	struct json_object *row;

	EACH(row, list_table("namespace", files))
		if (!strcmp(text_of(row, "type"), type) && number_of(row, "id") == id)
			return row;
	return NULL;
}

static struct json_object *root_ids(const struct case_files *files)
{
	return member(element(reference(files, "inventory.img"), 0), "root_ids");
}

static void compare_ids(const struct case_files *files, int64_t pid, struct json_object *entries)
{
	struct json_object *ids = element(entries, 0), *row;

	(void)pid;
	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		const char *field = make_text("%s_ns_id", types[i]);
		struct json_object *root = member(root_ids(files), field);

		if (!member(ids, field))
			continue;
		n_namespaces++;
		row = namespace_row(files, types[i], number_of(ids, field));
		holds(row != NULL, "the namespace has a row");
		holds(cell_number(row, "processes") > 0, "a process is in it");
		same_number("is_host", root ? number_of(ids, field) == json_object_get_int64(root)
					    : ABSENT,
			    root ? cell_true(row, "is_host") : cell_number(row, "is_host"));
	}
}

static void compare_utsns(const struct case_files *files, int64_t id, struct json_object *entries)
{
	struct json_object *uts = element(entries, 0), *row = namespace_row(files, "uts", id);

	n_namespace_images++;
	same_text("nodename", text_of(uts, "nodename"), cell_text(row, "nodename"));
	same_text("domainname", text_of(uts, "domainname"), cell_text(row, "domainname"));
	if (text_of(files->truth, "hostname")) {
		n_hostnames++;
		same_text("host name", text_of(files->truth, "hostname"),
			  cell_text(row, "nodename"));
	}
}

static const char *map_of(struct json_object *extents)
{
	struct json_object *extent;
	const char *text = "";

	EACH(extent, extents)
		text = make_text("%s%s%" PRId64 " %" PRId64 " %" PRId64, text, *text ? ", " : "",
				 number_of(extent, "first"), number_of(extent, "lower_first"),
				 number_of(extent, "count"));
	return text;
}

static void compare_userns(const struct case_files *files, int64_t id, struct json_object *entries)
{
	struct json_object *user = element(entries, 0), *row = namespace_row(files, "user", id);

	n_namespace_images++;
	same_text("uid_map", map_of(member(user, "uid_map")), cell_text(row, "uid_map"));
	same_text("gid_map", map_of(member(user, "gid_map")), cell_text(row, "gid_map"));
}

static int64_t nanoseconds(struct json_object *time)
{
	return number_of(time, "tv_sec") * 1000000000 + number_of(time, "tv_nsec");
}

static void compare_timens(const struct case_files *files, int64_t id, struct json_object *entries)
{
	struct json_object *time = element(entries, 0), *row;

	/* Without a time namespace of their own the tasks have the clocks of the dumping criu. */
	row = namespace_row(files, "time", id ? id : number_of(root_ids(files), "time_ns_id"));
	n_namespace_images++;
	same_number("monotonic", nanoseconds(member(time, "monotonic")),
		    cell_number(row, "monotonic"));
	same_number("boottime", nanoseconds(member(time, "boottime")),
		    cell_number(row, "boottime"));
}

static void compare_netns(const struct case_files *files, int64_t id, struct json_object *entries)
{
	struct json_object *row = namespace_row(files, "net", id);

	n_namespace_images++;
	same_text("ext_key", text_of(element(entries, 0), "ext_key"), cell_text(row, "ext_key"));
	same_text("image", make_text("netns-%" PRId64 ".img", id), cell_text(row, "image"));
}

/* Tasks that the kernel has in one namespace (its inode), of those whose state says they live. */
static int64_t count_sharing(const struct case_files *files, const char *type, const char *inode)
{
	struct json_object *task;
	int64_t n = 0;

	EACH(task, proc_tasks(files)) {
		const char *other = text_of(member(task, "ns"), type);

		n += other && !strcmp(other, inode);
	}
	return n;
}

static void compare_kernel_namespaces(const struct case_files *files, struct json_object *task)
{
	struct json_object *process = find_task(files, list_table("process", files), task), *row;

	for (size_t i = 0; process && i < ARRAY_SIZE(types); i++) {
		const char *inode = text_of(member(task, "ns"), types[i]);
		const char *column = make_text("%s_ns", types[i]);

		/* Dumps of old tasks have no id of some types. */
		if (!inode || !member(process, column))
			continue;
		n_kernel_namespaces++;
		look_at("%s pid %" PRId64 " %s", files->name, image_pid(task), inode);
		row = namespace_row(files, types[i], number_of(process, column));
		same_number("processes", count_sharing(files, types[i], inode),
			    cell_number(row, "processes"));
	}
}

static void namespaces_are_true(const struct case_files *files)
{
	struct json_object *task;

	if (!files->checkpoint || is_refused(files))
		return;
	each_reference(files, "ids-*.img", compare_ids);
	each_reference(files, "utsns-*.img", compare_utsns);
	each_reference(files, "userns-*.img", compare_userns);
	each_reference(files, "timens-*.img", compare_timens);
	each_reference(files, "netns-[0-9]*.img", compare_netns);
	EACH(task, proc_tasks(files))
		compare_kernel_namespaces(files, task);
}

static void enough_namespaces_were_compared(void)
{
	enough_was_compared("namespaces of tasks", n_namespaces, 600);
	enough_was_compared("images of namespaces", n_namespace_images, 35);
	enough_was_compared("namespaces of the kernel", n_kernel_namespaces, 580);
	enough_was_compared("host names", n_hostnames, 2);
}

/* --- devices ------------------------------------------------------------------------------- */

/* "aa:bb:..." of base64, by the alphabet of RFC 4648. */
static const char *address_of(const char *base64)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				       "0123456789+/";
	const char *text = "", *digit;
	unsigned bits = 0, n = 0;

	for (; base64 && *base64 && (digit = strchr(alphabet, *base64)); base64++) {
		bits = bits << 6 | (unsigned)(digit - alphabet);
		n += 6;
		if (n < 8)
			continue;
		n -= 8;
		text = make_text("%s%s%02x", text, *text ? ":" : "", bits >> n & 0xff);
	}
	return base64 ? text : NULL;
}

static void compare_netdevs(const struct case_files *files, int64_t ns_id,
			    struct json_object *entries)
{
	static const char *const optional[] = { "mtu", "master", "peer_ifindex", "peer_nsid" };
	struct json_object *rows = list_table("netdev", files), *from, *row;

	same_number("devices", (int64_t)length(entries), (int64_t)count_rows(rows, "ns_id", ns_id));
	EACH(from, entries) {
		n_netdevs++;
		row = find_row(rows, "ns_id", ns_id, "ifindex", number_of(from, "ifindex"));
		same_text("name", text_of(from, "name"), cell_text(row, "name"));
		same_text("type", lower(text_of(from, "type")), cell_text(row, "type"));
		same_mask("flags", (uint64_t)number_of(from, "flags"), cell_mask(row, "flags"));
		same_number("up", number_of(from, "flags") & 1, cell_true(row, "up"));
		same_text("address", address_of(text_of(from, "address")),
			  cell_text(row, "address"));
		for (size_t i = 0; i < ARRAY_SIZE(optional); i++)
			same_number(optional[i], optional_number(from, optional[i]),
				    cell_number(row, optional[i]));
	}
}

/* What the script of the ns cases made. */
static void check_made_netdevs(const struct case_files *files)
{
	static const struct {
		const char *key, *name, *type;
	} made[] = {
		{ "va", "va", "veth" }, { "vb", "vb", "veth" },
		{ "br0", "br0", "bridge" }, { "ctun0", "ctun0", "tun" },
	};
	struct json_object *row;

	for (size_t i = 0; i < ARRAY_SIZE(made); i++) {
		const char *type = NULL;

		if (!member(member(files->truth, "net"), made[i].key))
			continue;
		n_made_netdevs++;
		look_at("%s device %s", files->name, made[i].name);
		EACH(row, list_table("netdev", files))
			if (!strcmp(text_of(row, "name"), made[i].name))
				type = cell_text(row, "type");
		same_text("type", made[i].type, type);
	}
}

static void netdevs_are_true(const struct case_files *files)
{
	if (!files->checkpoint || is_refused(files))
		return;
	each_reference(files, "netdev-*.img", compare_netdevs);
	check_made_netdevs(files);
}

static void enough_netdevs_were_compared(void)
{
	enough_was_compared("devices", n_netdevs, 8);
	enough_was_compared("devices that a case made", n_made_netdevs, 4);
}

/* --- control groups ------------------------------------------------------------------------ */

static void compare_cgroups(const struct case_files *files, int64_t id, struct json_object *entries)
{
	struct json_object *rows = list_table("cgroup", files), *set, *from, *row;
	size_t at = 0;

	(void)id;
	EACH(set, member(element(entries, 0), "sets"))
		EACH(from, member(set, "ctls")) {
			row = element(rows, at++);
			n_cgroups++;
			same_number("set_id", number_of(set, "id"), cell_number(row, "set_id"));
			same_text("controller", text_of(from, "name"),
				  cell_text(row, "controller"));
			same_text("path", text_of(from, "path"), cell_text(row, "path"));
			same_number("cgns_prefix", optional_number(from, "cgns_prefix"),
				    cell_number(row, "cgns_prefix"));
			same_number("processes",
				    (int64_t)count_rows(list_table("process", files), "cgroup_set",
							number_of(set, "id")),
				    cell_number(row, "processes"));
		}
}

/* A directory, its settings and what is below it, in the order of the rows from *at on. */
static void compare_tree(struct json_object *rows, size_t *at, const char *above,
			 struct json_object *directory)
{
	const char *path = make_text("%s/%s", above, text_of(directory, "dir_name"));
	struct json_object *property, *child, *row = element(rows, (*at)++);

	same_text("path", path, cell_text(row, "path"));
	same_text("name", NULL, cell_text(row, "name"));
	EACH(property, member(directory, "properties")) {
		struct json_object *perms = member(property, "perms");

		row = element(rows, (*at)++);
		n_properties++;
		same_text("path", path, cell_text(row, "path"));
		same_text("name", text_of(property, "name"), cell_text(row, "name"));
		same_text("value", text_of(property, "value"), cell_text(row, "value"));
		same_text("mode", make_text("%04o", (unsigned)number_of(perms, "mode") & 07777),
			  cell_text(row, "mode"));
		same_number("uid", number_of(perms, "uid"), cell_number(row, "uid"));
	}
	EACH(child, member(directory, "children"))
		compare_tree(rows, at, path, child);
}

static void compare_trees(const struct case_files *files, int64_t id, struct json_object *entries)
{
	struct json_object *rows = list_table("cgroup_property", files), *controller, *directory;
	size_t at = 0;

	(void)id;
	EACH(controller, member(element(entries, 0), "controllers"))
		EACH(directory, member(controller, "dirs"))
			compare_tree(rows, &at, "", directory);
	same_number("rows", (int64_t)at, (int64_t)length(rows));
}

/* "0::/path" of /proc/PID/cgroup, seen from outside: that of cgroup version 2. */
static void compare_kernel_cgroup(const struct case_files *files, struct json_object *task)
{
	struct json_object *process = find_task(files, list_table("process", files), task);
	struct json_object *row = find_row(list_table("cgroup", files), "set_id",
					   optional_number(process, "cgroup_set"), NULL, 0);
	const char *line = json_object_get_string(element(member(task, "cgroup"), 0));

	/* Of the set that criu was in itself the images have no path. */
	if (!line || strncmp(line, "0::", 3) != 0 || !text_of(row, "path"))
		return;
	n_kernel_cgroups++;
	look_at("%s pid %" PRId64, files->name, image_pid(task));
	same_text("cgroup", line + 3, cell_text(row, "path"));
}

static void cgroups_are_true(const struct case_files *files)
{
	struct json_object *task, *process;

	if (!files->checkpoint || is_refused(files))
		return;
	each_reference(files, "cgroup.img", compare_cgroups);
	each_reference(files, "cgroup.img", compare_trees);
	EACH(task, proc_tasks(files))
		compare_kernel_cgroup(files, task);
	look_at("%s", files->name);
	EACH(process, list_table("process", files))
		if (member(process, "cgroup_set"))
			holds(find_row(list_table("cgroup", files), "set_id",
				       number_of(process, "cgroup_set"), NULL, 0) != NULL,
			      "each set that a task is in has a row");
}

static void enough_cgroups_were_compared(void)
{
	enough_was_compared("control groups", n_cgroups, 28);
	enough_was_compared("settings of control groups", n_properties, 35);
	enough_was_compared("control groups of the kernel", n_kernel_cgroups, 25);
}

/* --- System V ------------------------------------------------------------------------------ */

static struct json_object *sysv_row(const struct case_files *files, const char *kind, int64_t id)
{
	struct json_object *row;

	EACH(row, list_table("sysv", files))
		if (!strcmp(text_of(row, "kind"), kind) && number_of(row, "id") == id)
			return row;
	return NULL;
}

static struct json_object *compare_desc(const struct case_files *files, const char *kind,
					struct json_object *entry)
{
	static const char *const numbers[] = { "uid", "gid", "cuid", "cgid" };
	struct json_object *desc = member(entry, "desc");
	struct json_object *row = sysv_row(files, kind, number_of(desc, "id"));

	n_sysv++;
	same_mask("key", (uint64_t)number_of(desc, "key"), cell_mask(row, "key"));
	same_text("mode", make_text("%04o", (unsigned)number_of(desc, "mode")),
		  cell_text(row, "mode"));
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
		same_number(numbers[i], number_of(desc, numbers[i]), cell_number(row, numbers[i]));
	return row;
}

/* The reference decoder takes what follows a segment in page maps for its content. */
static void compare_shm(const struct case_files *files, int64_t ns_id, struct json_object *entries)
{
	struct json_object *from = element(entries, 0);
	struct json_object *row = compare_desc(files, "shm", from);

	same_number("ns_id", ns_id, cell_number(row, "ns_id"));
	same_number("size", number_of(from, "size"), cell_number(row, "size"));
}

static void compare_numbers(const char *what, struct json_object *wanted, struct json_object *found)
{
	same_text(what, json_object_to_json_string_ext(wanted, JSON_C_TO_STRING_PLAIN),
		  json_object_to_json_string_ext(found, JSON_C_TO_STRING_PLAIN));
}

static void compare_sem(const struct case_files *files, int64_t ns_id, struct json_object *entries)
{
	struct json_object *from, *row;

	EACH(from, entries) {
		row = compare_desc(files, "sem", from);
		same_number("ns_id", ns_id, cell_number(row, "ns_id"));
		same_number("nsems", number_of(from, "nsems"), cell_number(row, "nsems"));
		compare_numbers("values", member(from, "extra"), cell(row, "values"));
	}
}

static void compare_msg(const struct case_files *files, int64_t ns_id, struct json_object *entries)
{
	struct json_object *from, *message, *row;

	EACH(from, entries) {
		int64_t held_bytes = 0;

		row = compare_desc(files, "msg", from);
		EACH(message, member(from, "extra"))
			if (json_object_is_type(message, json_type_object))
				held_bytes += number_of(message, "msize");
		same_number("ns_id", ns_id, cell_number(row, "ns_id"));
		same_number("qnum", number_of(from, "qnum"), cell_number(row, "qnum"));
		same_number("qbytes", number_of(from, "qbytes"), cell_number(row, "qbytes"));
		same_number("held_bytes", held_bytes, cell_number(row, "held_bytes"));
	}
}

static struct json_object *check_made(const struct case_files *files, const char *kind,
				      struct json_object *truth)
{
	struct json_object *row = sysv_row(files, kind, number_of(truth, "id"));

	n_sysv_truths++;
	look_at("%s %s %" PRId64 " (truth)", files->name, kind, number_of(truth, "id"));
	same_mask("key", strtoull(text_of(truth, "key"), NULL, 16), cell_mask(row, "key"));
	return row;
}

static void check_sysv_truth(const struct case_files *files)
{
	struct json_object *truth, *message, *row;

	EACH(truth, member(files->truth, "sysv_shm")) {
		struct json_object *pages = member(truth, "pages");

		row = check_made(files, "shm", truth);
		same_number("size", number_of(truth, "size"), cell_number(row, "size"));
		if (text_of(truth, "mode"))
			same_text("mode", text_of(truth, "mode"), cell_text(row, "mode"));
		same_number("held_bytes", 4096 * (pages ? json_object_object_length(pages) : 0),
			    cell_number(row, "held_bytes"));
	}
	EACH(truth, member(files->truth, "sysv_sem")) {
		row = check_made(files, "sem", truth);
		compare_numbers("values", member(truth, "values"), cell(row, "values"));
	}
	EACH(truth, member(files->truth, "sysv_msg")) {
		int64_t held_bytes = 0;

		row = check_made(files, "msg", truth);
		EACH(message, member(truth, "messages"))
			held_bytes += number_of(message, "size");
		same_number("qnum", (int64_t)length(member(truth, "messages")),
			    cell_number(row, "qnum"));
		same_number("held_bytes", held_bytes, cell_number(row, "held_bytes"));
	}
}

static void sysv_is_true(const struct case_files *files)
{
	if (!files->checkpoint || is_refused(files))
		return;
	each_reference(files, "ipcns-shm-*.img", compare_shm);
	each_reference(files, "ipcns-sem-*.img", compare_sem);
	each_reference(files, "ipcns-msg-*.img", compare_msg);
	if (length(list_table("sysv", files)))
		check_sysv_truth(files);
}

static void enough_sysv_was_compared(void)
{
	enough_was_compared("System V objects", n_sysv, 9);
	enough_was_compared("lines of truth about System V objects", n_sysv_truths, 12);
}

int main(void)
{
	static const struct subject subjects[] = {
		{ "namespaces", namespaces_are_true, enough_namespaces_were_compared },
		{ "devices", netdevs_are_true, enough_netdevs_were_compared },
		{ "control groups", cgroups_are_true, enough_cgroups_were_compared },
		{ "System V", sysv_is_true, enough_sysv_was_compared },
	};

	return run_over_cases("around the tasks", subjects, ARRAY_SIZE(subjects));
}
