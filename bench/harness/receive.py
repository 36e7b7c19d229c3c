"""CPU of one event from the socket to a handler: the client's process alone, on a core of its own."""

import json

from harness import instructions
from harness.programs import CORES, MODULES, ROOT, node
from harness.table import at_least, at_most

EVENTS = 40_000
BURSTS = 6

# name, how bench/receive.cpp calls it
CASES = [("count frames", "count"), ("by hand", "bare"), ("by hand, string views", "views"), ("handler on the I/O thread", "inline"),
         ("handler on its own thread", "threaded"), ("nobody interested", "ignoring"), ("npm's ws and @msgpack/msgpack", "node")]
BUDGETS = {"inline": ("by hand", at_most(1.5)), "threaded": ("by hand", at_most(2)), "ignoring": ("count frames", at_most(3)),
           "node": ("handler on the I/O thread", at_least(11))}
# name in bench.json, budget
COUNTED = {"count": ("receive.count.instructions", None), "bare": ("receive.bare.instructions", None),
           "views": ("receive.views.instructions", None), "inline": ("receive.io.instructions", 2_900),
           "threaded": ("receive.thread.instructions", 3_700), "ignoring": ("receive.ignored.instructions", 600)}


def measure(bench, table):
    best = {}
    with bench.replay("messages", EVENTS) as server:
        for _ in range(3 if bench.quick else 8):
            for name, case in CASES:
                if case != "node":
                    command = [bench.path("receive"), case, server.port, EVENTS, BURSTS]
                elif node():
                    command = ["node", ROOT / "bench/node_client.mjs", MODULES, "receive", server.port, EVENTS, BURSTS]
                else:
                    continue
                for line in bench.run(command).splitlines():
                    burst = json.loads(line)
                    known = best.setdefault(case, burst)
                    best[case] = {key: min(known[key], burst[key]) for key in burst}
    counted = {case: instructions.received(bench, case) for case in COUNTED}
    for name, case in CASES:
        found = best.get(case, {"cpu_ns": None, "wall_ns": None})
        yardstick, budget = BUDGETS.get(case, (None, None))
        rate = 1e9 / found["wall_ns"] if found["wall_ns"] else None
        table.add(f"receive: {name}", found["cpu_ns"], "ns", yardstick and f"receive: {yardstick}", budget,
                  beside=f", {rate:,.0f}/s" if rate and len(CORES) > 1 else "", instructions=counted.get(case))
        table.add(f"receive: {name}, events per second", rate, "/s", shown=False)
    for case, (name, limit) in COUNTED.items():
        yardstick = {"inline": "bare", "threaded": "bare", "ignoring": "count"}.get(case)
        table.add(name, counted[case], "instructions", yardstick and COUNTED[yardstick][0],
                  limit and at_most(limit, "instructions"), shown=limit is not None)
