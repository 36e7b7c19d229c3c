"""Starts the programs of bench/, each on a core of its own, and reads what they use."""

import contextlib
import fcntl
import json
import os
import pathlib
import resource
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
MODULES = ROOT / "tests/integration/peer/node_modules"

# What is measured has one core, what it talks to the other; on a machine with one they share it.
CORES = sorted(os.sched_getaffinity(0))
CLIENT, SERVER = CORES[0], CORES[-1]

PATIENCE = 300  # seconds, with a program that ends by itself


class Bench:
    def __init__(self, build, quick, full, plots=None):
        self.build = build
        self.quick = quick
        self.full = full
        self.plots = plots  # a folder

    def has(self, name):
        return self.path(name).exists()

    def path(self, name):
        return self.build / "bench" / f"intent_bench_{name}"

    def start(self, command, core=CLIENT, **settings):
        def prepare():
            if core is not None:
                os.sched_setaffinity(0, {core})
            _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))

        process = subprocess.Popen([str(part) for part in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                   preexec_fn=prepare, **settings)
        # A hundred lines must fit that nobody reads before the end.
        fcntl.fcntl(process.stdout, fcntl.F_SETPIPE_SZ, 1 << 20)
        return process

    def run(self, command, core=CLIENT, given=None):
        """Its output; a program that fails ends everything."""
        with self.running(command, core) as process:
            try:
                output, _ = process.communicate(given, timeout=PATIENCE)
            except subprocess.TimeoutExpired:
                sys.exit(f"bench: {' '.join(process.args)}: has not ended after {PATIENCE} s")
        if process.returncode != 0:
            sys.exit(f"bench: {' '.join(process.args)}: status {process.returncode}")
        return output

    @contextlib.contextmanager
    def running(self, command, core=CLIENT, **settings):
        process = self.start(command, core, **settings)
        try:
            yield process
        finally:
            end(process)

    @contextlib.contextmanager
    def replay(self, *show, core=SERVER):
        """A gateway that plays a show (bench/replay.cpp): the process, and its port in `port`."""
        with self.running([self.path("replay"), *show], core) as process:
            process.port = read_line(process)
            yield process

    @contextlib.contextmanager
    def platform(self, port=0, certificate=(), bots=0):
        """The sandbox (bench/platform.cpp)."""
        with self.running([self.path("platform"), port, *certificate], SERVER,
                          env={**os.environ, "INTENT_BENCH_BOTS": str(bots)}) as process:
            yield Platform(process)


class Platform:
    def __init__(self, process):
        self.process = process
        where = json.loads(read_line(process))
        self.port = int(where["gateway"].split(":")[2].split("/")[0])
        self.environment = {**os.environ, "INTENT_TOKEN": where["token"], "INTENT_GATEWAY_URL": where["gateway"],
                            "INTENT_REST_URL": where["rest"]}

    def ping(self, times):
        """Nanoseconds of each round trip `!ping` -> `pong`."""
        self.process.stdin.write(f"ping {times}\n")
        self.process.stdin.flush()
        return [int(text) for text in read_line(self.process).split()]


def end(process):
    process.kill()  # no effect on one that has ended
    process.wait()
    process.stdout.close()
    with contextlib.suppress(BrokenPipeError):
        process.stdin.close()


def read_line(process):
    line = process.stdout.readline()
    if not line:
        sys.exit(f"bench: {process.args[0]} ended early")
    return line.strip()


def node():
    """Whether the JavaScript packages can be measured: node, and the packages that scripts/install-peer brings."""
    return shutil.which("node") is not None and MODULES.exists()


def memory(process, name):
    """`RssAnon` (private) or `VmRSS` of a process, in bytes."""
    for line in pathlib.Path(f"/proc/{process.pid}/status").read_text().splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1]) * 1024
    sys.exit(f"bench: no {name} of process {process.pid}")


def settled_memory(process):
    """Private and resident bytes, once they stay the same for half a second."""
    before = None
    for _ in range(40):
        now = (memory(process, "RssAnon"), memory(process, "VmRSS"))
        if now == before:
            break
        before = now
        time.sleep(0.5)
    return now


def cpu_seconds(process):
    """CPU time of all threads of a process so far: its clock, as clock_getcpuclockid(3) names it."""
    return time.clock_gettime((~process.pid << 3) | 2)


def percentile(samples, part):
    ordered = sorted(samples)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]
