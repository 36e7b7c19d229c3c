"""How long an event takes to its handler, and an answer back."""

from harness.programs import CLIENT, MODULES, ROOT, node, percentile, read_line
from harness.table import at_most

PERCENTILES = [("p50", 0.5), ("p99", 0.99), ("p99.9", 0.999)]
CASES = [("by hand", "bare"), ("handler on the I/O thread", "inline"), ("handler on its own thread", "threaded")]
PER_CONNECTION = 100  # of the 120 frames that one connection may send in a minute
COLD = 10             # the first of each connection, not counted


class Best:
    """The least of each percentile over several repetitions."""

    def __init__(self):
        self.found = {}

    def take(self, case, samples):
        for label, part in PERCENTILES:
            value = percentile(samples, part) / 1000
            self.found[case, label] = min(value, self.found.get((case, label), value))

    def get(self, case, label):
        return self.found.get((case, label))


def paced(bench, table, title, rate, seconds, budget=None):
    best = Best()
    with bench.replay("paced", int(rate * seconds), rate) as server:
        for _ in range(3):
            for _, case in CASES:
                best.take(case, [int(text) for text in bench.run([bench.path("latency"), case, "paced", server.port]).split()])
    for label, _ in PERCENTILES:
        for name, case in CASES:
            table.add(f"event to handler, {title}, {label}: {name}", best.get(case, label), "us",
                      None if case == "bare" else f"event to handler, {title}, {label}: by hand",
                      budget if case == "inline" and label == "p99.9" else None)


def echo(bench, table):
    """Client and server on one core: what counts is how much is done, not how long a core takes to wake up."""
    connections = 30 if bench.quick else 100
    best = Best()
    cases = [*CASES, ("npm's ws and @msgpack/msgpack", "node")]
    with bench.replay("echo", PER_CONNECTION, core=CLIENT) as server:
        for _ in range(3):
            for _, case in cases:
                if case != "node":
                    command = [bench.path("latency"), case, "echo", server.port, connections]
                elif node():
                    command = ["node", ROOT / "bench/node_client.mjs", MODULES, "echo", server.port, connections]
                else:
                    continue
                bench.run(command)
                trips = [[int(text) for text in read_line(server).split()][COLD:] for _ in range(connections)]
                best.take(case, sum(trips[connections // 3:], []))
    for label, budget in [("p50", at_most(1.5)), ("p99", at_most(2))]:
        for name, case in cases:
            table.add(f"frame in, frame out, {label}: {name}", best.get(case, label), "us",
                      None if case == "bare" else f"frame in, frame out, {label}: by hand", budget if case == "inline" else None)


def ping(bench, table):
    if not bench.has("platform"):
        return
    with bench.platform() as platform, bench.running([bench.path("bot")], env=platform.environment) as bot:
        read_line(bot)
        platform.ping(20)
        trips = platform.ping(80 if bench.quick else 400)
    for label, part in PERCENTILES[:2]:
        table.add(f"!ping to pong through the sandbox, {label}", percentile(trips, part) / 1000, "us")


def measure(bench, table):
    paced(bench, table, "idle", 500, 1 if bench.quick else 4)
    paced(bench, table, "10,000/s", 10_000, 1 if bench.quick else 4, at_most(1))
    echo(bench, table)
    ping(bench, table)
