"""Two hundred bots that receive the same events from the sandbox."""

import time

from harness.programs import cpu_seconds, memory, read_line

BOTS = 200
RATE = 200  # messages in a second, to each
STEPS = (300, 400, 500, 600, 800, 1_000, 1_500, 2_000)


def order(process, text):
    process.stdin.write(text + "\n")
    process.stdin.flush()


class Load:
    def __init__(self, platform, bots):
        self.platform, self.bots = platform, bots

    def run(self, rate, seconds):
        """Missed frames, the platform's share of a core, and how late the last frame was, in seconds."""
        count = rate * seconds
        used, began = cpu_seconds(self.platform), time.monotonic()
        order(self.platform, f"load {rate} {count}")
        order(self.bots, str(count))
        read_line(self.platform)
        waited, missed = read_line(self.bots).split()
        took = time.monotonic() - began
        return int(missed), (cpu_seconds(self.platform) - used) / took, took - seconds


def measure(bench, table):
    if not bench.has("platform"):
        return
    name = f"sandbox: {BOTS} bots, {RATE} messages/s to each"
    with bench.platform(bots=BOTS) as platform, bench.running([bench.path("load"), BOTS], env=platform.environment) as bots:
        read_line(bots)
        load = Load(platform.process, bots)
        load.run(RATE, 1)  # to warm up
        missed, share, _ = load.run(RATE, 5 if bench.quick else 60)
        table.add(f"{name}: missed", missed, "frames")
        table.add(f"{name}: CPU of the sandbox", share * 100, "%")
        table.add(f"{name}: private memory of the sandbox", memory(platform.process, "RssAnon") / 2**20, "MiB")
        table.add(f"{name}: CPU of the bots", load_of_bots(load, 2 if bench.quick else 5), "%")
        most = RATE
        for rate in STEPS:
            missed, _, late = load.run(rate, 2 if bench.quick else 5)
            if missed or late > 0.5:
                break
            most = rate
        table.add(f"sandbox: {BOTS} bots, highest rate tried that it keeps up with", most * BOTS, "/s")


def load_of_bots(load, seconds):
    used = cpu_seconds(load.bots)
    load.run(RATE, seconds)
    return (cpu_seconds(load.bots) - used) / seconds * 100
