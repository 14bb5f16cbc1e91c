#include "db/scan/scan.h"

#include "db/scan/sources.h"

bool scan_wants(const struct scan_request *request, uint32_t pid)
{
	for (size_t i = 0; i < request->n_pids; i++)
		if (request->pids[i] == pid)
			return true;
	return request->n_pids == 0;
}

/* --- what was found, as findings ----------------------------------------------------------------------------- */

struct telling {
	const struct scan_request *request;
	struct findings *findings;
	const struct find *find;
};

/* What stays the same from one checkpoint to the next: "AKIA******** (20 bytes, 5692c854)", or what is looked for. */
static struct bytes subject_of(const struct telling *telling)
{
	enum { SHOWN = 4, LONG = 20 }; /* the first bytes of a long one show which it is, and nothing more */
	const struct find *find = telling->find;
	struct bytes value = find->value, mask = BYTES(SECRET_MASK);

	if (find->indicator)
		return find->indicator->value;
	if (telling->request->reveal)
		mask = NO_BYTES;
	else
		value = bytes_first(value, value.len >= LONG ? SHOWN : 0);
	return findings_text(telling->findings, "%.*s%.*s (%zu bytes, %s)", BYTES_FMT(value), BYTES_FMT(mask), find->len,
			     find->digest);
}

/* "heap of process 7 at 0x5581a0", "pipe 3", "ghost 2 (/tmp/x)", "spec.dump" */
static struct bytes place_text(struct findings *findings, const struct find_place *place)
{
	struct bytes path = place->path;

	if (place->address != ABSENT_U64)
		return findings_text(findings, "%s of process %u at 0x%llx",
				     place->mapping ? place->mapping : place->where, place->pid,
				     (unsigned long long)place->address);
	if (place->id)
		return path.data ? findings_text(findings, "%s %s (%.*s)", place->where, place->id, BYTES_FMT(path))
				 : findings_text(findings, "%s %s", place->where, place->id);
	if (place->pid != ABSENT_U32)
		return findings_text(findings, "%s %.*s of process %u", place->where, BYTES_FMT(path), place->pid);
	if (path.data)
		return findings_text(findings, "%s %.*s", place->where, BYTES_FMT(path));
	return place->image;
}

static struct bytes message_of(const struct telling *telling, const struct find_place *place)
{
	const struct find *find = telling->find;
	struct bytes where = place_text(telling->findings, place);

	return findings_text(telling->findings, "%.*s%s%s%s", BYTES_FMT(where), place->is_wide ? ", in UTF-16" : "",
			     find->why ? "; " : "", find->why ? find->why : "");
}

static void add_text(const struct telling *telling, struct finding *finding, const char *name, struct bytes text)
{
	if (text.data)
		finding_evidence(telling->findings, finding, name, value_text(text));
}

static void add_number(const struct telling *telling, struct finding *finding, const char *name, enum value_type type,
		       uint64_t number, uint64_t absent)
{
	if (number != absent)
		finding_evidence(telling->findings, finding, name, value_number(type, number));
}

static void add_evidence(const struct telling *telling, struct finding *finding, const struct find_place *place)
{
	const struct find *find = telling->find;

	if (find->indicator) {
		add_text(telling, finding, "listed", findings_text(telling->findings, "%s:%zu", find->indicator->file,
								    find->indicator->line));
		add_text(telling, finding, "comment", find->indicator->comment);
	} else {
		add_text(telling, finding, "in", find->text);
		add_text(telling, finding, "name", find->name);
		add_number(telling, finding, "bytes", VALUE_UINT, find->len, ABSENT_U64);
		add_text(telling, finding, "sha256", bytes_of(find->digest));
	}
	add_text(telling, finding, "where", bytes_of(place->where));
	add_number(telling, finding, "address", VALUE_HEX, place->address, ABSENT_U64);
	add_text(telling, finding, "mapping", bytes_of(place->mapping));
	add_text(telling, finding, "path", place->path);
	add_number(telling, finding, "places", VALUE_UINT, find->n_places, ABSENT_U64);
}

static enum severity severity_of(const struct find *find)
{
	if (find->indicator)
		return SEVERITY_ERROR;
	return find->in_doubt ? SEVERITY_NOTE : find->kind->severity;
}

static void tell_place(const struct telling *telling, const struct find_place *place)
{
	const struct find *find = telling->find;
	const struct indicator_words *words = find->indicator ? &indicator_types[find->indicator->type] : NULL;
	struct finding *finding = findings_add(telling->findings, bytes_of(words ? words->rule : find->kind->id),
					       severity_of(find));

	if (!finding)
		return;
	finding->category = words ? CATEGORY_INDICATOR : CATEGORY_SECRET;
	finding->title = bytes_of(words ? words->title : find->kind->title);
	finding->subject = subject_of(telling);
	finding->message = message_of(telling, place);
	finding->pid = place->pid;
	finding->fd = place->fd;
	finding->image = arena_copy(telling->findings->arena, place->image); /* the checkpoint may be closed before */
	finding->offset = place->offset;
	add_evidence(telling, finding, place);
}

bool scan_tells(struct bytes only, const char *rule, struct bytes category)
{
	struct bytes word;

	if (!only.data)
		return true;
	while (word_next(&only, &word))
		if (bytes_equal(word, bytes_of(rule)) || bytes_equal(word, category))
			return true;
	return false;
}

static bool is_told(const struct find *find, struct bytes only)
{
	if (find->indicator)
		return scan_tells(only, indicator_types[find->indicator->type].rule, CATEGORY_INDICATOR);
	return scan_tells(only, find->kind->id, CATEGORY_SECRET);
}

static void tell(const struct finds *finds, const struct scan_request *request, struct findings *findings)
{
	for (size_t i = 0; i < finds->list.n; i++) {
		const struct find *find = &finds->list.items[i];
		struct telling telling = { request, findings, find };

		if (!is_told(find, request->only))
			continue;
		for (size_t k = 0; k < find->places.n && (k == 0 || request->all_places); k++)
			tell_place(&telling, &find->places.items[k]);
	}
}

/* --- all of it ------------------------------------------------------------------------------------------------- */

static void tell_limits(const struct scanner *scanner, const struct scan_request *request, const struct finds *finds)
{
	if (finds->n_dropped)
		problems_add(scanner->problems,
			     error_in_source(error_new(ERROR_LIMIT, "more than %d different secrets, or more than %zu bytes of "
								    "them; %zu more matches are left out",
						       FINDS_KEPT, FIND_BYTES, finds->n_dropped),
					     scanner->checkpoint->source.path));
	if (request->all_places && finds->n_dropped_places)
		problems_add(scanner->problems,
			     error_in_source(error_new(ERROR_LIMIT, "%zu more places are counted and not listed",
						       finds->n_dropped_places),
					     scanner->checkpoint->source.path));
}

void scan_checkpoint(struct checkpoint *checkpoint, const struct scan_request *request, struct findings *findings,
		     struct problems *problems)
{
	struct scanner scanner;
	struct finds finds;

	finds_init(&finds, findings->arena, request->all_places);
	scanner_init(&scanner, request->patterns, checkpoint, &finds, problems);
	scanner.indicators = request->indicators;
	scan_variables(&scanner, request);
	scan_memory(&scanner, request);
	scan_contents(&scanner, request);
	if (!request->n_pids)
		scan_members(&scanner);
	if (request->indicators)
		indicators_look_at_tables(request, checkpoint, &finds);
	tell_limits(&scanner, request, &finds);
	scanner_deinit(&scanner);
	tell(&finds, request, findings);
}
