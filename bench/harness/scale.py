"""A thousand clients in one process."""

import select
import time

from harness.programs import cpu_seconds, read_line, settled_memory
from harness.table import at_most

CLIENTS = 1_000
PATIENCE = 120
HEARTBEAT = 41.25  # seconds


def ready(process, count):
    """Waits until so many clients are ready; false if they are not in time. Lines of a passing state are not counted."""
    end = time.monotonic() + PATIENCE
    while (left := end - time.monotonic()) > 0 and select.select([process.stdout], [], [], left)[0]:
        if read_line(process) == f"ready {count}":
            return True
    return False


def measure(bench, table):
    if not bench.has("platform"):
        return
    name = f"{CLIENTS:,} clients in one process"
    back = None
    with bench.platform() as platform:
        # Not pinned, as such a process would not be.
        with bench.running([bench.path("scale"), CLIENTS], core=None, env=platform.environment) as process:
            if not ready(process, 1):
                raise SystemExit("bench: a client does not get ready")
            _, before = settled_memory(process)
            began = time.monotonic()
            process.stdin.write("\n")
            process.stdin.flush()
            if not ready(process, CLIENTS):
                raise SystemExit(f"bench: {CLIENTS} clients do not get ready within {PATIENCE} s")
            up = time.monotonic() - began
            _, resident = settled_memory(process)
            used = cpu_seconds(process)
            time.sleep(HEARTBEAT)  # so each of them beats once
            idle = (cpu_seconds(process) - used) / HEARTBEAT
            while select.select([process.stdout], [], [], 0)[0]:
                read_line(process)  # of a connection that was lost meanwhile
            platform.process.kill()
            platform.process.wait()
            with bench.platform(platform.port):
                began = time.monotonic()
                if ready(process, CLIENTS):
                    back = time.monotonic() - began
    table.add(f"{name}: resident, each", (resident - before) / (CLIENTS - 1) / 1024, "KiB", budget=at_most(64, "KiB"))
    table.add(f"{name}: CPU while idle, a heartbeat each {HEARTBEAT:g} s", idle * 100, "%", budget=at_most(1, "%"))
    table.add(f"{name}: until all are ready", up, "s")
    table.add(f"{name}: until all are again, from the platform's restart", back, "s")
