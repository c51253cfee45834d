# Copyright (c) 2026 The boost_selectors authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""Measures boost_selectors beside its peers; scripts/bench builds them first.

In one run, the slices of all candidates take turns. The ratio of two slices of the same round is
compared, because a shared machine's noise affects both."""

import argparse
import json
import resource
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import report
import worlds
from machine import describe_machine
from workloads import REFERENCE, Core, make_workloads

QUICK_ROUNDS = 3
QUICK = ["echo, 1 connection", "echo, 20 connections", "echo, 100 connections",
         "echo with deadlines, 20 connections", "churn, the server closes", "system calls, 1 connection",
         "system calls, 20 connections", "100 busy connections beside idle ones",
         "bulk transfer, 1 thread", "100,000 timers", "posts to a sleeping context", "core"]


@dataclass
class Plan:
    quick: bool
    fixed_rounds: int

    def rounds(self, workload):
        if self.fixed_rounds:
            return self.fixed_rounds
        return min(workload.rounds, QUICK_ROUNDS) if self.quick else workload.rounds


def reference_of(workload, candidate):
    if " idle" in candidate:
        return candidate.split(", ")[0] + ", 0 idle"
    return "bare epoll" if isinstance(workload, Core) else REFERENCE


def choose(workloads, arguments):
    """Returns the selected workloads, with their selected candidates."""
    chosen = []
    for workload in workloads:
        if arguments.workloads:
            if not any(w in workload.name for w in arguments.workloads):
                continue
        elif arguments.quick and workload.name not in QUICK:
            continue
        if arguments.peers:
            workload.candidates = [
                c for c in workload.candidates
                if reference_of(workload, c) == c or any(p in c for p in arguments.peers)]
        elif arguments.quick and " idle" in workload.candidates[0]:
            workload.candidates = [c for c in workload.candidates if ", 1000" not in c]
        if isinstance(workload, Core):
            workload.wanted = "/(" + "|".join(c.replace(" ", "_") for c in workload.candidates) + ")(/|$)"
        chosen.append(workload)
    return chosen


def save(results, folder):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "results.json").write_text(json.dumps(results, separators=(",", ":")) + "\n")
    (folder / "results.adoc").write_text(report.asciidoc(results))


def measure(workloads, plan, results, folder):
    left = sum(w.cost(plan) for w in workloads)
    for number, workload in enumerate(workloads, 1):
        print(f"[{number}/{len(workloads)}] {workload.name}: {workload.cost(plan):.0f} s of about "
              f"{left / 60:.1f} min left", flush=True)
        left -= workload.cost(plan)
        slices = []

        def record(round_number, candidate, values):
            slices.append({"round": round_number, "candidate": candidate, "values": values})

        try:
            workload.run(plan, record)
        except (RuntimeError, OSError, subprocess.CalledProcessError) as failure:
            print(f"  not measured: {failure}", flush=True)
            results["failures"][workload.name] = str(failure)
        finally:  # Also if interrupted.
            if slices:
                results["workloads"][workload.name] = {
                    "units": workload.units, "candidates": workload.candidates,
                    "references": {c: reference_of(workload, c) for c in workload.candidates},
                    "connections": getattr(workload, "connections", None),
                    "targets": [asdict(t) for t in workload.targets],
                    "slices": slices}
            save(results, folder)


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer workloads and rounds: 5 min")
    parser.add_argument("--workloads", nargs="+", metavar="WORD", help="those that contain a word")
    parser.add_argument("--peers", nargs="+", metavar="WORD",
                        help="candidates that contain a word, and the reference")
    parser.add_argument("--rounds", type=int, default=0, help="of each workload")
    parser.add_argument("--output", type=Path, default=Path("out/bench/results"),
                        help="a folder for JSON, Markdown and SVG (%(default)s)")
    parser.add_argument("--list", action="store_true", help="the workloads and candidates")
    parser.add_argument("--report", action="store_true",
                        help="measure nothing: make table and plots from the existing JSON")
    parser.add_argument("--simulation", action="store_true",
                        help="how fast the simulation is, and nothing else: two minutes")
    arguments = parser.parse_args()
    if arguments.simulation:
        return worlds.measure(arguments.rounds or 5, arguments.output, arguments.report)
    plan = Plan(arguments.quick, arguments.rounds)
    workloads = choose(make_workloads(), arguments)
    if arguments.list:
        for workload in workloads:
            print(f"{workload.name}: {', '.join(workload.candidates)}")
        return 0
    if not workloads:
        parser.error("no workload has such a name; --list shows them")

    if arguments.report:
        results = json.loads((arguments.output / "results.json").read_text())
        save(results, arguments.output)
    else:
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        results = {"machine": describe_machine(), "workloads": {}, "failures": {}}
        try:
            measure(workloads, plan, results, arguments.output)
        except KeyboardInterrupt:
            print("interrupted; what was measured is kept")
    from plots import draw  # Slow to load.
    draw(results, arguments.output)
    print((arguments.output / "results.adoc").read_text())
    return 1 if results["failures"] else 0


if __name__ == "__main__":
    sys.exit(main())
