"""How cost grows: with the size of a message, with what a bot holds, and with how many listen. Draws each as a plot."""

import dataclasses
import json

from harness import google, memory
from harness.drawing import curves
from harness.load import Load
from harness.programs import cpu_seconds, read_line

EVENTS = 40_000
CASES = {"by hand": "bare", "I/O thread": "inline", "own thread": "threaded"}
SIZES = (320, 500, 1_000, 2_000, 4_000)  # bytes of a frame
REST = 301                               # those of a frame without the text of its message, on average
AUTHORS = (100, 1_000, 10_000, 100_000, 1_000_000)
CACHED = (1_000, 10_000, 100_000, 1_000_000)
SESSIONS = (10, 30, 100, 300, 1_000)
FRAMES = 20_000  # in a second, to all sessions together


@dataclasses.dataclass(frozen=True)
class Growth:
    """Curves of one plot: {label: [(x, y)]}."""
    name: str
    title: str
    across: str  # what x counts
    unit: str    # of y
    series: dict
    logarithmic: bool = False

    def add(self, table):
        for label, line in self.series.items():
            for x, y in line:  # the table shows the ends, the plot all
                table.add(f"growth: {self.name}, {x:,} {self.across}: {label}", y, self.unit, shown=(x, y) in (line[0], line[-1]))

    def draw(self, folder):
        up = {"/s": "events/s", "us": "µs"}.get(self.unit, self.unit)
        name, drawing = curves(f"growth-{self.name}", self.title, self.across, up, self.series, self.logarithmic)
        (folder / name).write_text(drawing)


def received(bench, key, shows):
    """{case: [(x, least ns of an event)]}, of CPU or wall time, for {x: what bench/replay.cpp is to send}. Rounds over all
    of them are repeated, so that each meets a quiet moment. The first burst fills the caches and does not count."""
    found = {name: {} for name in CASES}
    for number in range(1 if bench.quick else 3):
        for x, (events, authors, *size) in shows.items():
            long = events > 100_000
            if long and number > 0:
                continue
            with bench.replay("messages", events, authors, *size) as server:
                for name, case in CASES.items():
                    command = [bench.path("receive"), case, server.port, events, 2 if long else 4, authors]
                    times = [json.loads(line)[key] for line in bench.run(command).splitlines()[1:]]
                    found[name][x] = min(times + [found[name].get(x, times[0])])
    return {name: list(line.items()) for name, line in found.items()}


def sizes(bench):
    found = received(bench, "wall_ns", {size: (EVENTS, 1_000, size - REST) for size in SIZES})
    rates = {name: [(size, 1e9 / time) for size, time in line] for name, line in found.items()}
    return Growth("size", "Events in a second, by the size of a message", "bytes of a frame", "/s", rates)


def authors(bench):
    counts = AUTHORS[:4] if bench.quick else AUTHORS
    found = received(bench, "cpu_ns", {count: (max(EVENTS, count), count) for count in counts})
    return Growth("authors", "CPU time of an event, by the number of its authors, all in the cache", "authors", "ns", found)


def buckets(bench):
    found = google.results(bench, "limiter", 2 if bench.quick else 5, 0.1)
    line = sorted((int(name.split("/")[1]), result["cpu_time"]) for name, result in found.items())
    return Growth("buckets", "CPU time of a request in the limiter, by the number of live buckets", "buckets", "ns",
                  {"acquire and complete": line})


def cached(bench):
    series = {cache: [] for _, cache, _, _ in memory.CACHES}
    for count in CACHED[:3] if bench.quick else CACHED:
        for cache, held in memory.cached(bench, count).items():
            series[cache].append((count, held / 2**20))
    return Growth("cached", "Memory of a cache, by the number of its entries", "entries", "MiB", series, logarithmic=True)


def sessions(bench):
    if not bench.has("platform"):
        return None
    series = {"sandbox": [], "all bots": []}
    seconds = 2 if bench.quick else 5
    for count in SESSIONS:
        with bench.platform(bots=count) as platform, bench.running([bench.path("load"), count], env=platform.environment) as bots:
            read_line(bots)
            load = Load(platform.process, bots)
            load.run(FRAMES // count, 1)  # to warm up
            before = [cpu_seconds(process) for process in (platform.process, bots)]
            load.run(FRAMES // count, seconds)
            after = [cpu_seconds(process) for process in (platform.process, bots)]
        for name, start, end in zip(series, before, after):
            series[name].append((count, (end - start) * 1e6 / (FRAMES // count * count * seconds)))
    return Growth("sessions", f"CPU time of a frame in the sandbox, {FRAMES:,} frames/s, by the number of sessions", "sessions",
                  "us", series)


def measure(bench, table):
    bench.plots.mkdir(parents=True, exist_ok=True)
    for each in (sizes, authors, buckets, cached, sessions):
        if growth := each(bench):
            growth.add(table)
            growth.draw(bench.plots)
