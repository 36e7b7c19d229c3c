"""A bot of many processes (relay, broker, workers) against a client that does it all."""

import contextlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

from harness.load import order
from harness.programs import cpu_seconds, percentile, read_line
from harness.table import at_least, at_most

EVENTS = 100_000
CASES = [("direct client", 0, ()), ("relay and 1 worker", 1, ()), ("relay and 2 workers", 2, ()), ("relay and 4 workers", 4, ()),
         ("relay and 4 workers without caches", 4, ("no-caches",))]
WARM_UP = 20    # calls
PATIENCE = 120  # seconds
PERCENTILES = [("p50", 0.5), ("p99", 0.99)]
NOWHERE = "http://127.0.0.1:9"  # nothing calls the REST API where events are measured


def nats_server():
    path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])
    return os.environ.get("NATS_SERVER") or shutil.which("nats-server", path=path)


@contextlib.contextmanager
def broker(bench):
    """A broker with empty streams, so that no event of another run counts as a duplicate; its address in `url`."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        command = [nats_server(), "-a", "127.0.0.1", "-p", "-1", "-js", "-sd", folder, "--ports_file_dir", folder]
        with bench.running(command, core=None, stderr=subprocess.DEVNULL) as process:
            ports = folder / f"nats-server_{process.pid}.ports"
            end = time.monotonic() + 10
            while not (ports.exists() and ports.read_text().strip().endswith("}")):
                if time.monotonic() > end or process.poll() is not None:
                    sys.exit("bench: nats-server does not start")
                time.sleep(0.01)
            process.url = json.loads(ports.read_text())["nats"][0]
            yield process


class Bot:
    """The processes of a bot: a client, or relay, broker and workers."""

    def __init__(self, handlers, others):
        self.handlers, self.others = handlers, others

    def cpu(self):
        """CPU seconds so far: of the processes with handlers, and of each other one by name."""
        used = {"handlers": sum(cpu_seconds(process) for process in self.handlers)}
        return used | {name: cpu_seconds(process) for name, process in self.others.items()}

    def ask(self, what):
        for process in self.handlers:
            order(process, what)
        return [read_line_or_nothing(process) for process in self.handlers]

    def times(self):
        return [int(text) for line in self.ask("times") for text in line.split()]

    def run(self, events):
        """Starts the run of bench/replay.cpp and waits for its end: seconds, and the CPU seconds of each part."""
        before, began = self.cpu(), time.monotonic_ns()
        order(self.handlers[0], "go")
        read_line(self.handlers[0])
        while True:
            counts = [[int(text) for text in line.split()] for line in self.ask("count")]
            if (seen := sum(count for count, _ in counts)) >= events:
                break
            if time.monotonic_ns() - began > PATIENCE * 1e9:
                sys.exit(f"bench: {seen} of {events} events have arrived after {PATIENCE} s")
            time.sleep(0.02)
        took = (max(last for _, last in counts) - began) / 1e9
        time.sleep(0.3)  # the last acknowledgements are work, too
        after = self.cpu()
        return took, {name: after[name] - before[name] for name in after}


def read_line_or_nothing(process):
    """Unlike `read_line`, accepts an empty line."""
    line = process.stdout.readline()
    if not line:
        sys.exit(f"bench: {process.args[0]} ended early")
    return line


@contextlib.contextmanager
def bot(bench, workers, environment, kind="events", flags=()):
    """A bot with so many workers, or a client if there are none, whose handlers are ready."""
    with contextlib.ExitStack() as stack:
        def start(command, **settings):
            return stack.enter_context(bench.running(command, core=None, **settings))

        others = {}
        if workers:
            others["broker"] = stack.enter_context(broker(bench))
            environment = {**environment, "INTENT_BROKER": others["broker"].url, "INTENT_APPLICATION": "bench"}
            others["relay"] = start([bench.path("relay")], env=environment)
            environment = {key: value for key, value in environment.items() if key != "INTENT_TOKEN"}
        side = "worker" if workers else "client"
        handlers = [start([bench.path("worker"), side, kind, *flags], env=environment) for _ in range(workers or 1)]
        for process in handlers:
            if read_line(process) != "ready":
                sys.exit("bench: a worker does not get ready")
        yield Bot(handlers, others)


def of_replay(server):
    return {**os.environ, "INTENT_TOKEN": "bot_bench", "INTENT_GATEWAY_URL": f"ws://127.0.0.1:{server.port}/gateway",
            "INTENT_REST_URL": NOWHERE}


def events(bench, table):
    """As many events as go through, from a gateway that sends as fast as they are accepted."""
    found = {}
    count = EVENTS // 5 if bench.quick else EVENTS
    for _ in range(1 if bench.quick else 3):
        for name, workers, flags in CASES:
            with bench.replay("messages", count, core=None) as server, bot(bench, workers, of_replay(server), flags=flags) as subject:
                took, used = subject.run(count)
            rate, cpu = count / took, {part: seconds * 1e9 / count for part, seconds in used.items()}
            best_rate, best_cpu = found.get(name, (0, cpu))
            found[name] = (max(rate, best_rate), min(cpu, best_cpu, key=lambda each: sum(each.values())))
    for name, _, _ in CASES:
        budget = at_least(50_000, "/s") if name == "relay and 4 workers" else None
        table.add(f"relay: events per second: {name}", found[name][0], "/s",
                  None if name == "direct client" else "relay: events per second: direct client", budget)
    for name, _, _ in CASES:
        parts = found[name][1]
        table.add(f"relay: CPU of an event: {name}", sum(parts.values()), "ns",
                  None if name == "direct client" else "relay: CPU of an event: direct client", beside=listed(parts))


def latency(bench, table, title, rate, seconds, budget):
    count, samples = int(rate * seconds), {}
    for _ in range(1 if bench.quick else 3):
        for name, workers in [("direct", 0), ("through the relay", 1)]:
            with bench.replay("paced", count, rate, core=None) as server, bot(bench, workers, of_replay(server)) as subject:
                subject.run(count)
                found = subject.times()
            for label, part in PERCENTILES:
                value = percentile(found, part) / 1000
                samples[name, label] = min(value, samples.get((name, label), value))
    for label, _ in PERCENTILES:
        direct, through = samples["direct", label], samples["through the relay", label]
        table.add(f"relay: event to handler, {title}, {label}: direct", direct, "us")
        table.add(f"relay: event to handler, {title}, {label}: through the relay", through, "us",
                  f"relay: event to handler, {title}, {label}: direct")
        table.add(f"relay: added latency, {title}, {label}", through - direct, "us",
                  budget=at_most(budget, "us") if budget and label == "p99" else None)


def listed(parts):
    """The figure of each process, if there are several."""
    return f" ({', '.join(f'{part} {cost:,.0f}' for part, cost in parts.items())})" if len(parts) > 1 else ""


def used_by(subject, do):
    before = subject.cpu()
    do()
    after = subject.cpu()
    return {part: after[part] - before[part] for part in after}


def calls(bench, table):
    """REST calls of a handler, one after the other, to the sandbox; and what a bot costs that waits."""
    if not bench.has("platform"):
        return
    count, found, idle, seconds = 40 if bench.quick else 200, {}, {}, 3 if bench.quick else 10
    for name, workers in [("direct", 0), ("through the relay", 1)]:
        with bench.platform() as platform, bot(bench, workers, platform.environment, "calls") as subject:
            platform.ping(WARM_UP)
            used = used_by(subject, lambda: platform.ping(count))
            found[name] = (subject.times()[WARM_UP:], {part: cost / count * 1e6 for part, cost in used.items()})
            time.sleep(1)
            idle[name] = sum(used_by(subject, lambda: time.sleep(seconds)).values()) / seconds * 100
    for label, part in PERCENTILES:
        for name, (samples, _) in found.items():
            table.add(f"relay: REST call, {label}: {name}", percentile(samples, part) / 1000, "us",
                      None if name == "direct" else f"relay: REST call, {label}: direct")
    for name, (_, parts) in found.items():
        table.add(f"relay: CPU of a !ping and its answer: {name}", sum(parts.values()), "us",
                  None if name == "direct" else "relay: CPU of a !ping and its answer: direct", beside=listed(parts))
    for name, share in idle.items():
        table.add(f"relay: CPU while idle, all processes: {name}", share, "%")


def measure(bench, table):
    if not bench.has("relay"):
        print(" not measured: the component relay is not built;", end="", file=sys.stderr)
        return
    if not nats_server():
        print(" not measured without nats-server (Debian: apt-get install nats-server);", end="", file=sys.stderr)
        return
    events(bench, table)
    latency(bench, table, "idle", 500, 1 if bench.quick else 4, 1_000)
    latency(bench, table, "5,000/s", 5_000, 1 if bench.quick else 4, None)
    calls(bench, table)
