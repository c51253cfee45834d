# Copyright (c) 2026 The boost_selectors authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""What the benchmarks run on."""

import os
import platform
import subprocess
import time
from pathlib import Path


def output_of(*words):
    try:
        return subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def describe_machine():
    model = [line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
             if line.startswith("model name")]
    versions = [f"{name} {output_of('dpkg-query', '-W', '-f=${Version}', package)}"
                for name, package in [("Boost", "libboost1.81-dev"), ("liburing", "liburing-dev"),
                                      ("libuv", "libuv1-dev"), ("libevent", "libevent-dev"),
                                      ("libev", "libev-dev")]]
    return {
        "date": time.strftime("%Y-%m-%d"),
        "processor": f"{model[0] if model else platform.machine()}, {os.cpu_count()} seen",
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') >> 20:,} MiB",
        "kernel": platform.release().split("-")[0],
        "compiler": output_of("c++", "--version").splitlines()[0],
        "versions": ", ".join(versions + [f"Python {platform.python_version()}"]),
        "commit": output_of("git", "rev-parse", "--short", "HEAD"),
    }
