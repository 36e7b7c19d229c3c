#!/usr/bin/env python3
"""Tests of the scripts of packages and releases: manual pages, SBOM, and when scripts/release refuses."""

import importlib.machinery
import importlib.util
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

root = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True


def module(name):
    loader = importlib.machinery.SourceFileLoader(name.replace("-", "_"), str(root / "scripts" / name))
    result = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    sys.modules[loader.name] = result
    loader.exec_module(result)
    return result


man_pages = module("man-pages")

HELP = """Print it
Usage: intent print [OPTIONS] path

Positionals:
  path PATH REQUIRED          Where it is

Options:
  -h,--help                   Print this help message and exit
  --port N:INT in [0 - 65535]=8080
                              Port; 0: any free port
  --bot NAME[=TOKEN]          Bot; repeatable
  --token-file FILE Excludes: --token
                              File of the token

How often:
  --count N                   This often

Applies at once.
"""


class ManualPages(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        tool = pathlib.Path(self.folder.name) / "tool"
        tool.write_text(f"#!/bin/sh\ncat <<'END'\n{HELP}END\n")
        tool.chmod(0o755)
        self.help = man_pages.read_help(tool, ["print"])

    def tearDown(self):
        self.folder.cleanup()

    def test_rows_of_the_help_have_names_and_descriptions(self):
        self.assertEqual(self.help.about, "Print it")
        self.assertEqual(self.help.rows["Positionals"], [("path PATH REQUIRED", "Where it is")])
        self.assertIn(("--port N:INT in [0 - 65535]=8080", "Port; 0: any free port"), self.help.rows["Options"])
        self.assertEqual(self.help.rows["How often"], [("--count N", "This often")])
        self.assertEqual(self.help.notes, ["Applies at once."])

    def test_limits_defaults_and_exclusions_become_sentences(self):
        text = "\n".join(man_pages.options(self.help))
        self.assertIn("\\fB\\-\\-port\\fR \\fIN\\fR\nPort; 0: any free port. Default: 8080. From 0 to 65535.", text)
        self.assertIn("\\fB\\-\\-bot\\fR \\fINAME[=TOKEN]\\fR\nBot; repeatable.", text)
        self.assertIn("\\fIFILE\\fR\nFile of the token. Not with \\-\\-token.", text)
        self.assertIn("\\fIPATH\\fR\nWhere it is. Required.", text)

    def test_markdown_becomes_roff(self):
        self.assertEqual(man_pages.roff("Use `--x` and\n*this* [page](a.md).\n\n- one\n  more\n"),
                         [".PP", "Use \\fB\\-\\-x\\fR and \\fIthis\\fR page.", ".IP \\(bu 2", "one more"])
        self.assertEqual(man_pages.roff("```\n.a \\b\n```\n"), [".PP", ".RS 4", ".nf", "\\&.a \\eb", ".fi", ".RE"])

    def test_tables_of_flags_are_left_out_if_the_help_has_them(self):
        table = "| flag | |\n|---|---|\n| `-x` | what |\n"
        self.assertEqual(man_pages.roff(table, flags=False), [])
        self.assertEqual(man_pages.roff(table), [".TP", "\\fB\\-x\\fR", "what"])


class Sbom(unittest.TestCase):
    def run_script(self, *arguments, at=root):
        return subprocess.run([at / "scripts/sbom", *arguments], capture_output=True, text=True,
                              env={**os.environ, "SOURCE_DATE_EPOCH": "1000000000"})

    def test_every_reference_in_the_document_exists(self):
        document = json.loads(self.run_script().stdout)
        self.assertEqual((document["spdxVersion"], document["creationInfo"]["created"]), ("SPDX-2.3", "2001-09-09T01:46:40Z"))
        names = [each["SPDXID"] for each in document["packages"]]
        self.assertEqual(len(names), len(set(names)))
        for relationship in document["relationships"]:
            self.assertLessEqual({relationship["spdxElementId"], relationship["relatedSpdxElement"]}, {*names, "SPDXRef-DOCUMENT"})
        self.assertGreater(len(names), 30)

    def test_the_list_matches_the_build(self):
        self.assertEqual(self.run_script("--check").stderr, "")

    def test_another_version_in_a_lock_file_is_reported(self):
        with tempfile.TemporaryDirectory() as folder:
            clone = pathlib.Path(folder) / "clone"
            subprocess.run(["git", "clone", "-q", root, clone], check=True)
            shutil.copy(root / "scripts/sbom", clone / "scripts/sbom")
            shutil.copy(root / "packaging/dependencies.json", clone / "packaging/dependencies.json")
            lock = clone / "web/package-lock.json"
            facts = json.loads(lock.read_text())
            facts["packages"]["node_modules/preact"]["version"] = "99.0.0"
            lock.write_text(json.dumps(facts))
            result = self.run_script("--check", at=clone)
            self.assertEqual(result.returncode, 1)
            self.assertIn("preact is", result.stderr)
            self.assertIn("99.0.0", result.stderr)


class Release(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.work = pathlib.Path(self.folder.name)
        (self.work / "scripts").mkdir()
        shutil.copy(root / "scripts/release", self.work / "scripts/release")
        (self.work / "CMakeLists.txt").write_text("project(intent VERSION 1.2.3 LANGUAGES CXX)\n")
        self.write_changelog("## [Unreleased]\n\n## [1.2.3] - 2026-01-31\n\n- News.\n")
        self.git("init", "-q")
        self.commit()

    def tearDown(self):
        self.folder.cleanup()

    def git(self, *arguments):
        subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b", *arguments], cwd=self.work, check=True)

    def commit(self):
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "x")

    def write_changelog(self, text):
        (self.work / "CHANGELOG.md").write_text(text)

    def refusal(self, version="1.2.3"):
        result = subprocess.run([self.work / "scripts/release", "--check", version], capture_output=True, text=True)
        self.assertEqual(result.returncode == 0, result.stderr == "")
        return result.stderr

    def test_a_dated_version_in_a_clean_tree_is_accepted(self):
        self.assertEqual(self.refusal(), "")

    def test_another_version_is_refused(self):
        self.assertIn("VERSION is 1.2.4, but the project's is 1.2.3", self.refusal("1.2.4"))
        self.assertIn("must be three numbers", self.refusal("1.2"))
        self.assertIn("must be three numbers", self.refusal(""))

    def test_a_version_without_a_date_is_refused(self):
        for text in ("## [Unreleased] 1.2.3\n", "## [1.2.3]\n", "## [1x2.3] - 2026-01-31\n"):
            self.write_changelog(text)
            self.commit()
            self.assertIn("no dated section '## [1.2.3] - YYYY-MM-DD'", self.refusal())

    def test_unreleased_entries_are_refused(self):
        self.write_changelog("## [Unreleased]\n\n- More.\n\n## [1.2.3] - 2026-01-31\n")
        self.commit()
        self.assertIn("under [Unreleased]", self.refusal())

    def test_a_changed_tree_is_refused(self):
        (self.work / "new").write_text("")
        self.assertIn("?? new", self.refusal())


if __name__ == "__main__":
    sys.exit(unittest.main())
