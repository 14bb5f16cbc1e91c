/*
 * Firewalls: iptables-N and ip6tables-N, the text of iptables-save, and nftables-N, the text of "nft list
 * ruleset".
 *
 * Neither language is understood here: a statement is told from the next, put under its table and chain,
 * and kept as it is. In iptables-save a statement is a line. In nft's text it is a line too, or as many as it takes
 * until its braces are closed.
 */
#include "decoders/base/size.h"
#include "decoders/model/leaves/firewall.h"
#include "decoders/model/leaves/text_lines.h"

enum { LONGEST_NAME = 256 }; /* NFT_NAME_MAXLEN of include/uapi/linux/netfilter/nf_tables.h */

struct ruleset {
	struct checkpoint *checkpoint;
	struct leaf_rows *rows;
	struct image_reader *image;
	const char *tool;
	uint32_t ns_id, line, n;
	struct bytes text;  /* the whole image, in the checkpoint's arena */
	struct bytes family, table, chain;
	struct bytes block; /* what the chain is: chain, set, ... */
	uint32_t position;
	unsigned depth;     /* open blocks: table, chain */
};

static void problem(const struct ruleset *ruleset, struct bytes where, struct error *error)
{
	image_problem(ruleset->image, error, NO_ENTRY, (uint64_t)(where.data - ruleset->text.data));
}

/* Names stand in every row of their chain: longer than they can be they are cut. */
static struct bytes name_of_block(struct bytes name)
{
	return bytes_first(name, LONGEST_NAME);
}

static struct firewall *add(struct ruleset *ruleset, struct bytes kind, struct bytes text)
{
	struct firewall *firewall = leaf_add(ruleset->checkpoint, ruleset->rows);

	*firewall = (struct firewall){
		.origin = { .member = ruleset->image->member, .entry = NO_ENTRY,
			    .offset = (uint64_t)(text.data - ruleset->text.data) },
		.ns_id = ruleset->ns_id, .line = ruleset->line, .tool = ruleset->tool,
		.family = ruleset->family, .table = ruleset->table, .chain = ruleset->chain,
		.kind = kind, .position = ABSENT_U32,
		.packets = ABSENT_U64, .bytes = ABSENT_U64,
		.text = text,
	};
	ruleset->n++;
	return firewall;
}

static void add_rule(struct ruleset *ruleset, struct bytes text, uint64_t packets, uint64_t bytes)
{
	struct firewall *rule = add(ruleset, BYTES("rule"), text);

	rule->position = ++ruleset->position;
	rule->packets = packets;
	rule->bytes = bytes;
}

/* --- iptables-save ------------------------------------------------------------------------ */

/* "[PACKETS:BYTES]"; false where the text begins otherwise. */
static bool take_counters(struct bytes text, uint64_t *ret_packets, uint64_t *ret_bytes)
{
	uint64_t packets, bytes;

	if (!bytes_start_with(text, BYTES("[")))
		return false;
	text = bytes_from(text, 1);
	if (!text_number(&text, &packets) || !bytes_start_with(text, BYTES(":")))
		return false;
	text = bytes_from(text, 1);
	if (!text_number(&text, &bytes) || !bytes_start_with(text, BYTES("]")))
		return false;
	*ret_packets = packets;
	*ret_bytes = bytes;
	return true;
}

/* ":NAME POLICY [PACKETS:BYTES]"; a chain of the user's has the policy "-". */
static void take_chain(struct ruleset *ruleset, struct bytes line)
{
	struct bytes rest = bytes_from(line, 1);
	struct firewall *chain;

	ruleset->chain = name_of_block(text_word(&rest));
	chain = add(ruleset, BYTES("chain"), line);
	chain->policy = text_word(&rest);
	if (bytes_equal(chain->policy, BYTES("-")))
		chain->policy = NO_BYTES;
	take_counters(text_trim(rest), &chain->packets, &chain->bytes);
}

/* "-A CHAIN ..." or "[PACKETS:BYTES] -A CHAIN ..."; false where it is neither. */
static bool take_append(struct ruleset *ruleset, struct bytes line)
{
	uint64_t packets = ABSENT_U64, bytes = ABSENT_U64;
	struct bytes rest = line, chain;

	if (take_counters(line, &packets, &bytes))
		text_word(&rest);
	if (!bytes_equal(text_word(&rest), BYTES("-A")))
		return false;
	chain = name_of_block(text_word(&rest));
	if (!bytes_equal(chain, ruleset->chain))
		ruleset->position = 0;
	ruleset->chain = chain;
	add_rule(ruleset, line, packets, bytes);
	return true;
}

static void take_table(struct ruleset *ruleset, struct bytes line)
{
	ruleset->table = name_of_block(bytes_from(line, 1));
	ruleset->depth = 1;
	add(ruleset, BYTES("table"), line);
}

static void take_saved_line(struct ruleset *ruleset, struct bytes line)
{
	if (line.data[0] == '#') {
		add(ruleset, BYTES("comment"), line);
	} else if (line.data[0] == '*') {
		take_table(ruleset, line);
	} else if (line.data[0] == ':') {
		take_chain(ruleset, line);
		ruleset->chain = NO_BYTES;
	} else if (bytes_equal(line, BYTES("COMMIT"))) {
		ruleset->table = ruleset->chain = NO_BYTES;
		ruleset->depth = 0;
	} else if (!take_append(ruleset, line)) {
		add(ruleset, NO_BYTES, line);
		problem(ruleset, line, error_new(ERROR_DAMAGED, "no line of iptables-save"));
	}
}

static void take_saved(struct ruleset *ruleset)
{
	struct bytes rest = ruleset->text, line;

	while (ruleset->n < FIREWALL_MOST && text_line(&rest, &line)) {
		ruleset->line++;
		line = text_trim(line);
		if (line.len)
			take_saved_line(ruleset, line);
	}
	if (ruleset->depth && ruleset->n < FIREWALL_MOST)
		problem(ruleset, rest, error_new(ERROR_DAMAGED, "it ends in a table, without COMMIT"));
}

/* --- nft list ruleset --------------------------------------------------------------------- */

/* By how much a line opens more braces than it closes, outside of texts and of comments. */
static int count_braces(struct bytes line)
{
	bool in_text = false;
	int open = 0;

	for (size_t i = 0; i < line.len; i++) {
		uint8_t c = line.data[i];

		if (c == '"')
			in_text = !in_text;
		else if (!in_text && c == '#')
			break;
		else if (!in_text && c == '{')
			open++;
		else if (!in_text && c == '}')
			open--;
	}
	return open;
}

/* What stands behind WORDS, outside of texts; false where they are not there. */
static bool find_behind(struct bytes text, struct bytes words, struct bytes *ret)
{
	bool in_text = false;

	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] == '"')
			in_text = !in_text;
		if (in_text || !bytes_start_with(bytes_from(text, i), words))
			continue;
		*ret = bytes_from(text, i + words.len);
		return true;
	}
	return false;
}

/* "packets N bytes N" */
static void take_counter(struct bytes text, struct firewall *firewall)
{
	uint64_t packets, bytes;

	if (!find_behind(text, BYTES("packets "), &text) || !text_number(&text, &packets) ||
	    !bytes_start_with(text, BYTES(" bytes ")))
		return;
	text = bytes_from(text, sizeof(" bytes ") - 1);
	if (!text_number(&text, &bytes))
		return;
	firewall->packets = packets;
	firewall->bytes = bytes;
}

/* "table FAMILY NAME {" */
static void open_table(struct ruleset *ruleset, struct bytes line)
{
	struct bytes rest = line;

	text_word(&rest);
	ruleset->family = name_of_block(text_word(&rest));
	ruleset->table = name_of_block(text_word(&rest));
	add(ruleset, BYTES("table"), line);
}

/* "chain NAME {", "set NAME {", "ct helper NAME {": the last word before the brace is the name. */
static void open_chain(struct ruleset *ruleset, struct bytes line)
{
	struct bytes head = text_trim(bytes_first(line, bytes_find_last(line, '{'))), rest = head;
	struct bytes word, name = NO_BYTES;

	while ((word = text_word(&rest)).len)
		name = word;
	ruleset->chain = name_of_block(name);
	ruleset->block = name_of_block(text_trim(bytes_first(head, head.len - name.len)));
	ruleset->position = 0;
	add(ruleset, ruleset->block, line);
}

static void open_block(struct ruleset *ruleset, struct bytes line)
{
	if (ruleset->depth == 0)
		open_table(ruleset, line);
	else
		open_chain(ruleset, line);
	ruleset->depth++;
}

static void close_block(struct ruleset *ruleset)
{
	ruleset->chain = ruleset->block = NO_BYTES;
	if (--ruleset->depth == 0)
		ruleset->family = ruleset->table = NO_BYTES;
}

static void add_hook(struct ruleset *ruleset, struct bytes text)
{
	struct firewall *hook = add(ruleset, BYTES("hook"), text);
	struct bytes policy;

	if (find_behind(text, BYTES(" policy "), &policy))
		hook->policy = bytes_first(policy, bytes_find(policy, ';'));
}

static void add_statement(struct ruleset *ruleset, struct bytes text)
{
	bool in_chain = bytes_equal(ruleset->block, BYTES("chain"));

	if (text.data[0] == '#')
		add(ruleset, BYTES("comment"), text);
	else if (in_chain && bytes_start_with(text, BYTES("type ")))
		add_hook(ruleset, text);
	else if (in_chain && !bytes_start_with(text, BYTES("policy ")) &&
		 !bytes_start_with(text, BYTES("comment ")) &&
		 !bytes_start_with(text, BYTES("devices "))) {
		add_rule(ruleset, text, ABSENT_U64, ABSENT_U64);
		take_counter(text, (struct firewall *)ruleset->rows->items + ruleset->rows->n - 1);
	} else if (bytes_start_with(text, BYTES("elements ")))
		add(ruleset, BYTES("elements"), text);
	else
		take_counter(text, add(ruleset, BYTES("property"), text));
}

/* All of a statement whose first line is LINE; *rest is moved behind it. False where it does not end. */
static bool take_statement(struct ruleset *ruleset, struct bytes line, int open, struct bytes *rest)
{
	struct bytes statement = line, more;
	uint32_t lines = 0;

	while (open > 0 && text_line(rest, &more)) {
		open += count_braces(more);
		statement.len = (size_t)(more.data + more.len - statement.data);
		lines++;
	}
	add_statement(ruleset, text_trim(statement));
	ruleset->line += lines;
	return open == 0;
}

static bool take_listed_line(struct ruleset *ruleset, struct bytes line, struct bytes *rest)
{
	int open = count_braces(line);

	if (ruleset->depth < 2 && open == 1) {
		open_block(ruleset, line);
		return true;
	}
	if (open < 0 && ruleset->depth > 0 && line.data[0] == '}') {
		close_block(ruleset);
		return true;
	}
	return take_statement(ruleset, line, open, rest);
}

static void take_listed(struct ruleset *ruleset)
{
	struct bytes rest = ruleset->text, line = rest;

	while (ruleset->n < FIREWALL_MOST && text_line(&rest, &line)) {
		ruleset->line++;
		line = text_trim(line);
		if (line.len && !take_listed_line(ruleset, line, &rest)) {
			problem(ruleset, line,
				error_new(ERROR_DAMAGED, "the braces of a statement do not match"));
			ruleset->depth = 0;
			break;
		}
	}
	if (ruleset->depth && ruleset->n < FIREWALL_MOST)
		problem(ruleset, rest, error_new(ERROR_DAMAGED, "it ends in a block, without \"}\""));
}

/* --- images ------------------------------------------------------------------------------- */

static const struct {
	const char *kind, *tool, *family;
	void (*take)(struct ruleset *ruleset);
} sources[] = {
	{ "IPTABLES", "iptables", "ip", take_saved },
	{ "IP6TABLES", "ip6tables", "ip6", take_saved },
	{ "NFTABLES", "nft", NULL, take_listed },
};

static void load_image(struct checkpoint *checkpoint, struct leaf_rows *rows, size_t i,
		       struct image_reader *image, uint32_t ns_id)
{
	struct ruleset ruleset = {
		.checkpoint = checkpoint, .rows = rows, .image = image, .ns_id = ns_id,
		.tool = sources[i].tool, .family = bytes_of(sources[i].family),
		.text = arena_copy(&checkpoint->arena, image->image),
	};

	if (!image->image.len)
		return;
	sources[i].take(&ruleset);
	if (ruleset.n == FIREWALL_MOST)
		problem(&ruleset, ruleset.text,
			error_new(ERROR_LIMIT, "more than %d statements; the rest is left out",
				  FIREWALL_MOST));
}

static void load(struct checkpoint *checkpoint, struct leaf_rows *rows)
{
	for (size_t i = 0; i < ARRAY_SIZE(sources); i++) {
		const struct member *member;
		size_t position = 0;
		uint32_t ns_id;

		while ((member = load_next_namespace(checkpoint, sources[i].kind,
						      offsetof(struct process, net_ns), &position,
						      &ns_id))) {
			struct image_reader reader;

			if (!load_open(checkpoint, member, sources[i].kind, &reader))
				continue;
			load_image(checkpoint, rows, i, &reader, ns_id);
			load_close(checkpoint, &reader);
		}
	}
}

const struct leaf leaf_firewall = {
	.name = "firewall",
	.row_size = sizeof(struct firewall),
	.needs = PART_INVENTORY,
	.load = load,
};
