# Copyright (c) 2026 The boost_selectors authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""How fast simulations run: out/bench/bench/simulation_benchmark."""

import json
import subprocess
import sys

import report
from figures import spread
from machine import describe_machine

PROGRAM = "out/bench/bench/simulation_benchmark"

# A name, what is counted, and the aim.
AIMS = [
    ("ten_timeouts_of_an_hour", "milliseconds", "at most 10",
     lambda m: m("ten_timeouts_of_an_hour", "ms"), lambda x: x <= 10),
    ("five hosts, 100 connections, a heartbeat a second each", "times real time", "at least 1,000",
     lambda m: m("five_hosts_100_connections", "times_real_time"), lambda x: x >= 1000),
    ("socket_calls", "calls a second", "at least 300,000",
     lambda m: m("socket_calls", "calls"), lambda x: x >= 300_000),
    ("threads/20", "switches a second", "at least 100,000",
     lambda m: m("threads/20", "switches"), lambda x: x >= 100_000),
    ("threads/200", "time for a switch, to 20 threads", "at most 1.5",
     lambda m: [a / b for a, b in zip(m("threads/20", "switches"), m("threads/200", "switches"))],
     lambda x: x <= 1.5),
]
GROWTH = {  # What grows, and what is done in each step.
    "hosts": ("heartbeats", "heartbeat"), "connections": ("heartbeats", "heartbeat"),
    "threads": ("switches", "switch"), "seeds": ("seeds", "seed")}


def run(rounds, output):
    """Returns the runs of each benchmark, by its name."""
    file = output / "simulation.json"
    subprocess.run([PROGRAM, f"--benchmark_repetitions={rounds}", f"--benchmark_out={file}",
                    "--benchmark_enable_random_interleaving=true",
                    "--benchmark_min_time=0.2"], check=True, stdout=sys.stderr)
    runs = [r for r in json.loads(file.read_text())["benchmarks"] if r["run_type"] == "iteration"]
    found = {"machine": describe_machine(), "benchmarks": {}}
    for r in runs:
        values = {k: r[k] for k in ("heartbeats", "times_real_time", "switches", "switches_each",
                                    "calls", "seeds") if k in r}
        values["ms"] = r["real_time"]
        found["benchmarks"].setdefault(r["run_name"].removesuffix("/real_time"), []).append(values)
    file.write_text(json.dumps(found, separators=(",", ":")) + "\n")
    return found


def measure(rounds, output, only_report):
    output.mkdir(parents=True, exist_ok=True)
    found = json.loads((output / "simulation.json").read_text()) if only_report else run(rounds, output)

    def values(name, metric):
        return [r[metric] for r in found["benchmarks"][name]]

    def text(all_values):
        s = spread(all_values)
        return f"{report.number(s.median)} ({report.number(s.low)} to {report.number(s.high)})"

    aims, growth, points = [], [], {}
    for name, unit, limit, of, is_met in AIMS:
        measured = of(values)
        aims.append([f"{name.replace('_', ' ')}: {unit}", limit, text(measured),
                     "met" if is_met(spread(measured).median) else "**not met**"])
    for what, (metric, step) in GROWTH.items():
        numbers = sorted(int(name.split("/")[1]) for name in found["benchmarks"]
                         if name.startswith(what + "/"))
        for n in numbers:
            us = [1e6 / v for v in values(f"{what}/{n}", metric)]
            growth.append([f"{n:,} {what.removesuffix('s') if n == 1 else what}", step, text(us)])
            points.setdefault(f"{what}: a {step}", []).append((n, spread(us)))
    page = "\n".join(
        ["= Speed of the simulation\n:noindex:\n",
         "`scripts/bench --simulation` has measured this: medians and quartiles, in real time.\n",
         *(f"* {key}: {value}" for key, value in found["machine"].items()),
         "\n== Aims\n", report.table(["", "Aim", "Measured", ""], aims),
         "\n== How it grows\n",
         report.table(["", "Step", "Time for a step (us)"], growth)]) + "\n"
    (output / "simulation-results.adoc").write_text(page)
    from plots import lines  # Slow to load.
    lines(points, "how many", "real time for a step (us)", output / "simulation.svg", logarithmic=True)
    print(page)
    return 0
