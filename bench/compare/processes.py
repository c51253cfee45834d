# Copyright (c) 2026 The boost_selectors authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""The programs that are compared: starts them, runs slices, and measures them."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SOURCES = Path(__file__).resolve().parents[1]
BINARIES = SOURCES.parent / "out/bench/bench"

BACKENDS = ["epoll", "io_uring", "poll", "select"]
OURS = {f"boost_selectors {b}": ("boost_selectors", {"BOOST_SELECTORS_BACKEND": b}) for b in BACKENDS}
ASIO = {f"Asio {r}": (f"asio_{r}", {}) for r in ["epoll", "select", "io_uring"]}
PEERS = {
    "libuv": ["libuv_echo_server"],
    "libevent": ["libevent_echo_server"],
    "libev": ["libev_echo_server"],
    "bare epoll": ["epoll_echo_server"],
    "Python selectors": [sys.executable, str(SOURCES / "peers/python_echo_server.py")],
}


def command(candidate, program):
    """Returns the command line of an Asio program or of a peer's echo server, and the environment
    variables that it needs."""
    if candidate in PEERS:
        first, *rest = PEERS[candidate]
        return [str(BINARIES / first) if not rest else first, *rest], {}
    build, environment = (OURS | ASIO)[candidate]
    return [str(BINARIES / f"{program}_{build}")], environment


class Process:
    """A program that prints a line when it is ready, and runs slices on demand."""

    def __init__(self, words, environment=None, cpu=None):
        if cpu is not None and os.cpu_count() > 1:
            words = ["taskset", "-c", str(cpu), *words]
        self.errors = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            words, env=os.environ | (environment or {}), stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=self.errors, text=True, bufsize=1)
        self.first_line = self.line()

    def line(self):
        line = self.process.stdout.readline()
        if not line:
            self.process.wait()
            self.errors.seek(0)
            raise RuntimeError(f"{' '.join(self.process.args)} has ended with "
                               f"{self.process.returncode}: {self.errors.read().decode()}")
        return line

    def slice(self, seconds):
        """Runs a slice, and returns the numbers that the program prints."""
        self.process.stdin.write(f"{seconds}\n")
        return [float(word) for word in self.line().split()]

    @property
    def pid(self):
        return self.process.pid

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()
        self.errors.close()


class Server(Process):
    """An echo server on the first processor."""

    def __init__(self, candidate, arguments, cpu=0):
        words, environment = command(candidate, "echo_server")
        super().__init__([*words, *map(str, arguments)], environment, cpu)
        self.port = int(self.first_line.split()[1])

    def processor_time(self):
        """In seconds, of all threads."""
        total = 0
        for task in os.scandir(f"/proc/{self.pid}/task"):
            total += int(Path(task.path, "schedstat").read_text().split()[0])
        return total * 1e-9

    def private_memory(self):
        """In bytes."""
        total = 0
        for line in Path(f"/proc/{self.pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Private_"):
                total += int(line.split()[1]) * 1024
        return total

    def open_files(self):
        return len(os.listdir(f"/proc/{self.pid}/fd"))


class Load(Process):
    """The load generator, on the second processor."""

    def __init__(self, server, *arguments, cpu=1):
        super().__init__([str(BINARIES / "load"), str(server.port), *map(str, arguments)], cpu=cpu)


class SystemCalls:
    """Counts a process's system calls with perf, which hardly slows it down."""

    EVENTS = {"all": "raw_syscalls:sys_enter", "epoll_ctl": "syscalls:sys_enter_epoll_ctl",
              "timerfd_settime": "syscalls:sys_enter_timerfd_settime"}

    def __init__(self, pid):
        self.output = tempfile.NamedTemporaryFile("r")
        self.process = subprocess.Popen(
            ["perf", "stat", "-x", ",", "-e", ",".join(self.EVENTS.values()), "-p", str(pid),
             "-o", self.output.name], stderr=subprocess.DEVNULL)
        time.sleep(0.3)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGINT)
        self.process.wait()
        counts = {}
        for line in self.output:
            fields = line.split(",")
            for name, event in self.EVENTS.items():
                if len(fields) > 2 and fields[2] == event and fields[0].isdigit():
                    counts[name] = int(fields[0])
        self.output.close()
        if "all" not in counts:
            raise RuntimeError("perf is not permitted to count system calls here")
        self.counts = counts
