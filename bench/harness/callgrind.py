"""Runs a program under valgrind's callgrind, and reads what it writes: instructions of each function itself, by the
function's name and object file."""

import collections
import re
import subprocess
import sys

COST = tuple("0123456789+-*")
NAME = re.compile(r"\((\d+)\)(?: (.*))?")


def run(command, out):
    """Counter of (object file, function) -> instructions of a whole run."""
    command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", *command]
    result = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"callgrind: {result.stderr}")
    return self_cost(out)


def self_cost(path):
    """Counter of (object file, function) -> instructions."""
    names = {"ob": {}, "fn": {}}  # an id is followed by its name where it stands first

    def name(kind, text):
        number, given = NAME.fullmatch(text).groups()
        if given is not None:
            names[kind][number] = given
        return names[kind][number]

    cost = collections.Counter()
    where = ["?", "?"]
    inclusive = False  # the line behind calls= is the cost of what was called
    with open(path, encoding="utf-8", errors="replace") as file:
        for line in file:
            line = line.rstrip("\n")
            if line.startswith(COST):
                if not inclusive:
                    cost[tuple(where)] += int((line.split() + ["0"])[1])  # a line alone costs nothing
                inclusive = False
            elif line.startswith("calls="):
                inclusive = True
            elif line.startswith(("ob=", "fn=")):
                where[line[0] == "f"] = name(line[:2], line[3:])
            elif line.startswith(("cob=", "cfn=")):
                name(line[1:3], line[4:])
    return cost
