"""What a bot that waits holds, and what its caches weigh."""

import json
import pathlib
import shutil
import subprocess
import tempfile

from harness.programs import read_line, settled_memory
from harness.table import at_most

ENTRIES = 100_000
# name, cache, what fills it, budget in bytes
CACHES = [("user", "users", "members", 160), ("member", "members", "members", 90), ("channel", "channels", "channels", 260),
          ("message", "messages", "messages", None)]
MIB = 1 << 20


def certificate(folder):
    """A certificate of 127.0.0.1 that signs itself, and its key."""
    files = [folder / "certificate.pem", folder / "key.pem"]
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-addext",
                    "subjectAltName=IP:127.0.0.1", "-out", files[0], "-keyout", files[1]], check=True, capture_output=True)
    return files


def idle_bot(bench, table, folder, tls):
    """A stripped bot in a process of its own: connected, and after it has answered its first message."""
    bot = folder / "bot"
    shutil.copy(bench.path("bot"), bot)
    subprocess.run(["strip", bot], check=True)
    files = certificate(folder) if tls else []
    with bench.platform(certificate=files) as platform:
        with bench.running([bot, *files[:1]], env=platform.environment) as process:
            read_line(process)
            connected = settled_memory(process)
            platform.ping(1)
            answered = settled_memory(process)
    over = "over TLS" if tls else "plain"
    for state, (private, resident) in [("connected", connected), ("after a !ping", answered)]:
        budgets = (at_most(5, "MiB"), at_most(12, "MiB")) if tls and state == "connected" else (None, None)
        table.add(f"an idle bot {over}, {state}: private", private / MIB, "MiB", budget=budgets[0])
        table.add(f"an idle bot {over}, {state}: resident", resident / MIB, "MiB", budget=budgets[1])


def filled(bench, cache, events, count):
    with bench.replay(events, count) as server:
        return json.loads(bench.run([bench.path("memory"), cache, server.port, count]))


def cached(bench, count):
    """{cache: bytes of `count` entries}. Those of members do not include their users, to which they refer."""
    held = {}
    for _, cache, events, _ in CACHES:
        found = filled(bench, cache, events, count)
        if found["entries"] != count:
            raise SystemExit(f"bench: {found['entries']} {cache} are cached, {count} were sent")
        held[cache] = found["bytes"]
    return {**held, "members": held["members"] - held["users"]}


def measure(bench, table):
    if bench.has("platform"):
        with tempfile.TemporaryDirectory() as folder:
            for tls in [False, True]:
                idle_bot(bench, table, pathlib.Path(folder), tls)
    held = cached(bench, ENTRIES)
    for name, cache, _, budget in CACHES:
        table.add(f"a cached {name}", held[cache] / ENTRIES, "bytes", budget=budget and at_most(budget, "bytes"))
    found = filled(bench, "defaults", "members", 1_000_000)
    table.add("resident after 1,000,000 users, default cache limits", found["rss"] / MIB, "MiB")
