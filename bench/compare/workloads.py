# Copyright (c) 2026 The boost_selectors authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""The workloads, and the targets for their results."""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from processes import (ASIO, BINARIES, OURS, PEERS, SOURCES, Load, Process, Server, SystemCalls,
                       command)

REFERENCE = "Asio epoll"
EPOLL = "boost_selectors epoll"
ALL = [*OURS, *ASIO, *PEERS]


@dataclass
class Target:
    """A limit for the ratio or the difference of a candidate's value and its reference's, or for
    the value itself."""
    candidate: str
    metric: str
    limit: float
    reference: str = REFERENCE
    kind: str = "ratio"  # or "value", or "difference"


@dataclass
class Workload:
    """Measures all candidates once in each round, in an order that rotates."""
    name: str
    candidates: list
    units: dict  # of each metric
    targets: list = field(default_factory=list)
    rounds: int = 15
    seconds: float = 0.4  # of a slice

    def cost(self, plan):
        """The approximate duration in seconds."""
        return 1 + len(self.candidates) * (0.3 + plan.rounds(self) * (self.seconds + 0.05))

    def start(self, candidate, stack):
        """Starts what measure() needs."""

    def measure(self, started, seconds):
        """Returns a value for each metric."""

    def run(self, plan, record):
        with ExitStack() as stack:
            started = {c: self.start(c, stack) for c in self.candidates}
            for candidate in self.candidates:
                self.measure(started[candidate], min(0.2, self.seconds))  # Warms up.
            for number in range(plan.rounds(self)):
                first = number % len(self.candidates)
                for candidate in self.candidates[first:] + self.candidates[:first]:
                    record(number, candidate, self.measure(started[candidate], self.seconds))


@dataclass
class Echo(Workload):
    """Echo servers, each with its own load generator."""
    connections: int = 1
    size: int = 64
    pipeline: int = 1
    idle: int = 0
    churn: str = ""  # Which side closes: client or server.
    threads: int = 1
    deadline: bool = False

    def start(self, candidate, stack):
        name, idle = candidate, self.idle
        if ", " in candidate:
            name, text = candidate.split(", ")
            idle = int(text.split()[0])
        arguments = [self.size]
        once = ["once"] if self.churn == "server" else []
        if name in OURS or name in ASIO:
            arguments += [self.threads, *(["deadline"] if self.deadline else once)]
        else:
            arguments += once
        pinned = self.threads == 1
        server = stack.enter_context(Server(name, arguments, 0 if pinned else None))
        how = [self.pipeline, idle]
        if self.churn:
            how = ["once" if self.churn == "server" else "churn"]
        load = Load(server, self.connections, self.size, *how, cpu=1 if pinned else None)
        return server, stack.enter_context(load)

    def measure(self, started, seconds):
        server, load = started
        before = server.processor_time()
        count, took = load.slice(seconds)
        used = server.processor_time() - before
        return {"cpu": used / count * 1e6, "time": took / count * 1e6}


@dataclass
class EchoSystemCalls(Echo):
    """The same, but counts system calls."""

    def measure(self, started, seconds):
        server, load = started
        with SystemCalls(server.pid) as calls:
            count, _ = load.slice(seconds)
        return {name: n / count for name, n in calls.counts.items()}


@dataclass
class Memory(Workload):
    """Private memory for each of many idle connections."""
    connections: int = 9000

    def cost(self, plan):
        return len(self.candidates) * plan.rounds(self) * 1.5

    def start(self, candidate, stack):
        return candidate

    def measure(self, candidate, seconds):
        with Server(candidate, [16]) as server, Load(server, 1, 16, 1, 0) as few:
            few.slice(0.01)
            before, files = server.private_memory(), server.open_files()
            with Load(server, 1, 16, 1, self.connections) as many:
                while server.open_files() < files + self.connections:
                    time.sleep(0.01)
                many.slice(0.05)
                return {"bytes": (server.private_memory() - before) / self.connections}


@dataclass
class Program(Workload):
    """A program that runs slices by itself."""
    program: str = ""
    arguments: tuple = ()
    scale: float = 1e6  # From seconds per counted item to the unit.
    pinned: bool = True

    def start(self, candidate, stack):
        words, environment = command(candidate, self.program)
        return stack.enter_context(Process(
            [*words, *map(str, self.arguments)], environment, 0 if self.pinned else None))

    def measure(self, started, seconds):
        count, took, used = started.slice(seconds)
        return {"time": took / count * self.scale, "cpu": used / count * self.scale}


@dataclass
class Lateness(Workload):
    """Single timers. All candidates run at the same time, so that noise affects all of them."""
    lengths: dict = field(default_factory=lambda: {
        "1 ms": [1_000] * 100, "20 ms": [20_000] * 25, "300 ms": [300_000] * 5,
        "1 s": [1_000_000] * 2, "5 s": [5_000_000]})

    def cost(self, plan):
        return plan.rounds(self) * sum(map(sum, self.lengths.values())) * 1e-6

    def run(self, plan, record):
        for number in range(plan.rounds(self)):
            with ExitStack() as stack:
                running = {}
                for candidate in self.candidates:
                    words, environment = command(candidate, "lateness")
                    lengths = [str(n) for each in self.lengths.values() for n in each]
                    running[candidate] = stack.enter_context(
                        Process([*words, *lengths], environment))
                for candidate, process in running.items():
                    late = [float(process.first_line)]
                    late += [float(process.line()) for _ in range(len(lengths) - 1)]
                    values = {}
                    for name, each in self.lengths.items():
                        values[name] = statistics.median(late[:len(each)])
                        late = late[len(each):]
                    record(number, candidate, values)


@dataclass
class Ticks(Workload):
    """How punctual GLib's timeouts are in the example that serves inside GLib's main loop."""
    connections: int = 100
    ticks: int = 1000  # Of 10 ms.

    def cost(self, plan):
        return plan.rounds(self) * self.ticks * 0.01

    def run(self, plan, record):
        words = [str(BINARIES / "glib_echo_server"), "0", str(self.ticks)]
        for number in range(plan.rounds(self)):
            with Process(words, cpu=0) as server:
                server.port = int(server.first_line.split()[-1])
                with Load(server, self.connections, 64, 1, 0) as load:
                    count, took = load.slice(self.ticks * 0.0095)  # The server ends soon after.
                    said = server.line().split()  # N of N ticks within 5 ms, the latest X ms
                record(number, self.candidates[0], {
                    "late": 100 - 100 * float(said[0]) / float(said[2]),
                    "latest": float(said[9]), "time": took / count * 1e6})


@dataclass
class Core(Workload):
    """The selectors without Asio, measured by Google Benchmark, and Python's selectors."""
    wanted: str = ""

    def cost(self, plan):
        return 5 + 70 * self.seconds * plan.rounds(self)

    def run(self, plan, record):
        for number in range(plan.rounds(self)):
            for program in ("boost_selectors", "libevent", "libev"):
                for name, nanoseconds in self.benchmark(program):
                    operation, candidate, *rest = name.removesuffix("/real_time").split("/")
                    candidate = candidate.replace("_", " ", 1) if program == "boost_selectors" \
                        else candidate
                    candidate = candidate.replace("boost selectors_", "boost_selectors ")
                    record(number, candidate, {"/".join([operation, *rest]): nanoseconds})
        python = subprocess.run([sys.executable, str(SOURCES / "core/python_selectors.py")],
                                check=True, capture_output=True, text=True)
        record(0, "Python selectors", json.loads(python.stdout))

    def benchmark(self, program):
        with tempfile.NamedTemporaryFile("r") as output:
            subprocess.run(
                [str(BINARIES / f"core_{program}"), f"--benchmark_min_time={self.seconds}",
                 f"--benchmark_filter={self.wanted}", f"--benchmark_out={output.name}",
                 "--benchmark_out_format=json"],
                check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            text = output.read()
        runs = json.loads(text)["benchmarks"] if text else []  # None was selected.
        return [(run["run_name"], run["real_time"]) for run in runs
                if not run.get("error_occurred")]


def echo(name, targets, **options):
    options.setdefault("candidates", ALL)
    return Echo(name, units={"cpu": "us of CPU a message", "time": "us a message"},
                targets=targets, **options)


def cpu(limit, candidate=EPOLL, reference=REFERENCE):
    return Target(candidate, "cpu", limit, reference)


def on_their_kind(limit):
    """Targets for our backends, relative to Asio's reactor of the same kind."""
    return [cpu(limit), cpu(limit, "boost_selectors select", "Asio select"),
            cpu(limit, "boost_selectors poll", "Asio select"),
            cpu(limit, "boost_selectors io_uring", "Asio io_uring")]


def make_workloads():
    same_source = [*OURS, *ASIO]
    workloads = [
        echo(f"echo, {n} connection{'s' * (n > 1)}", on_their_kind(1.0) if n in (20, 100) else [cpu(1.0)],
             connections=n) for n in (1, 20, 100, 1000)]
    workloads += [
        echo("echo, 20 connections, 16 KiB", [cpu(1.0)], connections=20, size=16384),
        echo("echo, 20 connections, 64 KiB", [cpu(1.0)], connections=20, size=65536),
        echo("echo, 20 connections, 16 messages pipelined", [cpu(1.0)], connections=20, pipeline=16),
    ]
    workloads += [
        echo(f"echo with deadlines, {n} connection{'s' * (n > 1)}", [cpu(0.98)], connections=n,
             deadline=True, candidates=same_source) for n in (1, 20, 100)]
    workloads += [
        echo("echo, 20 connections, two threads", [], connections=20, threads=2,
             candidates=same_source),
        echo("churn, the server closes", [cpu(0.98)], connections=20, churn="server"),
        echo("churn, the client closes", [cpu(0.98)], connections=20, churn="client"),
    ]
    counted = ["boost_selectors epoll", "boost_selectors io_uring", "boost_selectors poll",
               "boost_selectors select", *ASIO, "libuv", "libevent", "libev", "bare epoll"]
    calls_targets = {1: 4.1, 20: 2.3, 100: 2.1}
    units = {"all": "system calls a message", "epoll_ctl": "of them epoll_ctl",
             "timerfd_settime": "of them timerfd_settime"}
    for n, limit in calls_targets.items():
        workloads.append(EchoSystemCalls(
            f"system calls, {n} connection{'s' * (n > 1)}", counted, units,
            [Target(EPOLL, "all", limit, kind="value")], rounds=3, connections=n))
    workloads.append(EchoSystemCalls(
        "system calls, 20 connections with deadlines", same_source, units,
        [Target(EPOLL, "timerfd_settime", 0, kind="value")], rounds=3, connections=20,
        deadline=True))
    workloads.append(EchoSystemCalls(
        "system calls, churn, the server closes", counted, units,
        [Target(EPOLL, "epoll_ctl", 0.1)], rounds=3, connections=20, churn="server"))
    idle = [0, 1000, 9000]
    backends = [f"{c}, {n} idle" for c in [*OURS, "Asio epoll"] for n in idle]
    workloads.append(echo(
        "100 busy connections beside idle ones",
        [cpu(1.03, f"{c}, 9000 idle", f"{c}, 0 idle") for c in (EPOLL, "boost_selectors io_uring")],
        connections=100, candidates=backends))
    workloads.append(Memory(
        "memory of an idle connection", [*OURS, "Asio epoll", "Asio io_uring", *PEERS],
        {"bytes": "private bytes a connection"}, [Target(EPOLL, "bytes", 1.0)], rounds=3))
    for threads in (1, 2):
        workloads.append(Program(
            f"bulk transfer, {threads} thread{'s' * (threads > 1)}", same_source,
            {"time": "ms a GB", "cpu": "ms of CPU a GB"}, [Target(EPOLL, "time", 1.0)],
            program="bulk", arguments=(threads,), scale=1e12, pinned=threads == 1))
    workloads.append(Program(
        "100,000 timers", same_source, {"cpu": "us of CPU a timer"}, [cpu(1.0)],
        program="timers"))
    for mode in ("sleeping", "busy"):
        workloads.append(Program(
            f"posts to a {mode} context", same_source, {"time": "us a post", "cpu": "us of CPU a post"},
            [Target(EPOLL, "time", 1.0), cpu(1.0)], program="post", arguments=(mode,),
            pinned=False))
    workloads.append(Ticks(
        "GLib's ticks of 10 ms beside 100 connections", ["GLib"],
        {"late": "% of ticks over 5 ms late", "latest": "ms late, the latest",
         "time": "us a message"}, [Target("GLib", "late", 1.0, kind="value")], rounds=5))
    lateness = Lateness("lateness of timers", [*OURS, *ASIO], {}, rounds=3)
    lateness.units = {length: f"us late, of {length}" for length in lateness.lengths}
    lateness.targets = [Target(EPOLL, length, 100.0, kind="difference")
                        for length in lateness.lengths]
    workloads.append(lateness)
    operations = ["register", "modify", "iteration", "select/1", "select/100", "select/10000",
                  "wakeup"]
    workloads.append(Core(
        "core", [*OURS, "bare epoll", "libevent", "libev", "Python selectors"],
        {operation: f"{operation}, ns" for operation in operations},
        [Target(EPOLL, operation, allowed, "bare epoll", "difference")
         for operation, allowed in
         [("register", 120), ("modify", 60), ("select/1", 70), ("select/100", 70),
          ("select/10000", 1060)]] +
        [Target(EPOLL, "iteration", 1.0, "libevent"), Target(EPOLL, "iteration", 1.0, "libev"),
         Target(EPOLL, "wakeup", 1.1, "bare epoll")],
        rounds=9, seconds=0.05))
    return workloads
