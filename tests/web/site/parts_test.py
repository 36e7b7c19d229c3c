#!/usr/bin/env python3
"""Tests of scripts/site_parts: what the site makes of headers and pages."""

import pathlib
import sys
import tempfile
import unittest

root = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(root / "scripts"))
sys.dont_write_bytecode = True
from site_parts import headers, html, markdown  # noqa: E402


def prepared(text):
    return [line for line, _ in headers.prepare(text)]


class Headers(unittest.TestCase):
    def test_the_first_comment_describes_the_file(self):
        self.assertEqual(prepared("// Things.\n// More.\n#pragma once"), ["/// @file", "/// Things.", "/// More.", "#pragma once"])

    def test_an_overload_has_the_comment_of_the_one_above(self):
        lines = prepared("class A {\npublic:\n    /// Does it.\n    void f(int) {\n        g(1);\n    }\n    template <class T>\n    void f(T value);\n    void h();\n")
        self.assertEqual(lines.count("    /// Does it."), 2)
        self.assertEqual(lines[lines.index("    template <class T>") - 1], "    /// Does it.")

    def test_an_empty_line_ends_a_comment(self):
        self.assertEqual(prepared("/// Does it.\nvoid f();\n\nvoid f(int);\n").count("/// Does it."), 1)

    def test_the_default_of_a_field_is_no_overload(self):
        lines = prepared("struct A {\n    /// First.\n    int a = twice(1);\n    int b = twice(2);\n};\n")
        self.assertEqual(lines.count("    /// First."), 1)

    def test_usual_members_need_no_comment(self):
        lines = prepared("class A {\npublic:\n    A(A&&) noexcept;\n    A& operator=(A&&) noexcept;\n    friend bool operator==(const A&, const A&) = default;\n};\n")
        self.assertEqual([line for line in lines if line.startswith("///")], ["/// Moves.", "/// Moves.", "/// Compares every member."])

    def test_usual_members_are_no_overloads(self):
        lines = prepared("class A {\npublic:\n    /// Reads it.\n    A(int);\n    A(A&&) noexcept;\n    A(long);\n};\n")
        self.assertEqual([line.strip() for line in lines if "///" in line], ["/// Reads it.", "/// Moves.", "/// Reads it."])

    def test_what_concerns_the_linker_is_left_out(self):
        self.assertEqual(prepared("namespace intent::inline v0::raw {\nclass INTENT_API A;\n"), ["namespace intent::raw {", "class A;", ""])

    def test_lines_keep_their_numbers(self):
        self.assertEqual(headers.prepare("// A.\n/// Does it.\nvoid f();\nvoid f(int);\n")[-2], ("void f(int);", 4))


class PagesOfTheSite(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.root = pathlib.Path(self.folder.name)
        (self.root / "docs").mkdir()
        (self.root / "docs/other.md").write_text("# Other\n")
        (self.root / "README.md").write_text("# Home\n")
        (self.root / "bot.hpp").write_text("int x;\n")

    def tearDown(self):
        self.folder.cleanup()

    def convert(self, text):
        (self.root / "docs/page.md").write_text(text)
        self.pages = markdown.Pages(self.root)
        return self.pages.convert("docs/page.md")

    def test_headings_have_the_anchors_of_github(self):
        self.assertIn("## What's `new`? {#page-whats-new}", self.convert("# Page\n## What's `new`?\n"))

    def test_links_lead_to_pages_sources_and_headers(self):
        text = self.convert("# Page\n[a](other.md#part) [b](../README.md) [c](../bot.hpp) [d](../include/intent/x.hpp)")
        self.assertIn("[a](other.html#other-part) [b](index.html) [c](source-bot-hpp.html) [d](header.html?intent/x.hpp)", text)
        self.assertIn("int x;", self.pages.source("bot.hpp"))

    def test_an_at_sign_is_no_command(self):
        self.assertIn(r"[\@preact/signals](https://preactjs.com)", self.convert("# Page\n[@preact/signals](https://preactjs.com)"))

    def test_a_picture_that_is_missing_is_an_error(self):
        with self.assertRaisesRegex(markdown.BrokenLink, "shows docs/gone.png, which does not exist"):
            self.convert("# Page\n![Gone](gone.png)")

    def test_long_names_can_break(self):
        self.assertEqual(html.breakable("Suite.case_001_it_works_as_it_should"), "Suite.<wbr>case_<wbr>001_<wbr>it_<wbr>works_<wbr>as_<wbr>it_<wbr>should")
        self.assertEqual(html.breakable("on_in_order"), "on_in_order")

    def test_a_link_to_nothing_is_an_error(self):
        with self.assertRaisesRegex(markdown.BrokenLink, "docs/page.md: links to gone.md"):
            self.convert("# Page\n[a](gone.md)")

    def test_code_is_left_alone(self):
        text = self.convert("# Page\n`[a](gone.md)`\n```cpp\n    f({a}[0](b));\n```\n")
        self.assertIn("`[a](gone.md)`", text)
        self.assertIn("```{.cpp}\nf({a}[0](b));\n```", text)

    def test_a_snippet_of_another_library_stands_beside_ours(self):
        text = self.convert("# Page\n```js\na\n```\n\n```cpp\nb\n```\n```cpp\nc\n```\n")
        self.assertEqual((text.count('<div class="side-by-side">'), text.count("</div>")), (1, 1))
        self.assertLess(text.index("</div>"), text.index("\nc\n"))

    def test_a_star_in_the_navigation_stands_for_the_other_pages(self):
        self.convert("# Page\n")
        (self.root / "docs/navigation.txt").write_text("# A comment\nOne\n  *\nTwo\n  docs/page.md\n")
        self.assertEqual(markdown.navigation(self.root / "docs/navigation.txt", self.pages),
                         [("One", ["docs/other.md"]), ("Two", ["docs/page.md"])])


unittest.main()
