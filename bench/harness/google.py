"""Programs of Google Benchmark: one layer alone."""

import json
import sys

from harness import instructions
from harness.programs import MODULES, ROOT, node
from harness.table import at_least, at_most

# of a message: way, name in bench.json
COUNTED = {"hand": "decode.hand.instructions", "strings": "decode.strings.instructions",
           "views": "decode.views.instructions", "codec": "decode.instructions"}
FRAMES = {"message": "a MESSAGE_CREATE", "embeds": "one with embeds", "ready": "a Ready of 200 servers"}


def results(bench, program, repetitions, seconds):
    """By benchmark name: the repetition that took the least CPU time. Repetitions of all are interleaved."""
    output = bench.run([bench.path(program), "--benchmark_format=json", f"--benchmark_repetitions={repetitions}",
                        f"--benchmark_min_time={seconds}", "--benchmark_enable_random_interleaving=true"])
    best = {}
    for result in json.loads(output)["benchmarks"]:
        if result.get("error_occurred"):
            sys.exit(f"bench: {result['name']}: {result['error_message']}")
        if result.get("run_type") == "aggregate":
            continue
        name = result["run_name"]
        if name not in best or result["cpu_time"] < best[name]["cpu_time"]:
            best[name] = result
    return best


def decode(bench, table):
    found = results(bench, "decode", 15 if bench.quick else 60, 0.01)  # short: one of them meets a quiet moment
    frames = bench.run([bench.path("decode"), "--frames"])
    script = ["node", ROOT / "bench/decode.mjs", MODULES, 5 if bench.quick else 15]
    javascript = json.loads(bench.run(script, given=frames)) if node() else {}
    counted = {way: instructions.decoded(bench, way) for way in COUNTED}
    for frame, name in FRAMES.items():
        def add(label, way, yardstick=None, budget=None):
            time = javascript.get(frame) if way == "node" else found[f"{frame}/{way}"]["cpu_time"]
            budget = budget if frame == "message" else None
            table.add(f"decode {name}: {label}", time, "ns", yardstick and f"decode {name}: {yardstick}", budget,
                      instructions=counted.get(way) if frame == "message" else None)

        size = int(found[f"{frame}/copy"]["bytes"])
        add(f"copy {size} bytes", "copy")
        add("skip it", "skip")
        if frame == "message":
            add("by hand, texts alone", "strings")
            add("by hand, string views alone", "views")
        add("by hand", "hand")
        add("codec", "codec", "by hand", at_most(1.3))
        add("nlohmann and conversion", "generic", "codec", at_least(12))
        add("npm's @msgpack/msgpack", "node", "codec", at_least(12))
    for way, name in COUNTED.items():
        yardstick = COUNTED["hand"] if way == "codec" else None
        table.add(name, counted[way], "instructions", yardstick, shown=False)


def limiter(bench, table):
    found = results(bench, "limiter", 3 if bench.quick else 8, 0.1)
    one, many = found["acquire_and_complete/1"], found["acquire_and_complete/100000"]
    table.add("limiter: acquire and complete, one bucket", one["items_per_second"], "/s", budget=at_least(2_000_000, "/s"))
    table.add("limiter: acquire and complete, 100,000 buckets", many["items_per_second"], "/s", budget=at_least(500_000, "/s"))
    table.add("limiter: an idle bucket", many["bytes_per_bucket"], "bytes", budget=at_most(300, "bytes"))
