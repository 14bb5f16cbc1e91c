/*
 * Findings as a page that is one file: no script, nothing that is loaded, and its own policy forbids both. Light or
 * dark as the reader has it, and fit to be printed. Nothing of the evidence is markup.
 */
#include "db/tables/render.h"
#include "decoders/base/escape.h"
#include "inspect/reports/check.h"

enum {
	MOST_OF_A_RULE = 200, /* findings that are shown; all are counted */
	LONGEST_TEXT = 1000,  /* columns */
};

static const char style[] =
	":root{--text:#1c2128;--soft:#59636e;--line:#d1d9e0;--back:#fff;--card:#f6f8fa;--code:#eff2f5;\n"
	"--blocker:#a40e26;--error:#cf222e;--warning:#9a6700;--note:#0969da;--good:#1a7f37}\n"
	"@media(prefers-color-scheme:dark){:root{--text:#e6edf3;--soft:#9198a1;--line:#3d444d;--back:#0d1117;\n"
	"--card:#151b23;--code:#212830;--blocker:#ff7b72;--error:#f85149;--warning:#d29922;--note:#4493f8;--good:#3fb950}}\n"
	"*{box-sizing:border-box}\n"
	"body{margin:0 auto;max-width:62rem;padding:2rem 1.25rem;color:var(--text);background:var(--back);\n"
	"font:16px/1.5 system-ui,-apple-system,'Segoe UI',sans-serif}\n"
	"h1{font-size:1.6rem;margin:0 0 .25rem}h2{font-size:1.2rem;margin:2.5rem 0 .5rem;overflow-wrap:anywhere}\n"
	"h3{font-size:1rem;margin:0;display:flex;gap:.6rem;align-items:baseline;flex-wrap:wrap}\n"
	"h3 code{font-weight:400}p{margin:.4rem 0}a{color:var(--note)}\n"
	"code{font:.85em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;background:var(--code);border-radius:4px;\n"
	"padding:.1em .35em;overflow-wrap:anywhere}\n"
	".sum,.why,.where,footer{color:var(--soft)}.sum b{color:var(--text)}.good{color:var(--good)}\n"
	".rule{background:var(--card);border:1px solid var(--line);border-left:4px solid var(--line);border-radius:6px;\n"
	"padding:.9rem 1.1rem;margin:.8rem 0;break-inside:avoid-page}\n"
	".tag{font-size:.75rem;font-weight:600;text-transform:uppercase;letter-spacing:.04em}\n"
	".blocker{border-left-color:var(--blocker)}.blocker .tag{color:var(--blocker)}\n"
	".error{border-left-color:var(--error)}.error .tag{color:var(--error)}\n"
	".warning{border-left-color:var(--warning)}.warning .tag{color:var(--warning)}\n"
	".note{border-left-color:var(--note)}.note .tag{color:var(--note)}\n"
	"ul{list-style:none;margin:.6rem 0;padding:0}li{padding:.45rem 0;border-top:1px solid var(--line);\n"
	"overflow-wrap:anywhere}.where{font-size:.85rem}\n"
	"table{border-collapse:collapse;width:100%;margin:1rem 0}th,td{text-align:left;padding:.35rem .6rem;\n"
	"border-bottom:1px solid var(--line);overflow-wrap:anywhere}td.n,th.n{text-align:right;white-space:nowrap}\n"
	"footer{margin-top:3rem;font-size:.85rem;border-top:1px solid var(--line);padding-top:.8rem}\n"
	"@media print{body{max-width:none;padding:0;font-size:11pt}.rule{background:none}a{color:inherit}}\n";

struct html {
	const struct judged_list *list;
	struct out *out, text, cut;
};

static void put_text(struct html *html, struct bytes text)
{
	struct bytes held;

	escape_text(&html->text, text);
	text_cut(&html->cut, out_held(&html->text), LONGEST_TEXT);
	held = out_held(&html->cut);
	for (size_t i = 0; i < held.len; i++)
		switch (held.data[i]) {
		case '&':
		case '<':
		case '>':
		case '"':
		case '\'':
			out_printf(html->out, "&#%u;", held.data[i]);
			break;
		default:
			out_char(html->out, (char)held.data[i]);
		}
	out_clear(&html->text);
	out_clear(&html->cut);
}

static void put_element(struct html *html, const char *name, const char *class, struct bytes text)
{
	out_printf(html->out, "<%s%s%s%s>", name, class ? " class=\"" : "", class ? class : "", class ? "\"" : "");
	put_text(html, text);
	out_printf(html->out, "</%s>", name);
}

/* --- findings -------------------------------------------------------------------------------------------------- */

static void put_value(struct html *html, const struct evidence *evidence)
{
	struct json json;
	struct out value;

	put_text(html, bytes_of(evidence->name));
	out_char(html->out, ' ');
	if (evidence->value.type == VALUE_TEXT) {
		put_element(html, "code", NULL, evidence->value.text);
		return;
	}
	out_init(&value, -1);
	json_init(&json, &value, JSON_ONE_LINE);
	render_value_json(&evidence->value, &json);
	put_element(html, "code", NULL, out_held(&value));
	out_deinit(&value);
}

/* What it is known by, and where in the evidence that stands. */
static void put_where(struct html *html, const struct finding *finding)
{
	const char *comma = "";

	if (!finding->evidence.n && !finding->image.len && finding->pid == ABSENT_U32)
		return;
	out_text(html->out, "<div class=\"where\">");
	if (finding->pid != ABSENT_U32) {
		out_printf(html->out, "pid %u", finding->pid);
		comma = ", ";
	}
	for (size_t i = 0; i < finding->evidence.n; i++, comma = ", ") {
		out_text(html->out, comma);
		put_value(html, &finding->evidence.items[i]);
	}
	if (finding->image.len) {
		out_text(html->out, *comma ? "; " : "");
		put_text(html, finding->image);
		if (finding->entry != ABSENT_U32)
			out_printf(html->out, " entry %u", finding->entry);
		if (finding->offset != ABSENT_U64)
			out_printf(html->out, " at 0x%llx", (unsigned long long)finding->offset);
	}
	out_text(html->out, "</div>");
}

static void put_finding(struct html *html, const struct finding *finding)
{
	out_text(html->out, "<li>");
	if (finding->subject.len && !bytes_equal(finding->subject, finding->message)) {
		put_element(html, "b", NULL, finding->subject);
		out_text(html->out, ": ");
	}
	put_text(html, finding->message);
	put_where(html, finding);
	out_text(html->out, "</li>\n");
}

static bool is_same(const struct finding *a, const struct finding *b)
{
	return a->severity == b->severity && bytes_equal(a->rule, b->rule);
}

static void put_labelled(struct html *html, const char *label, const char *class, struct bytes text)
{
	if (!text.len)
		return;
	out_printf(html->out, "<p class=\"%s\">%s", class, label);
	put_text(html, text);
	out_text(html->out, "</p>\n");
}

/* Those from START on that are of one rule; how many these are. */
static size_t put_rule(struct html *html, const struct findings *findings, size_t start)
{
	const struct finding *first = &findings->list.items[start];
	const struct rule *rule = ruleset_find(html->list->rules, first->rule);
	size_t n = 0;

	while (start + n < findings->list.n && is_same(first, &first[n]))
		n++;
	out_printf(html->out, "<article class=\"rule %s\"><h3><span class=\"tag\">%s</span> ",
		   severities[first->severity].name, severities[first->severity].name);
	put_text(html, first->title.len ? first->title : first->rule);
	out_char(html->out, ' ');
	put_element(html, "code", NULL, first->rule);
	out_text(html->out, "</h3>\n");
	if (rule)
		put_labelled(html, "", "why", rule->why);
	out_text(html->out, "<ul>\n");
	for (size_t i = 0; i < n && i < MOST_OF_A_RULE; i++)
		put_finding(html, &first[i]);
	if (n > MOST_OF_A_RULE)
		out_printf(html->out, "<li class=\"where\">and %zu more</li>\n", n - MOST_OF_A_RULE);
	out_text(html->out, "</ul>\n");
	put_labelled(html, "<b>What to do:</b> ", "fix", first->fix);
	out_text(html->out, "</article>\n");
	return n;
}

static void put_suppressed(struct html *html, const struct findings *findings)
{
	if (!findings->suppressed.n)
		return;
	out_printf(html->out, "<details><summary>%zu suppressed</summary><table><tr><th>rule</th><th>finding</th>"
			      "<th>reason</th></tr>\n", findings->suppressed.n);
	for (size_t i = 0; i < findings->suppressed.n; i++) {
		const struct suppressed *one = &findings->suppressed.items[i];

		out_text(html->out, "<tr>");
		put_element(html, "td", NULL, one->finding.rule);
		put_element(html, "td", NULL, one->finding.subject);
		put_element(html, "td", NULL, one->reason);
		out_text(html->out, "</tr>\n");
	}
	out_text(html->out, "</table></details>\n");
}

/* --- checkpoints ------------------------------------------------------------------------------------------------- */

static void put_sum(struct html *html, const struct findings *findings)
{
	bool any = false;

	out_text(html->out, "<p class=\"sum\">");
	for (int i = 0; i < N_SEVERITIES; i++) {
		size_t n = findings->count[i];

		if (!n)
			continue;
		out_printf(html->out, "%s<b>%zu</b> %s", any ? ", " : "", n,
			   n == 1 ? severities[i].name : severities[i].plural);
		any = true;
	}
	if (!any)
		out_text(html->out, "<span class=\"good\">Nothing found</span>");
	if (findings_omitted(findings))
		out_printf(html->out, "; %zu of them are only counted", findings_omitted(findings));
	out_text(html->out, "</p>\n");
}

static void put_checkpoint(struct html *html, const struct judged *judged, size_t number)
{
	const struct findings *findings = &judged->findings;

	out_printf(html->out, "<section id=\"c%zu\"><h2>", number);
	put_text(html, judged->name);
	out_text(html->out, "</h2>\n");
	if (findings->error.data) {
		put_labelled(html, "Not looked at: ", "sum", findings->error);
	} else {
		put_sum(html, findings);
		for (size_t i = 0; i < findings->list.n;)
			i += put_rule(html, findings, i);
		put_suppressed(html, findings);
	}
	out_text(html->out, "</section>\n");
}

/* Of several a row each, which leads to it. */
static void put_contents(struct html *html)
{
	if (html->list->n < 2)
		return;
	out_text(html->out, "<table><tr><th>checkpoint</th>");
	for (int i = 0; i < N_SEVERITIES; i++)
		out_printf(html->out, "<th class=\"n\">%s</th>", severities[i].plural);
	out_text(html->out, "<th class=\"n\">suppressed</th></tr>\n");
	for (size_t k = 0; k < html->list->n; k++) {
		const struct findings *findings = &html->list->items[k].findings;

		out_printf(html->out, "<tr><td><a href=\"#c%zu\">", k + 1);
		put_text(html, html->list->items[k].name);
		out_text(html->out, "</a></td>");
		for (int i = 0; i < N_SEVERITIES && !findings->error.data; i++)
			out_printf(html->out, "<td class=\"n\">%zu</td>", findings->count[i]);
		if (findings->error.data)
			out_printf(html->out, "<td colspan=\"%d\">not looked at</td>", N_SEVERITIES + 1);
		else
			out_printf(html->out, "<td class=\"n\">%zu</td>", findings->suppressed.n);
		out_text(html->out, "</tr>\n");
	}
	out_text(html->out, "</table>\n");
}

void report_html(const struct judged_list *list, struct out *out)
{
	struct html html = { .list = list, .out = out };

	out_init(&html.text, -1);
	out_init(&html.cut, -1);
	out_text(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
		      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		      "<title>Checkpoints</title>\n<style>\n");
	out_text(out, style);
	out_text(out, "</style>\n</head>\n<body>\n<h1>Checkpoints</h1>\n");
	if (list->partial)
		out_text(out, "<p class=\"sum\">Something could not be read: the result is partial.</p>\n");
	put_contents(&html);
	for (size_t i = 0; i < list->n; i++)
		put_checkpoint(&html, &list->items[i], i + 1);
	out_text(out, "<footer>coldcase " COLDCASE_VERSION "</footer>\n</body>\n</html>\n");
	out_deinit(&html.cut);
	out_deinit(&html.text);
}
