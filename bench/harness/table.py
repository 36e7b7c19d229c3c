"""Figures, the yardsticks they are measured against, and the budgets of docs/architecture.md."""

import dataclasses
import json

DECIMALS = {"ns": 1, "us": 2, "s": 2, "MiB": 2, "KiB": 1, "MB": 2, "%": 2, "bytes": 0, "/s": 0, "lines": 0, "frames": 0, "instructions": 0}


def figure(value, unit):
    return f"{value:,.{DECIMALS[unit]}f}{'' if unit == '/s' else ' '}{unit}"


@dataclasses.dataclass(frozen=True)
class Budget:
    """At most, or at least, so much: of the ratio if it has no unit."""
    comparison: str
    limit: float
    unit: str | None = None

    def text(self):
        words = "at most" if self.comparison == "<=" else "at least"
        return f"{words} {self.limit:,}{' x' if self.unit is None else ('' if self.unit == '/s' else ' ') + self.unit}"

    def met(self, value, ratio):
        measured = ratio if self.unit is None else value
        if measured is None:
            return None
        return measured <= self.limit if self.comparison == "<=" else measured >= self.limit


def at_most(limit, unit=None):
    return Budget("<=", limit, unit)


def at_least(limit, unit=None):
    return Budget(">=", limit, unit)


class Table:
    def __init__(self):
        self.entries = []
        self.lines = []

    def value(self, name):
        return next((entry["value"] for entry in self.entries if entry["name"] == name), None)

    def add(self, name, value, unit, yardstick=None, budget=None, beside="", instructions=None, shown=True):
        """One figure. `yardstick` names a figure that stands before it, in the same unit. Without a value it stands as
        not measured. `beside` is printed with the figure, `instructions` in their own column; what is not shown stands
        in the JSON alone."""
        base = self.value(yardstick) if yardstick else None
        ratio = value / base if value is not None and base else None
        met = budget.met(value, ratio) if budget else None
        self.entries.append({"name": name, "value": value, "unit": unit, "yardstick": yardstick, "ratio": ratio,
                             "budget": budget.text() if budget else None, "met": met})
        if not shown:
            return
        verdict = budget.text() + {True: "", False: "   MISSED", None: "   not measured"}[met] if budget else ""
        self.lines.append((name, "-" if value is None else figure(value, unit) + beside,
                           "" if instructions is None else f"{instructions:,.0f}",
                           "" if yardstick is None else yardstick.split(": ")[-1], "" if ratio is None else f"{ratio:.2f} x", verdict))

    def print(self):
        heads = ("", "figure", "instructions", "yardstick", "ratio", "budget")
        counted = any(line[2] for line in self.lines)
        widths = [max(len(line[i]) for line in [heads, *self.lines]) for i in range(6)]
        for name, value, instructions, yardstick, ratio, budget in [heads, *self.lines]:
            column = f"  {instructions:>{widths[2]}}" if counted else ""
            print(f"{name:<{widths[0]}}  {value:>{widths[1]}}{column}  {yardstick:<{widths[3]}}  {ratio:>{widths[4]}}  {budget}".rstrip())
        judged = [entry["met"] for entry in self.entries if entry["budget"]]
        print(f"\n{len(judged)} budgets: {judged.count(True)} met, {judged.count(False)} missed, {judged.count(None)} not measured")

    def write(self, path):
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(self.entries, indent=1) + "\n")
