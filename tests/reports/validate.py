"""validate.py SARIF-SCHEMA|- DIRECTORY: holds the reports in DIRECTORY against schemas and the limits of their readers."""
import collections
import glob
import html.parser
import json
import os
import re
import sys
import xml.etree.ElementTree as ElementTree

import jsonschema

problems = []


def wrong(path, text):
    problems.append("%s: %s" % (os.path.basename(path), text))


def validate(path, document, schema):
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    for error in list(kind(schema).iter_errors(document))[:5]:
        wrong(path, "%s: %s" % ("/".join(map(str, error.absolute_path)), error.message[:300]))


# --- JSON ---------------------------------------------------------------------------------------------------


def closed(schema):
    """The same where a key that it does not describe is wrong: nothing is added without a word about it."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    schema = {key: closed(value) for key, value in schema.items()}
    if "allOf" in schema or schema.get("type") == "object" and "properties" in schema:
        schema["unevaluatedProperties"] = False
    return schema


def check_json(path, schema):
    document = json.load(open(path, encoding="utf-8"))
    opened = closed(schema)
    opened["$defs"]["finding"].pop("unevaluatedProperties")  # suppressed ones have more
    opened["$defs"]["report"]["properties"]["findings"]["items"]["unevaluatedProperties"] = False
    validate(path, document, opened)
    for report in document if isinstance(document, list) else [document]:
        counted = collections.Counter(finding["severity"] for finding in report["findings"])
        if not report["omitted"] and any(counted[key] != n for key, n in report["summary"].items()):
            wrong(path, "the summary counts other than the findings are")


# --- SARIF, as code scanning takes it ------------------------------------------------------------------------


def text_within(path, what, value, most):
    if not 0 < len(value) <= most:
        wrong(path, "%s has %d characters" % (what, len(value)))


def check_code_scanning(path):
    document = json.load(open(path, encoding="utf-8"))
    if len(document["runs"]) > 20:
        wrong(path, "more than 20 runs")
    if os.path.getsize(path) > 100 << 20:
        wrong(path, "too large to come below 10 MB in gzip")
    for run in document["runs"]:
        rules = run["tool"]["driver"]["rules"]
        if len(rules) > 25000 or len(run["results"]) > 5000:
            wrong(path, "more rules or results than are shown")
        for rule in rules:
            text_within(path, "shortDescription", rule["shortDescription"]["text"], 1024)
            text_within(path, "fullDescription", rule["fullDescription"]["text"], 1024)
            text_within(path, "help", rule["help"]["text"], 1024)
            if len(rule["properties"]["tags"]) > 10:
                wrong(path, "%s has more than 10 tags" % rule["id"])
            if not 0 < float(rule["properties"]["security-severity"]) <= 10:
                wrong(path, "%s has no security-severity" % rule["id"])
        for result in run["results"]:
            check_result(path, result, rules)


def check_result(path, result, rules):
    text_within(path, "a message", result["message"]["text"], 1024)
    if rules[result["ruleIndex"]]["id"] != result["ruleId"]:
        wrong(path, "ruleIndex is of another rule")
    if not re.fullmatch("[0-9a-f]{64}", result["partialFingerprints"]["primaryLocationLineHash"]):
        wrong(path, "a result has no fingerprint")
    if not 1 <= len(result["locations"]) <= 1000:
        wrong(path, "a result has no place")
    for location in result["locations"]:
        place = location["physicalLocation"]
        if not re.fullmatch(r"(file:///)?[-A-Za-z0-9._~%][-A-Za-z0-9._~/%]*", place["artifactLocation"]["uri"]):
            wrong(path, "%r is no URI" % place["artifactLocation"]["uri"])
        if any(place["region"][key] < 1 for key in ("startLine", "startColumn", "endLine", "endColumn")):
            wrong(path, "a region counts from 0")
    for suppression in result.get("suppressions", []):
        text_within(path, "a justification", suppression["justification"], 10000)


# --- JUnit, as Jenkins and GitLab take it ----------------------------------------------------------------------

ELEMENTS = {  # name: attributes that must be there, those that may, children
    "testsuites": ((), ("name", "time", "tests", "failures", "errors", "disabled"), ("testsuite",)),
    "testsuite": (
        ("name", "tests"),
        ("failures", "errors", "skipped", "time", "timestamp", "hostname", "id", "package"),
        ("testcase", "properties", "system-out", "system-err"),
    ),
    "testcase": (
        ("name", "classname"),
        ("time", "assertions", "status"),
        ("skipped", "error", "failure", "system-out", "system-err"),
    ),
    "failure": ((), ("message", "type"), ()),
    "error": ((), ("message", "type"), ()),
    "skipped": ((), ("message", "type"), ()),
    "system-out": ((), (), ()),
}


def check_element(path, element):
    needed, allowed, children = ELEMENTS.get(element.tag, ((), (), ()))
    if element.tag not in ELEMENTS:
        wrong(path, "<%s> is no element of it" % element.tag)
    for name in needed:
        if name not in element.attrib:
            wrong(path, "<%s> has no %s" % (element.tag, name))
    for name in element.attrib:
        if name not in needed + allowed:
            wrong(path, "<%s> has %s" % (element.tag, name))
    for child in element:
        if child.tag not in children:
            wrong(path, "<%s> is in <%s>" % (child.tag, element.tag))
        check_element(path, child)


def check_junit(path):
    root = ElementTree.parse(path).getroot()
    if os.path.getsize(path) > 30 << 20:
        wrong(path, "larger than 30 MB")
    check_element(path, root)
    names = collections.Counter()
    for suite in root:
        cases = suite.findall("testcase")
        names.update((case.get("classname"), case.get("name")) for case in cases)
        for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            n = sum(case.find(tag) is not None for case in cases)
            if int(suite.get(attribute)) != n:
                wrong(path, "%s=%s, and there are %d" % (attribute, suite.get(attribute), n))
        if int(suite.get("tests")) != len(cases):
            wrong(path, "tests=%s, and there are %d" % (suite.get("tests"), len(cases)))
    for name, n in names.items():
        if n > 1:
            wrong(path, "%d tests are called %s" % (n, name))


# --- HTML, as a page that runs and loads nothing ----------------------------------------------------------------


class Page(html.parser.HTMLParser):
    """Every element is one of ours and closed where it should be; what links lead to is there."""

    ELEMENTS = set("a article b body code details div footer h1 h2 h3 head html li meta p section span style summary"
                   " table td th title tr ul".split())
    ATTRIBUTES = set("class charset colspan content href http-equiv id lang name".split())

    def __init__(self, path):
        super().__init__()
        self.path, self.open, self.ids, self.links = path, [], [], []
        self.findings, self.policy = 0, None

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag not in self.ELEMENTS or not self.ATTRIBUTES.issuperset(given):
            wrong(self.path, "<%s %s> is none of ours" % (tag, given))
        if "id" in given:
            self.ids.append(given["id"])
        if "href" in given:
            self.links.append(given["href"])
        if given.get("http-equiv") == "Content-Security-Policy":
            self.policy = given["content"]
        self.findings += tag == "li" and not given
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            wrong(self.path, "</%s> closes something else" % tag)


def check_html(path):
    text = open(path, encoding="utf-8").read()
    page = Page(path)
    page.feed(text)
    page.close()
    if page.open or len(set(page.ids)) != len(page.ids) or {"#" + one for one in page.ids} < set(page.links):
        wrong(path, "it is not whole")
    if not page.policy or not page.policy.startswith("default-src 'none'"):
        wrong(path, "it may load something")
    if re.search(r"@import|url\(|[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]", text):
        wrong(path, "something is loaded, or invisible")
    reports = json.load(open(path.rpartition(".")[0] + ".json", encoding="utf-8"))
    n = sum(len(one["findings"]) for one in (reports if isinstance(reports, list) else [reports]))
    if page.findings != n:
        wrong(path, "%d findings, and there are %d" % (page.findings, n))


# --- all of them ------------------------------------------------------------------------------------------------


def main():
    sarif, directory = sys.argv[1:]
    n = collections.Counter()
    ours = json.load(open("docs/schema/check.schema.json"))
    for path in sorted(glob.glob(os.path.join(directory, "*.*"))):
        form = path.rpartition(".")[2]
        n[form] += 1
        if form == "json":
            check_json(path, ours)
        elif form == "sarif":
            check_code_scanning(path)
            if sarif != "-":
                validate(path, json.load(open(path, encoding="utf-8")), json.load(open(sarif, encoding="utf-8-sig")))
        elif form == "junit":
            check_junit(path)
        elif form == "html":
            check_html(path)
    for problem in problems:
        print(problem)
    if problems or min(n["json"], n["sarif"], n["junit"], n["html"]) < 4:
        sys.exit("reports: %d problems in %s" % (len(problems), dict(n)))
    print("reports: %d JSON, %d SARIF%s, %d JUnit, %d HTML are as their readers ask" % (
        n["json"], n["sarif"], " (by rules of code scanning alone)" if sarif == "-" else "", n["junit"], n["html"]))


main()
