# Copyright (c) 2026 The boost_selectors authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""The results as pictures (SVG)."""

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt  # noqa: E402

from figures import value  # noqa: E402

plt.rcParams.update({
    "svg.hashsalt": "boost_selectors", "svg.fonttype": "none", "font.family": "sans-serif",
    "axes.spines.top": False, "axes.spines.right": False, "axes.grid": True,
    "grid.color": "#dddddd", "axes.axisbelow": True, "legend.frameon": False})

COLOURS = {
    "boost_selectors epoll": "#d62728", "boost_selectors io_uring": "#ff7f0e",
    "boost_selectors poll": "#bcbd22", "boost_selectors select": "#e377c2",
    "Asio epoll": "#1f77b4", "Asio select": "#17becf", "Asio io_uring": "#9467bd",
    "libuv": "#2ca02c", "libevent": "#8c564b", "libev": "#7f7f7f", "bare epoll": "#000000",
    "Python selectors": "#aec7e8"}


def lines(points, xlabel, ylabel, path):
    """@param points: by candidate, a list of (x, Spread)."""
    figure, axes = plt.subplots(figsize=(7.5, 4.5), layout="constrained")
    for candidate, series in points.items():
        xs = [x for x, _ in series]
        ys = [s.median for _, s in series]
        spans = [[s.median - s.low for _, s in series], [s.high - s.median for _, s in series]]
        axes.errorbar(xs, ys, spans, label=candidate, marker="o", markersize=4, capsize=2,
                      color=COLOURS.get(candidate), linewidth=2 if "boost" in candidate else 1.2)
    axes.set_xscale("symlog" if min(x for s in points.values() for x, _ in s) == 0 else "log")
    every = sorted({x for series in points.values() for x, _ in series})
    axes.set_xticks(every, [f"{x:,}" for x in every])
    axes.minorticks_off()
    axes.set_ylim(0, 1.05 * max(s.high for series in points.values() for _, s in series))
    axes.set_xlabel(xlabel)
    axes.set_ylabel(ylabel)
    axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), fontsize="small")
    save(figure, path)


def bars(values, ylabel, path):
    """@param values: by group, then by candidate, a number."""
    figure, axes = plt.subplots(figsize=(7.5, 4.5), layout="constrained")
    candidates = list(next(iter(values.values())))
    width = 0.8 / len(candidates)
    for i, candidate in enumerate(candidates):
        axes.bar([g + i * width for g in range(len(values))],
                 [group.get(candidate, 0) for group in values.values()], width,
                 label=candidate, color=COLOURS.get(candidate))
    axes.set_xticks([g + 0.4 - width / 2 for g in range(len(values))], list(values))
    axes.grid(axis="x", visible=False)
    axes.set_ylabel(ylabel)
    axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), fontsize="small")
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
            if name in (f"echo, {n} connection", f"echo, {n} connections") and of("cpu"):
                by_connections.setdefault(candidate, []).append((n, of("cpu")))
            if " idle" in candidate and of("cpu"):
                backend, idle = candidate.split(", ")
                by_idle.setdefault(backend, []).append((int(idle.split()[0]), of("cpu")))
            if name in (f"system calls, {n} connection", f"system calls, {n} connections"):
                if of("all"):
                    calls.setdefault(f"{n} connection{'s' * (n > 1)}", {})[candidate] = \
                        of("all").median
    if by_connections:
        lines(by_connections, "connections, all busy", "CPU a message (us)",
              folder / "connections.svg")
    if by_idle:
        lines(by_idle, "idle connections beside 100 busy ones", "CPU a message (us)",
              folder / "idle.svg")
    if calls:
        bars(calls, "system calls a message", folder / "system_calls.svg")
