"""What the headers cost those who include them, and the library those who build it."""

import os
import pathlib
import re
import resource
import subprocess
import tempfile
import time

from harness.programs import CORES, ROOT
from harness.table import at_most

FLAGS = ["-std=c++20", "-O2", f"-I{ROOT}/include"]
ENVIRONMENT = {**os.environ, "CCACHE_DISABLE": "1"}


def readme_bot():
    return re.search(r"```cpp\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL).group(1)


def compile_once(folder, code):
    """Wall and CPU seconds of `g++ -c`."""
    source = folder / "source.cpp"
    source.write_text(code)
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(["g++", *FLAGS, "-c", source, "-o", folder / "source.o"], check=True, env=ENVIRONMENT)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.monotonic() - began, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def best_of(times, folder, code):
    runs = [compile_once(folder, code) for _ in range(times)]
    return min(wall for wall, _ in runs), min(cpu for _, cpu in runs)


def lines_of(code):
    return subprocess.run(["g++", *FLAGS, "-E", "-x", "c++", "-"], input=code, check=True, capture_output=True, text=True,
                          env=ENVIRONMENT).stdout.count("\n")


def clean_build(folder, tool):
    """Wall and CPU seconds of a clean release build of the library, or of it and the tool, on two cores, without ccache.
    The flags are those of the packages."""
    switch = "ON" if tool else "OFF"
    subprocess.run(["cmake", "-S", ROOT, "-B", folder, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release", "-DCMAKE_CXX_FLAGS_RELEASE=-O2 -DNDEBUG",
                    "-DINTENT_BUILD_TESTS=OFF", f"-DINTENT_BUILD_TOOL={switch}", f"-DINTENT_BUILD_SANDBOX={switch}", "-DINTENT_BUILD_RELAY=OFF",
                    "-DINTENT_BUILD_SETTINGS=OFF", "-DINTENT_BUILD_EXAMPLES=OFF"], check=True, capture_output=True, env=ENVIRONMENT)
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(["cmake", "--build", folder, "-j", "2"], check=True, capture_output=True, env=ENVIRONMENT,
                   preexec_fn=lambda: os.sched_setaffinity(0, set(CORES[:2])))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.monotonic() - began, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def stripped_size(program, folder):
    stripped = folder / program.name
    subprocess.run(["strip", program, "-o", stripped], check=True)
    return stripped.stat().st_size


def measure(bench, table):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        bot = readme_bot()
        wall, cpu = best_of(3 if bench.quick else 5, folder, bot)
        table.add("compile the README's bot, -O2", wall, "s", budget=at_most(1.0, "s"))
        table.add("compile the README's bot, -O2, CPU", cpu, "s")
        table.add("compile the README's bot, preprocessed", lines_of(bot), "lines", budget=at_most(80_000, "lines"))
        for name, yardstick, limit in [("handlers", None, None), ("commands", "compile 20 handlers, -O2, CPU", at_most(2.5, "s"))]:
            _, cpu = best_of(3, folder, (ROOT / f"bench/compile/twenty_{name}.cpp").read_text())
            table.add(f"compile 20 {name}, -O2, CPU", cpu, "s", yardstick=yardstick, budget=limit)
        everyone = sorted(header.name for header in (ROOT / "include/intent").glob("*.hpp"))
        for header in ["client.hpp", "intent.hpp"] if bench.quick else everyone:
            include = f"#include <intent/{header}>\n"
            wall, cpu = best_of(2, folder, include)
            lines = lines_of(include)
            table.add(f"compile intent/{header}", wall, "s", beside=f", {lines:,} lines")
            table.add(f"compile intent/{header}, CPU", cpu, "s", shown=False)
            table.add(f"compile intent/{header}, preprocessed", lines, "lines", shown=False)
        table.add("ping_bot, stripped", stripped_size(bench.build / "ping_bot", folder) / 1e6, "MB", budget=at_most(2.5, "MB"))
        for name, tool in [("the library", False), ("library and tool", True)]:
            seconds, cpu = clean_build(folder / f"build-{tool}", tool) if bench.full else (None, None)
            table.add(f"{name}, clean release build on 2 cores", seconds, "s", budget=at_most(150, "s") if tool else None)
            table.add(f"{name}, clean release build, CPU", cpu, "s")
