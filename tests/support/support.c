#include "tests/support/support.h"

#include <archive.h>
#include <archive_entry.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "decoders/base/size.h"

static char own_directory[] = "/tmp/coldcase-test.XXXXXX";
static bool has_directory;

static const char *setting(const char *name, const char *otherwise)
{
	const char *value = getenv(name);

	return value ? value : otherwise;
}

/* What is handed out is valid for the life of the program: kept here, it is no leak. */
static void *keep(void *piece)
{
	static void **kept;
	static size_t n;

	kept = reallocarray(kept, n + 1, sizeof(*kept));
	if (!kept || !piece)
		abort();
	return kept[n++] = piece;
}

/* --- files ------------------------------------------------------------------------------------ */

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	remove(path);
	return 0;
}

static void remove_directory(void)
{
	if (has_directory)
		nftw(own_directory, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

__attribute__((format(printf, 1, 0))) static char *
format_path(const char *format, va_list args)
{
	char *name, *path;

	if (!has_directory && !mkdtemp(own_directory))
		fail_msg("cannot make %s: %s", own_directory, strerror(errno));
	has_directory = true;
	if (vasprintf(&name, format, args) < 0 || asprintf(&path, "%s/%s", own_directory, name) < 0)
		abort();
	free(name);
	return keep(path);
}

const char *scratch_path(const char *format, ...)
{
	va_list args;
	char *path;

	va_start(args, format);
	path = format_path(format, args);
	va_end(args);
	return path;
}

static void make_parents(const char *path)
{
	char *copy = strdup(path);

	for (char *p = copy + 1; *p; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		if (mkdir(copy, 0777) < 0 && errno != EEXIST)
			fail_msg("cannot make %s: %s", copy, strerror(errno));
		*p = '/';
	}
	free(copy);
}

void write_file(const char *path, const void *data, size_t len)
{
	FILE *file;

	make_parents(path);
	file = fopen(path, "wb");
	if (!file || (len && fwrite(data, 1, len, file) != len) || fclose(file) != 0)
		fail_msg("cannot write %s: %s", path, strerror(errno));
}

static struct bytes read_fd(int fd)
{
	size_t len = 0, cap = 64 << 10;
	uint8_t *data = malloc(cap + 1);

	for (;;) {
		ssize_t n = read(fd, data + len, cap - len);

		if (n < 0)
			fail_msg("cannot read: %s", strerror(errno));
		if (n == 0)
			break;
		len += (size_t)n;
		if (len == cap)
			data = realloc(data, (cap *= 2) + 1);
	}
	data[len] = '\0';
	return (struct bytes){ keep(data), len };
}

struct bytes read_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct bytes bytes;

	if (fd < 0)
		fail_msg("cannot open %s: %s", path, strerror(errno));
	bytes = read_fd(fd);
	close(fd);
	return bytes;
}

/* --- the program ------------------------------------------------------------------------------ */

enum { MOST_WORDS = 64, TIME_LIMIT = 60 };

static _Noreturn void start(const char *const *words, int out, int err)
{
	const char *program = setting("COLDCASE", "build/coldcase");
	char *argv[MOST_WORDS + 2] = { (char *)(uintptr_t)program };
	int null = open("/dev/null", O_RDONLY);

	for (int i = 0; words[i]; i++)
		argv[i + 1] = (char *)(uintptr_t)words[i];
	dup2(null, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	dup2(err, STDERR_FILENO);
	setenv("LC_ALL", "C.UTF-8", 1);
	setenv("ASAN_OPTIONS", "exitcode=99:detect_leaks=1", 0);
	setenv("UBSAN_OPTIONS", "print_stacktrace=1", 0);
	alarm(TIME_LIMIT);
	execv(program, argv);
	_exit(127);
}

struct outcome run_words(const char *const *words)
{
	FILE *out = tmpfile(), *err = tmpfile();
	struct outcome outcome;
	pid_t pid;
	int status = 0;

	if (!out || !err)
		fail_msg("cannot make temporary files: %s", strerror(errno));
	pid = fork();
	if (pid == 0)
		start(words, fileno(out), fileno(err));
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		fail_msg("cannot run: %s", strerror(errno));
	lseek(fileno(out), 0, SEEK_SET);
	lseek(fileno(err), 0, SEEK_SET);
	outcome.out = read_fd(fileno(out));
	outcome.err = read_fd(fileno(err));
	outcome.status = WIFEXITED(status)	       ? WEXITSTATUS(status)
			 : WTERMSIG(status) == SIGALRM ? 124
						       : 128 + WTERMSIG(status);
	fclose(out);
	fclose(err);
	return outcome;
}

static struct outcome run_list(const char *word, va_list args)
{
	const char *words[MOST_WORDS + 1] = { word };
	int n = 1;

	while (n < MOST_WORDS && (words[n] = va_arg(args, const char *)))
		n++;
	return run_words(words);
}

struct outcome run(const char *word, ...)
{
	struct outcome outcome;
	va_list args;

	va_start(args, word);
	outcome = run_list(word, args);
	va_end(args);
	return outcome;
}

struct json_object *run_json(int status, const char *word, ...)
{
	struct json_object *json;
	struct outcome outcome;
	va_list args;

	va_start(args, word);
	outcome = run_list(word, args);
	va_end(args);
	if (outcome.status != status)
		fail_msg("%s: status %d, not %d: %s", word, outcome.status, status,
			 (const char *)outcome.err.data);
	json = json_parse(outcome.out);
	if (!json)
		fail_msg("%s printed no JSON: %.200s", word, (const char *)outcome.out.data);
	return json;
}

/* --- JSON ------------------------------------------------------------------------------------- */

struct json_object *json_parse(struct bytes text)
{
	struct json_tokener *tokener = json_tokener_new_ex(256);
	struct json_object *json;

	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	/* The NUL behind the text ends a number or a null that stands alone. */
	json = json_tokener_parse_ex(tokener, (const char *)text.data, (int)text.len + 1);
	if (json_tokener_get_error(tokener) != json_tokener_success)
		json = NULL;
	json_tokener_free(tokener);
	return json;
}

struct json_object *json_file(const char *path)
{
	struct json_object *json = json_parse(read_file(path));

	if (!json)
		fail_msg("%s is no JSON", path);
	return json;
}

static char difference[4096];

static bool same_at(struct json_object *a, struct json_object *b, const char *path);

static bool differ(const char *path)
{
	snprintf(difference, sizeof(difference), "%s", path[0] ? path : "(the whole)");
	return false;
}

static bool same_objects(struct json_object *a, struct json_object *b, const char *path)
{
	char below[1024];

	json_object_object_foreach(a, key, value) {
		struct json_object *other;

		snprintf(below, sizeof(below), "%s%s%s", path, path[0] ? "." : "", key);
		if (!json_object_object_get_ex(b, key, &other))
			return differ(below);
		if (!same_at(value, other, below))
			return false;
	}
	if (json_object_object_length(a) == json_object_object_length(b))
		return true;
	json_object_object_foreach(b, other_key, other_value) {
		(void)other_value;
		snprintf(below, sizeof(below), "%s%s%s", path, path[0] ? "." : "", other_key);
		if (!json_object_object_get_ex(a, other_key, NULL))
			return differ(below);
	}
	return true;
}

static bool same_arrays(struct json_object *a, struct json_object *b, const char *path)
{
	size_t n = json_object_array_length(a);
	char below[1024];

	if (n != json_object_array_length(b))
		return differ(path);
	for (size_t i = 0; i < n; i++) {
		snprintf(below, sizeof(below), "%s[%zu]", path, i);
		if (!same_at(json_object_array_get_idx(a, i), json_object_array_get_idx(b, i), below))
			return false;
	}
	return true;
}

static bool same_at(struct json_object *a, struct json_object *b, const char *path)
{
	if (json_object_get_type(a) != json_object_get_type(b))
		return differ(path);
	switch (json_object_get_type(a)) {
	case json_type_object:
		return same_objects(a, b, path);
	case json_type_array:
		return same_arrays(a, b, path);
	default:
		return json_object_equal(a, b) ? true : differ(path);
	}
}

bool json_same(struct json_object *a, struct json_object *b, const char **ret_path)
{
	bool same = same_at(a, b, "");

	*ret_path = same ? "" : difference;
	return same;
}

/* --- samples ---------------------------------------------------------------------------------- */

static void extract(const char *archive_path, const char *into)
{
	struct archive *in = archive_read_new(), *disk = archive_write_disk_new();
	struct archive_entry *entry;

	archive_read_support_format_tar(in);
	archive_read_support_filter_gzip(in);
	archive_read_support_filter_zstd(in);
	archive_write_disk_set_options(disk, ARCHIVE_EXTRACT_TIME | ARCHIVE_EXTRACT_SECURE_NODOTDOT);
	if (archive_read_open_filename(in, archive_path, 1 << 16) != ARCHIVE_OK)
		fail_msg("%s: %s", archive_path, archive_error_string(in));
	while (archive_read_next_header(in, &entry) == ARCHIVE_OK) {
		char *path;

		if (asprintf(&path, "%s/%s", into, archive_entry_pathname(entry)) < 0)
			abort();
		archive_entry_set_pathname(entry, keep(path));
		if (archive_entry_hardlink(entry)) {
			char *target;

			if (asprintf(&target, "%s/%s", into, archive_entry_hardlink(entry)) < 0)
				abort();
			archive_entry_set_hardlink(entry, target);
			free(target);
		}
		archive_read_extract2(in, entry, disk);
	}
	archive_read_free(in);
	archive_write_free(disk);
}

const char *unpack(const char *archive, const char *name)
{
	const char *path = scratch_path("%s", name);

	make_parents(path);
	extract(archive, path);
	return path;
}

const char *sample_case(const char *name)
{
	const char *path = scratch_path("cases/%s", name);
	struct stat st;
	char *archive;

	if (stat(path, &st) == 0)
		return path;
	if (asprintf(&archive, "%s/cases/%s.tar.zst", setting("SAMPLES", "samples"), name) < 0)
		abort();
	make_parents(path);
	extract(archive, scratch_path("cases"));
	free(archive);
	if (stat(path, &st) < 0)
		fail_msg("there is no case %s in the samples", name);
	return path;
}

static int is_case(const struct dirent *entry)
{
	return strstr(entry->d_name, ".tar.zst") != NULL;
}

const char *const *sample_cases(void)
{
	struct dirent **entries;
	char *directory;
	const char **names;
	int n;

	if (asprintf(&directory, "%s/cases", setting("SAMPLES", "samples")) < 0)
		abort();
	n = scandir(directory, &entries, is_case, alphasort);
	if (n <= 0)
		fail_msg("no samples in %s", directory);
	names = keep(calloc((size_t)n + 1, sizeof(*names)));
	for (int i = 0; i < n; i++) {
		names[i] = keep(strndup(entries[i]->d_name,
					strlen(entries[i]->d_name) - strlen(".tar.zst")));
		free(entries[i]);
	}
	free(entries);
	free(directory);
	return names;
}

/* --- archives --------------------------------------------------------------------------------- */

static void add_filter(struct archive *archive, const char *filter)
{
	if (filter && archive_write_add_filter_by_name(archive, filter) != ARCHIVE_OK)
		fail_msg("no filter %s: %s", filter, archive_error_string(archive));
	archive_write_set_format_ustar(archive);
	archive_write_set_bytes_in_last_block(archive, 1);
}

static void add_entry(struct archive *archive, const struct tar_entry *from)
{
	struct archive_entry *entry = archive_entry_new();

	archive_entry_set_pathname(entry, from->name);
	archive_entry_set_perm(entry, from->type == 'd' ? 0755 : 0644);
	archive_entry_set_mtime(entry, 1000000000, 0);
	archive_entry_set_filetype(entry, from->type == 'd'   ? AE_IFDIR
					  : from->type == 'l' ? AE_IFLNK
							      : AE_IFREG);
	if (from->type == 'l')
		archive_entry_set_symlink(entry, from->link);
	if (from->type == 'h')
		archive_entry_set_hardlink(entry, from->link);
	archive_entry_set_size(entry, from->type == 'f' ? (la_int64_t)from->len : 0);
	if (archive_write_header(archive, entry) != ARCHIVE_OK ||
	    (from->type == 'f' && from->len &&
	     archive_write_data(archive, from->data, from->len) != (la_ssize_t)from->len))
		fail_msg("cannot write %s: %s", from->name, archive_error_string(archive));
	archive_entry_free(entry);
}

void write_tar(const char *path, const char *filter, const struct tar_entry *entries, size_t n)
{
	struct archive *archive = archive_write_new();

	make_parents(path);
	add_filter(archive, filter);
	if (archive_write_open_filename(archive, path) != ARCHIVE_OK)
		fail_msg("cannot write %s: %s", path, archive_error_string(archive));
	for (size_t i = 0; i < n; i++)
		add_entry(archive, &entries[i]);
	if (archive_write_close(archive) != ARCHIVE_OK)
		fail_msg("cannot write %s: %s", path, archive_error_string(archive));
	archive_write_free(archive);
}

static const char *packed_root;
static struct tar_entry *packed;
static size_t n_packed;
static const char *packed_prefix;

static int collect(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	struct tar_entry *entry;
	char *name, target[4096];
	ssize_t len;

	(void)st;
	(void)ftw;
	if (type != FTW_F && type != FTW_SL)
		return 0;
	packed = reallocarray(packed, n_packed + 1, sizeof(*packed));
	entry = &packed[n_packed++];
	if (asprintf(&name, "%s%s", packed_prefix, path + strlen(packed_root) + 1) < 0)
		abort();
	*entry = (struct tar_entry){ .name = keep(name), .type = type == FTW_F ? 'f' : 'l' };
	if (type == FTW_F) {
		struct bytes bytes = read_file(path);

		entry->data = bytes.data;
		entry->len = bytes.len;
	} else if ((len = readlink(path, target, sizeof(target) - 1)) >= 0) {
		target[len] = '\0';
		entry->link = keep(strdup(target));
	}
	return 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct tar_entry *)a)->name, ((const struct tar_entry *)b)->name);
}

void pack_directory(const char *path, const char *filter, const char *directory, const char *prefix)
{
	packed_root = directory;
	packed_prefix = prefix;
	packed = NULL;
	n_packed = 0;
	if (nftw(directory, collect, 16, FTW_PHYS) < 0)
		fail_msg("cannot read %s: %s", directory, strerror(errno));
	qsort(packed, n_packed, sizeof(*packed), by_name);
	write_tar(path, filter, packed, n_packed);
	free(packed);
}

int run_test_group(const char *name, const struct CMUnitTest *tests, size_t n)
{
	int failed;

	atexit(remove_directory);
	failed = _cmocka_run_group_tests(name, tests, n, NULL, NULL);
	return failed ? 1 : 0;
}
