# Copyright (c) 2026 The boost_selectors authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""The results as pictures (SVG)."""

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt  # noqa: E402

from figures import compared, value  # noqa: E402
from workloads import REFERENCE  # noqa: E402

INK, GRID = "#1b1f24", "#d5dbe1"  # The documentation replaces them with the page's.
plt.rcParams.update({
    "svg.hashsalt": "boost_selectors", "svg.fonttype": "none", "font.family": "sans-serif",
    "font.size": 12, "savefig.transparent": True, "text.color": INK, "axes.labelcolor": INK,
    "axes.edgecolor": INK, "xtick.color": INK, "ytick.color": INK, "grid.color": GRID,
    "axes.spines.top": False, "axes.spines.right": False, "axes.grid": True,
    "axes.axisbelow": True, "legend.frameon": False})

# Colours for light and dark pages that colour-blind readers can distinguish (Okabe and Ito's).
BLUE, ORANGE, GREEN, RED, PURPLE, SKY, GREY = (
    "#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#56b4e9", "#8c8c8c")
COLOURS = {
    "boost_selectors epoll": RED, "boost_selectors io_uring": ORANGE,
    "boost_selectors poll": PURPLE, "boost_selectors select": GREEN,
    "Asio epoll": SKY, "libuv": GREEN, "bare epoll": GREY,
    "hosts: a heartbeat": RED, "connections: a heartbeat": BLUE, "threads: a switch": GREEN,
    "seeds: a seed": ORANGE}
MARKERS = {"boost_selectors epoll": "o", "boost_selectors io_uring": "D", "boost_selectors poll": "^",
           "boost_selectors select": "v", "Asio epoll": "s", "libuv": "^", "bare epoll": "x",
           "hosts: a heartbeat": "o", "connections: a heartbeat": "s", "threads: a switch": "^",
           "seeds: a seed": "D"}
STYLES = {"boost_selectors epoll": "-", "boost_selectors io_uring": "-", "boost_selectors poll": "-",
          "boost_selectors select": ":", "Asio epoll": "--", "libuv": "-.", "bare epoll": ":",
          "hosts: a heartbeat": "-", "connections: a heartbeat": "--", "threads: a switch": "-.",
          "seeds: a seed": ":"}
BY_CONNECTIONS = ["boost_selectors epoll", "Asio epoll", "libuv", "bare epoll"]


def lines(points, xlabel, ylabel, path, logarithmic=False):
    """@param points: for each candidate, a list of (x, Spread)."""
    figure, axes = plt.subplots(figsize=(7.5, 4.5), layout="constrained")
    for candidate, series in points.items():
        xs = [x for x, _ in series]
        ys = [s.median for _, s in series]
        spans = [[s.median - s.low for _, s in series], [s.high - s.median for _, s in series]]
        axes.errorbar(xs, ys, spans, label=candidate, marker=MARKERS[candidate], markersize=7,
                      capsize=3, color=COLOURS[candidate], linewidth=2, linestyle=STYLES[candidate])
    axes.set_xscale("symlog" if min(x for s in points.values() for x, _ in s) == 0 else "log")
    every = sorted({x for series in points.values() for x, _ in series})
    if 2 in every and 10 in every:  # Too many.
        every = [x for x in every if str(x).strip("0") == "1"]
    axes.set_xticks(every, [f"{x:,}" for x in every])
    if logarithmic:
        axes.set_yscale("log")
        axes.yaxis.set_major_formatter("{x:,g}")
        low, high = axes.get_ylim()
        if high < 100 * low:  # Otherwise they overlap.
            axes.yaxis.set_minor_formatter("{x:,g}")
        else:
            axes.yaxis.set_minor_formatter("")
    axes.xaxis.set_tick_params(which="minor", bottom=False)
    axes.set_xlabel(xlabel)
    axes.set_ylabel(ylabel)
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncol=2, fontsize="small")
    save(figure, path)


def bars(values, xlabel, path):
    """@param values: for each series, a number for each candidate."""
    figure, axes = plt.subplots(figsize=(7.5, 5.5), layout="constrained")
    candidates = list(next(iter(values.values())))
    height = 0.8 / len(values)
    for i, (series, colour) in enumerate(zip(values, (BLUE, ORANGE, GREEN), strict=False)):
        axes.barh([c + i * height for c in range(len(candidates))],
                  [values[series].get(candidate, 0) for candidate in candidates], height,
                  label=series, color=colour)
    axes.set_yticks([c + 0.4 - height / 2 for c in range(len(candidates))], candidates)
    axes.invert_yaxis()
    axes.grid(axis="y", visible=False)
    axes.set_xlabel(xlabel)
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncol=3, fontsize="small")
    save(figure, path)


def save(figure, path):
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)


def draw(results, folder):
    workloads = results["workloads"]
    by_connections, by_idle, calls = {}, {}, {}
    for name, workload in workloads.items():
        n = workload.get("connections")
        for candidate in workload["candidates"]:
            def of(metric):
                return value(workload["slices"], candidate, metric)
            if (name in (f"echo, {n} connection", f"echo, {n} connections")
                    and candidate in BY_CONNECTIONS and of("cpu")):
                by_connections.setdefault(candidate, []).append(
                    (n, compared(workload["slices"], candidate, REFERENCE, "cpu")))
            if " idle" in candidate and of("cpu"):
                backend, idle = candidate.split(", ")
                by_idle.setdefault(backend, []).append((int(idle.split()[0]), of("cpu")))
            if name in (f"system calls, {n} connection", f"system calls, {n} connections"):
                if of("all"):
                    calls.setdefault(f"{n} connection{'s' * (n > 1)}", {})[candidate] = \
                        of("all").median
    if by_connections:
        lines(by_connections, "connections, all busy", f"CPU a message, {REFERENCE} = 1",
              folder / "connections.svg")
    if by_idle:
        lines(by_idle, "idle connections beside 100 busy ones", "CPU a message (us)",
              folder / "idle.svg", logarithmic=True)
    if calls:
        bars(calls, "system calls a message", folder / "system_calls.svg")
