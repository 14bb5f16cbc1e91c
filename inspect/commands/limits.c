/* limits: what hostile or huge input runs into, each with its number. */
#include "db/index/index.h"
#include "db/index/pages.h"
#include "db/scan/finds.h"
#include "db/scan/indicators.h"
#include "db/sql/database.h"
#include "decoders/base/size.h"
#include "decoders/engine/engine.h"
#include "decoders/image/encode.h"
#include "decoders/image/encode_entry.h"
#include "decoders/image/netlink.h"
#include "decoders/image/prescan.h"
#include "decoders/live/live.h"
#include "decoders/model/checkpoint.h"
#include "decoders/model/layers.h"
#include "decoders/model/leaves/firewall.h"
#include "decoders/source/digests.h"
#include "decoders/source/source.h"
#include "inspect/options.h"
#include "inspect/export/carver.h"
#include "inspect/export/core_notes.h"
#include "inspect/export/core_segments.h"
#include "inspect/export/manifest_forms.h"

static const struct {
	const char *name;
	uint64_t value;
	const char *unit;
	const char *what;
} limits[] = {
	{ "members", MAX_MEMBERS, "members", "of an archive or directory" },
	{ "directory-depth", MAX_DIRECTORY_DEPTH, "levels", "of a directory that are walked" },
	{ "captured", MAX_CAPTURED, "bytes", "kept in memory of one streamed archive" },
	{ "inflated", INFLATED_FLOOR, "bytes", "a compressed archive may inflate to, and" },
	{ "inflated-factor", INFLATED_FACTOR, "times", "... this often its own size on top" },
	{ "inside-factor", INSIDE_FACTOR, "times", "... for all archives inside one together" },
	{ "nesting", MAX_NESTING, "archives", "inside one another" },
	{ "loaded", MAX_LOADED, "bytes", "of one image or document that is read whole, and" },
	{ "loaded-holes", MAX_LOADED, "bytes", "... of holes in all of a checkpoint's" },
	{ "rows", MOST_ROW_BYTES, "bytes", "that is made of the images of a checkpoint" },
	{ "message-depth", PRESCAN_DEPTH, "levels", "of messages in messages" },
	{ "message-memory", PRESCAN_BUDGET_MAX, "bytes", "unpacking one message may take, and" },
	{ "message-factor", PRESCAN_BUDGET_FACTOR, "times", "... at most this often its wire size" },
	{ "encoded", ENCODE_TEXT_MAX, "bytes", "of a document that encode reads" },
	{ "encoded-entry", ENCODE_TREE_MAX, "bytes", "that reading one entry of it may take" },
	{ "document", ENGINE_JSON_MAX, "bytes", "of an engine's JSON document" },
	{ "document-depth", ENGINE_JSON_DEPTH, "levels", "of objects and lists in it" },
	{ "netlink", NETLINK_MOST, "messages", "of one netlink dump" },
	{ "firewall", FIREWALL_MOST, "statements", "of one rule set" },
	{ "runs", MOST_RUNS, "runs", "of pages of one task" },
	{ "generations", MOST_LAYERS, "checkpoints", "in a chain of parents" },
	{ "manifest", MANIFEST_TEXT_MAX, "bytes", "of an earlier manifest that is read" },
	{ "holes", MOST_ZEROES, "bytes", "of holes that are digested in all" },
	{ "carved", CARVED_MOST, "bytes", "that carve writes, without --max-size" },
	{ "cores", MOST_COPIES, "times", "all stored pages that core writes, without --max-size" },
	{ "core-files", MOST_FILE_NOTE, "bytes", "of the list of files in a core" },
	{ "core-threads", MOST_THREAD_NOTES, "bytes", "of registers in a core" },
	{ "carved-files", CARVED_FILES, "files", "that carve makes" },
	{ "live-threads", MAX_LIVE_THREADS, "threads", "of running processes" },
	{ "live-descriptors", MAX_LIVE_FDS, "descriptors", "of running processes" },
	{ "live-mappings", MAX_LIVE_VMAS, "mappings", "of running processes" },
	{ "live-mounts", MAX_LIVE_MOUNTS, "mounts", "of running processes" },
	{ "live-network", MAX_LIVE_NETWORK, "bytes", "of the devices, or routes, of a network namespace" },
	{ "live-text", MAX_LIVE_TEXT, "bytes", "of their arguments, environment and fdinfo" },
	{ "sql-steps", SQL_STEPS_USUAL, "steps", "of a statement, without --steps" },
	{ "sql-statement", SQL_STATEMENT_MOST, "bytes", "of a statement" },
	{ "sql-value", SQL_VALUE_MOST, "bytes", "of a value or row of SQL" },
	{ "sql-heap", SQL_HEAP_MOST, "bytes", "that SQLite may take" },
	{ "sql-sorted", SQL_SORTED_MOST, "bytes", "of rows sorted for comparisons" },
	{ "index-pages", MOST_HASHED_PAGES, "pages", "of a checkpoint whose hashes an index takes" },
	{ "index-wait", INDEX_BUSY_MS, "ms", "that one writer of an index waits for another" },
	{ "secret", LONGEST_FOUND, "bytes", "of a secret with what is around it" },
	{ "secrets", FINDS_KEPT, "secrets", "that scan tells apart" },
	{ "secret-bytes", FIND_BYTES, "bytes", "of all of them together" },
	{ "secret-places", PLACES_KEPT, "places", "of one that --all lists" },
	{ "indicators", MOST_INDICATORS, "indicators", "of all files" },
	{ "searched", MOST_SEARCHED, "indicators", "that are strings or domains" },
	{ "globs", MOST_GLOBS, "indicators", "with \"*\" or \"?\", and networks" },
	{ "problems", PROBLEMS_KEPT, "problems", "that are told; the rest is counted" },
};

static void print_json(struct out *out)
{
	struct json json;

	json_init(&json, out, JSON_INDENTED);
	json_array_begin(&json);
	for (size_t i = 0; i < ARRAY_SIZE(limits); i++) {
		json_object_begin(&json);
		json_key_text(&json, "limit", limits[i].name);
		json_key_u64(&json, "value", limits[i].value);
		json_key_text(&json, "unit", limits[i].unit);
		json_key_text(&json, "what", limits[i].what);
		json_object_end(&json);
	}
	json_array_end(&json);
	out_char(out, '\n');
}

static struct error *run_limits(struct invocation *invocation)
{
	if (invocation->options.format == FORMAT_JSON) {
		print_json(&invocation->out);
		return NULL;
	}
	for (size_t i = 0; i < ARRAY_SIZE(limits); i++)
		out_printf(&invocation->out, "%-15s %11llu %-11s %s\n", limits[i].name,
			   (unsigned long long)limits[i].value, limits[i].unit, limits[i].what);
	return NULL;
}

const struct command command_limits = {
	.name = "limits",
	.help = "what hostile or huge input runs into",
	.formats = FORMATS_PLAIN,
	.options = { output_options },
	.files = FILES_NONE,
	.run = run_limits,
};
