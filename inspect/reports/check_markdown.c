/* Findings as the Markdown of a job summary: bounded, and nothing in it is markup but our own. */
#include "decoders/base/escape.h"
#include "inspect/reports/check.h"

enum { LONGEST_CELL = 200 }; /* columns of a text */

struct markdown {
	const struct judged_list *list;
	struct out *out, text, cut;
	size_t rows, left_out;
};

/* Text with everything that Markdown or HTML could take for markup spelled as an entity. */
static void put_text(struct markdown *markdown, struct bytes text)
{
	static const char special[] = "\\`*_{}[]()#+!|<>&@~:$";
	struct bytes held;

	escape_text(&markdown->text, text);
	text_cut(&markdown->cut, out_held(&markdown->text), LONGEST_CELL);
	held = out_held(&markdown->cut);
	for (size_t i = 0; i < held.len; i++)
		if (held.data[i] && strchr(special, held.data[i]))
			out_printf(markdown->out, "&#%u;", held.data[i]);
		else
			out_char(markdown->out, (char)held.data[i]);
	out_clear(&markdown->text);
	out_clear(&markdown->cut);
}

static void put_row(struct markdown *markdown, const struct finding *finding, struct bytes last)
{
	if (markdown->out->len > MARKDOWN_MOST) {
		markdown->left_out++;
		return;
	}
	out_printf(markdown->out, "| %s | ", severities[finding->severity].name);
	put_text(markdown, finding->rule);
	out_text(markdown->out, " | ");
	if (finding->subject.len) {
		put_text(markdown, finding->subject);
		out_text(markdown->out, ": ");
	}
	put_text(markdown, finding->message);
	out_text(markdown->out, " | ");
	put_text(markdown, last);
	out_text(markdown->out, " |\n");
}

static void put_counts(struct markdown *markdown, const struct findings *findings)
{
	bool any = false;

	for (int i = 0; i < N_SEVERITIES; i++) {
		size_t n = findings->count[i];

		if (!n)
			continue;
		out_printf(markdown->out, "%s**%zu** %s", any ? ", " : "", n,
			   n == 1 ? severities[i].name : severities[i].plural);
		any = true;
	}
	if (!any)
		out_text(markdown->out, "Nothing found");
	if (findings->suppressed.n)
		out_printf(markdown->out, ", %zu suppressed", findings->suppressed.n);
	out_text(markdown->out, any ? "\n\n" : ".\n\n");
}

/* What is known already, and why. */
static void put_suppressed(struct markdown *markdown, const struct findings *findings)
{
	if (!findings->suppressed.n)
		return;
	out_printf(markdown->out, "<details><summary>%zu suppressed</summary>\n\n", findings->suppressed.n);
	out_text(markdown->out, "| severity | rule | finding | reason |\n| --- | --- | --- | --- |\n");
	for (size_t i = 0; i < findings->suppressed.n; i++)
		put_row(markdown, &findings->suppressed.items[i].finding, findings->suppressed.items[i].reason);
	out_text(markdown->out, "\n</details>\n\n");
}

static void put_rows(struct markdown *markdown, const struct findings *findings, size_t first, size_t end)
{
	if (first == end)
		return;
	out_text(markdown->out, "| severity | rule | finding | fix |\n| --- | --- | --- | --- |\n");
	for (size_t i = first; i < end; i++)
		put_row(markdown, &findings->list.items[i], findings->list.items[i].fix);
}

static void put_checkpoint(struct markdown *markdown, const struct judged *judged)
{
	const struct findings *findings = &judged->findings;
	size_t n = findings->list.n, shown = n < MARKDOWN_MOST_ROWS ? n : MARKDOWN_MOST_ROWS;

	out_text(markdown->out, "### ");
	put_text(markdown, judged->name);
	out_text(markdown->out, "\n\n");
	if (findings->error.data) {
		out_text(markdown->out, "Not looked at: ");
		put_text(markdown, findings->error);
		out_text(markdown->out, "\n\n");
		return;
	}
	put_counts(markdown, findings);
	put_rows(markdown, findings, 0, shown);
	if (shown)
		out_char(markdown->out, '\n');
	if (shown < n) {
		out_printf(markdown->out, "<details><summary>%zu more</summary>\n\n", n - shown);
		put_rows(markdown, findings, shown, n);
		out_text(markdown->out, "\n</details>\n\n");
	}
	put_suppressed(markdown, findings);
}

void report_markdown(const struct judged_list *list, struct out *out)
{
	struct markdown markdown = { .list = list };
	struct out whole;

	out_init(&whole, -1); /* to know how long it is */
	out_init(&markdown.text, -1);
	out_init(&markdown.cut, -1);
	markdown.out = &whole;
	out_text(&whole, "## Checkpoints\n\n");
	for (size_t i = 0; i < list->n; i++)
		put_checkpoint(&markdown, &list->items[i]);
	if (markdown.left_out)
		out_printf(&whole, "%zu findings more are not shown here.\n", markdown.left_out);
	if (list->partial)
		out_text(&whole, "Something could not be read: the result is partial.\n");
	out_bytes(out, out_held(&whole));
	out_deinit(&markdown.cut);
	out_deinit(&markdown.text);
	out_deinit(&whole);
}
