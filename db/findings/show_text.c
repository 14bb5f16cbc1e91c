/* Findings for people: by rule, the most severe first. */
#include "db/findings/show.h"
#include "decoders/base/escape.h"

enum { INDENT = 4, NARROWEST = 30 }; /* below that lines are not folded */

/* A paragraph that is put together and then folded; what is in it is escaped already. */
struct writer {
	struct out text;
	struct out *out;
};

/* --- folding ------------------------------------------------------------------------------------------- */

/* How much of TEXT goes into a line: as many whole words as fit WIDTH columns, and one in any case. */
static size_t line_len(struct bytes text, size_t width)
{
	size_t len = bytes_find(text, ' ');

	while (len < text.len) {
		size_t next = len + 1 + bytes_find(bytes_from(text, len + 1), ' ');

		if (text_width(bytes_first(text, next)) > width)
			break;
		len = next;
	}
	return len;
}

/* What the paragraph holds, its first line behind INDENT blanks and the others behind HANGING. */
static void put_paragraph(struct writer *writer, size_t indent, size_t hanging, enum style style)
{
	struct bytes rest = out_held(&writer->text);
	size_t width = writer->out->width;

	do {
		size_t room = width >= indent + NARROWEST ? width - indent : SIZE_MAX;
		size_t len = room == SIZE_MAX ? rest.len : line_len(rest, room);

		out_repeat(writer->out, ' ', indent);
		if (style != STYLE_PLAIN)
			out_style(writer->out, style);
		out_bytes(writer->out, bytes_first(rest, len));
		if (style != STYLE_PLAIN)
			out_style(writer->out, STYLE_PLAIN);
		out_char(writer->out, '\n');
		rest = bytes_from(rest, len);
		while (rest.len && *rest.data == ' ')
			rest = bytes_from(rest, 1);
		indent = hanging;
	} while (rest.len);
	out_clear(&writer->text);
}

/* --- one finding --------------------------------------------------------------------------------------- */

static void add_message(struct writer *writer, const struct finding *finding)
{
	if (finding->subject.data) {
		escape_text(&writer->text, finding->subject);
		out_text(&writer->text, ": ");
	}
	escape_text(&writer->text, finding->message);
}

static void add_evidence(struct writer *writer, const struct finding *finding)
{
	for (size_t i = 0; i < finding->evidence.n; i++) {
		const struct evidence *evidence = &finding->evidence.items[i];

		out_text(&writer->text, i ? ", " : "");
		escape_text(&writer->text, bytes_of(evidence->name));
		out_char(&writer->text, ' ');
		render_value(&evidence->value, &writer->text);
	}
}

/* As an error says it: "IMAGE entry N at 0xOFF". */
static void add_place(struct writer *writer, const struct finding *finding)
{
	if (!finding->image.data)
		return;
	out_text(&writer->text, finding->evidence.n ? "; " : "");
	escape_text(&writer->text, finding->image);
	if (finding->entry != ABSENT_U32)
		out_printf(&writer->text, " entry %u", finding->entry);
	if (finding->offset != ABSENT_U64) {
		out_text(&writer->text, " at ");
		out_hex(&writer->text, finding->offset);
	}
}

static void put_finding(struct writer *writer, const struct finding *finding)
{
	add_message(writer, finding);
	put_paragraph(writer, INDENT, INDENT + 2, STYLE_PLAIN);
	if (finding->evidence.n == 0 && !finding->image.data)
		return;
	add_evidence(writer, finding);
	add_place(writer, finding);
	put_paragraph(writer, 2 * INDENT, 2 * INDENT, STYLE_DIM);
}

/* --- the findings of a rule ---------------------------------------------------------------------------- */

/* "BLOCKER pages-short (integrity): the pages file is shorter than its page maps say" */
static void put_heading(struct writer *writer, const struct finding *finding)
{
	const struct severity_words *words = &severities[finding->severity];

	for (const char *p = words->name; *p; p++)
		out_char(&writer->text, (char)(*p - 'a' + 'A'));
	out_char(&writer->text, ' ');
	escape_text(&writer->text, finding->rule);
	if (finding->category.data) {
		out_text(&writer->text, " (");
		escape_text(&writer->text, finding->category);
		out_char(&writer->text, ')');
	}
	if (finding->title.data) {
		out_text(&writer->text, ": ");
		escape_text(&writer->text, finding->title);
	}
	put_paragraph(writer, 0, INDENT, words->style);
}

static void put_fix(struct writer *writer, const struct finding *finding)
{
	if (!finding->fix.data)
		return;
	out_text(&writer->text, "fix: ");
	escape_text(&writer->text, finding->fix);
	put_paragraph(writer, INDENT, INDENT + 5, STYLE_PLAIN);
}

static void put_omitted(const struct findings *findings, struct bytes rule, struct writer *writer)
{
	for (size_t i = 0; i < findings->rules.n; i++) {
		const struct rule_count *count = &findings->rules.items[i];

		if (!bytes_equal(count->rule, rule) || count->found == count->kept)
			continue;
		out_printf(&writer->text, "and %zu more", count->found - count->kept);
		put_paragraph(writer, INDENT, INDENT, STYLE_PLAIN);
	}
}

static bool same_rule(const struct finding *a, const struct finding *b)
{
	return a->severity == b->severity && bytes_equal(a->rule, b->rule);
}

/* From the finding at START to the last of its rule; what to do stands once, where it is the same for several. */
static size_t put_group(const struct findings *findings, size_t start, struct writer *writer)
{
	const struct finding *items = findings->list.items;
	size_t i = start;

	put_heading(writer, &items[start]);
	for (; i < findings->list.n && same_rule(&items[start], &items[i]); i++) {
		const struct finding *next = i + 1 < findings->list.n ? &items[i + 1] : NULL;

		put_finding(writer, &items[i]);
		if (next && same_rule(&items[start], next) && bytes_equal(items[i].fix, next->fix))
			continue;
		if (!next || !same_rule(&items[start], next))
			put_omitted(findings, items[start].rule, writer);
		put_fix(writer, &items[i]);
	}
	out_char(writer->out, '\n');
	return i;
}

/* Rules of which nothing was kept, because others filled the list. */
static void put_silent(const struct findings *findings, struct writer *writer)
{
	for (size_t i = 0; i < findings->rules.n; i++) {
		const struct rule_count *count = &findings->rules.items[i];

		if (count->kept)
			continue;
		escape_text(&writer->text, count->rule);
		out_printf(&writer->text, ": %zu, not shown", count->found);
		put_paragraph(writer, 0, INDENT, STYLE_PLAIN);
	}
}

void findings_show_summary(const struct findings *findings, struct out *out)
{
	bool any = false;

	for (size_t i = 0; i < N_SEVERITIES; i++) {
		size_t n = findings->count[i];

		if (n == 0)
			continue;
		out_text(out, any ? ", " : "");
		out_printf(out, "%zu %s", n, n == 1 ? severities[i].name : severities[i].plural);
		any = true;
	}
	if (!any)
		out_text(out, "nothing found");
	if (findings->suppressed.n)
		out_printf(out, ", %zu suppressed", findings->suppressed.n);
}

void findings_show_text(const struct findings *findings, struct out *out)
{
	struct writer writer = { .out = out };

	if (findings->error.data) {
		out_text(out, "not looked at: ");
		escape_text(out, findings->error);
		out_char(out, '\n');
		return;
	}
	out_init(&writer.text, -1);
	for (size_t i = 0; i < findings->list.n;)
		i = put_group(findings, i, &writer);
	put_silent(findings, &writer);
	findings_show_summary(findings, out);
	out_char(out, '\n');
	out_deinit(&writer.text);
}
