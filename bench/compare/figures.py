# Copyright (c) 2026 The boost_selectors authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""Medians of slices, and ratios within one round, in which the machine's noise cancels out."""

import statistics
from dataclasses import dataclass


@dataclass
class Spread:
    median: float
    low: float   # The quartiles.
    high: float


def spread(values):
    if len(values) == 1:
        return Spread(values[0], values[0], values[0])
    low, median, high = statistics.quantiles(values, n=4, method="inclusive")
    return Spread(median, low, high)


def by_round(slices, candidate, metric):
    return {s["round"]: s["values"][metric] for s in slices
            if s["candidate"] == candidate and metric in s["values"]}


def value(slices, candidate, metric):
    """The median and quartiles over all rounds; None without data."""
    values = list(by_round(slices, candidate, metric).values())
    return spread(values) if values else None


def compared(slices, candidate, reference, metric, kind="ratio"):
    """The same for ratios, or differences, within each round; None without data."""
    ours, theirs = by_round(slices, candidate, metric), by_round(slices, reference, metric)
    rounds = [r for r in ours if r in theirs]
    if kind == "difference":
        return spread([ours[r] - theirs[r] for r in rounds]) if rounds else None
    rounds = [r for r in rounds if theirs[r] > 0]
    return spread([ours[r] / theirs[r] for r in rounds]) if rounds else None


@dataclass
class Verdict:
    target: dict
    measured: Spread
    met: bool


def judge(slices, target):
    """A ratio meets its limit if the lower quartile is at most the limit, and the median is at most
    0.03 above it. For a value or a difference, the median must be at most the limit."""
    candidate, metric, limit = target["candidate"], target["metric"], target["limit"]
    if target["kind"] == "value":
        measured = value(slices, candidate, metric)
        return measured and Verdict(target, measured, measured.median <= limit)
    measured = compared(slices, candidate, target["reference"], metric, target["kind"])
    if not measured:
        return None
    slack = 0.03 if target["kind"] == "ratio" else 0
    return Verdict(target, measured, measured.low <= limit and measured.median <= limit + slack)
