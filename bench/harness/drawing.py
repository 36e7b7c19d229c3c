"""Plots as SVG that follow the theme of the page that shows them."""

import dataclasses
import math
from html import escape

STYLE = """<style>
svg.plot { --ink: #24303b; --soft: #57606a; --line: #d0d7de; --ours: #0b62a4; --other: #8b949e; --a: #0b62a4; --b: #5b9bd5; --c: #d08a2c; --d: #6a9a3b; --e: #8a5fb0; --f: #b0574f; --g: #8b949e }
@media (prefers-color-scheme: dark) { svg.plot { --ink: #dfe5ea; --soft: #a9b2bb; --line: #3a424a; --ours: #6fb6f2; --other: #7d8790; --a: #6fb6f2; --b: #3f7fb8; --c: #e0a552; --d: #93c25f; --e: #b28ad6; --f: #d98780; --g: #7d8790 } }
.plot text { font: 13px system-ui, sans-serif; fill: var(--ink) }
.plot .title { font-size: 15px; font-weight: 600 }
.plot .soft { fill: var(--soft) }
</style>"""

LEFT, TOP, WIDTH, HEIGHT = 80, 46, 470, 240  # of the area of curves
COLOURS = "acdefbg"


def shown(value):
    return f"{value:,.0f}" if value == int(value) else f"{value:,}"


def draw(name, title, text, height, parts):
    head = (f'<svg class="plot" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 740 {height}" width="740" height="{height}" role="img" '
            f'aria-label="{escape(text)}">\n{STYLE}\n<text class="title" x="10" y="24">{escape(title)}</text>\n')
    return f"{name}.svg", head + "\n".join(parts) + "\n</svg>\n"


@dataclasses.dataclass(frozen=True)
class Axis:
    """Logarithmic, or linear from 0."""
    low: float
    high: float
    logarithmic: bool

    def part(self, value):
        """Where a value lies: 0 is the low end, 1 the high one."""
        if self.logarithmic:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)

    def ticks(self):
        if self.logarithmic:
            first, last = math.ceil(math.log10(self.low) - 1e-9), math.floor(math.log10(self.high) + 1e-9)
            return [10.0 ** power for power in range(first, last + 1)]
        step = 10 ** math.floor(math.log10(self.high))
        step = next(each for each in (step / 5, step / 2, step, 2 * step) if self.high / each <= 5.01)
        return [step * i for i in range(int(self.high / step + 1e-9) + 1)]


def axis(values, logarithmic):
    low, high = min(values), max(values)
    if not logarithmic:
        return Axis(0, high * 1.08, False)
    return Axis(10 ** math.floor(math.log10(low) + 1e-9), 10 ** math.ceil(math.log10(high) - 1e-9), True)


def short(value):
    """A value at an axis: 20 k, 1.5 M."""
    for limit, letter in ((1e6, " M"), (1e3, " k")):
        if value >= limit:
            return f"{value / limit:g}{letter}"
    return f"{value:g}"


def rounded(value):
    """Three digits that count."""
    digits = max(0, 2 - math.floor(math.log10(value))) if value else 0
    return f"{round(value, digits):,.{digits}f}" if value < 100 else f"{round(value):,}"


def apart(heights, least=16):
    """The same heights, moved down where two of them are closer than a line of text."""
    moved, last = {}, -math.inf
    for key, height in sorted(heights.items(), key=lambda item: item[1]):
        last = max(height, last + least)
        moved[key] = last
    return moved


def curves(name, title, across, up, series, logarithmic=False):
    """One line for each {label: [(x, y)]}; the x axis is logarithmic. `across` and `up` are what the axes show."""
    points = [point for line in series.values() for point in line]
    x_axis, y_axis = axis([x for x, _ in points], True), axis([y for _, y in points], logarithmic)
    least, most = min(x for x, _ in points), max(x for x, _ in points)
    x_axis = dataclasses.replace(x_axis, low=least, high=most)

    def place(x, y):
        return LEFT + WIDTH * x_axis.part(x), TOP + 20 + HEIGHT * (1 - y_axis.part(y))

    bottom = TOP + 20 + HEIGHT
    parts = [f'<text class="soft" x="10" y="{TOP + 4}">{escape(up)}</text>',
             f'<text class="soft" x="{LEFT + WIDTH}" y="{bottom + 40}" text-anchor="end">{escape(across)}</text>']
    for tick in y_axis.ticks():
        _, y = place(least, tick)
        parts.append(f'<path d="M{LEFT} {y:.1f}h{WIDTH}" style="stroke: var(--line)"/>'
                     f'<text class="soft" x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{short(tick)}</text>')
    for tick in sorted({x for x, _ in points}):
        x, _ = place(tick, y_axis.high)
        parts.append(f'<path d="M{x:.1f} {bottom}v5" style="stroke: var(--soft)"/>'
                     f'<text class="soft" x="{x:.1f}" y="{bottom + 20}" text-anchor="middle">{short(tick)}</text>')
    labels = apart({label: place(*line[-1])[1] for label, line in series.items()})
    for colour, (label, line) in zip(COLOURS, series.items()):
        places = [place(x, y) for x, y in line]
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
        parts.append(f'<path d="M{path}" style="fill: none; stroke: var(--{colour}); stroke-width: 2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" style="fill: var(--{colour})"/>' for x, y in places]
        parts.append(f'<text x="{LEFT + WIDTH + 12}" y="{labels[label] + 4:.1f}" style="fill: var(--{colour})">{escape(label)}</text>')
    text = f"{title}, {up} against {across}: " + "; ".join(
        f"{label} " + ", ".join(f"{short(x)}: {rounded(y)}" for x, y in line) for label, line in series.items())
    return draw(name, title, text, bottom + 52, parts)
