#!/usr/bin/env python3
"""Tests of scripts/check-hardening: it accepts a hardened program, and names what is missing in others."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

root = pathlib.Path(__file__).resolve().parents[2]

# Enough functions that IBT shows: they are reached through pointers, so each begins with endbr64.
SOURCE = """
#include <cstdio>
#include <cstring>
extern "C" int a(char* p) { return p[1]; }
extern "C" int b(char* p) { return p[2]; }
extern "C" int c(char* p) { return p[3]; }
extern "C" int d(char* p) { return p[4]; }
int main(int count, char** arguments) {
    char copy[50];
    std::strcpy(copy, arguments[count - 1]);
    std::printf("%s", copy);
}
"""
HARDENED = {
    "fortify": "-D_FORTIFY_SOURCE=2", "stack": "-fstack-protector-strong", "cet": "-fcf-protection=full", "pic": "-fPIE", "pie": "-pie",
    "relro": "-Wl,-z,relro", "now": "-Wl,-z,now", "shstk": "-Wl,-z,shstk", "execstack": "-Wl,-z,noexecstack", "rpath": "",
}


class Hardening(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.work = pathlib.Path(self.folder.name)
        (self.work / "main.cpp").write_text(SOURCE)

    def tearDown(self):
        self.folder.cleanup()

    def build(self, *flags):
        output = self.work / "program"
        subprocess.run(["g++", "-O2", "-w", "-U_FORTIFY_SOURCE", *filter(None, flags), self.work / "main.cpp", "-o", output], check=True)
        return output

    def check(self, *paths):
        return subprocess.run([root / "scripts/check-hardening", *paths], capture_output=True, text=True)

    def missing(self, **changed):
        """What is reported as missing with other flags."""
        result = self.check(self.build(*(HARDENED | changed).values()))
        self.assertEqual(result.returncode, 1, result.stdout)
        return result.stdout.split("MISSING ")[1].split(";")[0]

    def test_a_hardened_program_passes(self):
        result = self.check(self.build(*HARDENED.values()))
        self.assertEqual((result.returncode, result.stderr), (0, ""), result.stdout)

    def test_each_missing_flag_is_named(self):
        self.assertEqual(self.missing(fortify=""), "FORTIFY")
        self.assertEqual(self.missing(stack="-fno-stack-protector"), "stack protector")
        self.assertEqual(self.missing(cet="-fcf-protection=none"), "IBT")
        self.assertEqual(self.missing(shstk=""), "SHSTK")
        self.assertEqual(self.missing(pic="-fno-pie", pie="-no-pie"), "PIE")
        self.assertEqual(self.missing(relro="-Wl,-z,norelro"), "RELRO")
        self.assertEqual(self.missing(now="-Wl,-z,lazy"), "BIND_NOW")
        self.assertEqual(self.missing(execstack="-Wl,-z,execstack"), "NX stack")
        self.assertEqual(self.missing(rpath="-Wl,-rpath,/somewhere"), "no RPATH")

    def test_a_program_without_flags_fails(self):
        self.assertEqual(self.check(self.build()).returncode, 1)

    def test_objects_of_a_static_library_are_marked_for_cet(self):
        for flag, status in (("full", 0), ("none", 1)):
            subprocess.run(["g++", "-c", f"-fcf-protection={flag}", "main.cpp"], cwd=self.work, check=True)
            (self.work / "libx.a").unlink(missing_ok=True)
            subprocess.run(["ar", "rc", "libx.a", "main.o"], cwd=self.work, check=True)
            self.assertEqual(self.check(self.work / "libx.a").returncode, status)

    def test_a_folder_without_programs_fails(self):
        (self.work / "empty").mkdir()
        result = self.check(self.work / "empty")
        self.assertEqual((result.returncode, result.stderr), (1, "check-hardening: no program or library among the files\n"))


if __name__ == "__main__":
    sys.exit(unittest.main())
