# Copyright (c) 2026 The boost_selectors authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""The results as AsciiDoc."""

from figures import compared, judge, value


def number(x):
    if x == 0:
        return "0"
    if abs(x) >= 1000:
        return f"{x:,.0f}"
    return f"{x:.{3 if abs(x) < 1 else 2 if abs(x) < 100 else 0}f}"


def table(header, rows):
    columns = "<3" + ",>1" * (len(header) - 1)
    return "\n".join([f'[cols="{columns}",options=header]', "|===",
                      *("|" + " |".join(row) for row in [header, *rows]), "|==="])


def wide_table(workload):
    """A table with a row for each metric: each candidate's median, and its median ratio."""
    rows = []
    for metric, unit in workload["units"].items():
        row = [unit]
        for candidate in workload["candidates"]:
            reference = workload["references"][candidate]
            absolute = value(workload["slices"], candidate, metric)
            ratio = compared(workload["slices"], candidate, reference, metric)
            row.append((number(absolute.median) if absolute else "") +
                       (f" ({ratio.median:.2f})" if ratio and candidate != reference else ""))
        rows.append(row)
    return table(["", *workload["candidates"]], rows)


def workload_table(workload):
    """A table of all candidates: the median, and the ratio to the reference with its quartiles."""
    slices, units = workload["slices"], workload["units"]
    if len(units) > 3:
        return wide_table(workload)
    header, rows = [""], []
    for metric, unit in units.items():
        header += [unit, "ratio"]
    for candidate in workload["candidates"]:
        reference = workload["references"][candidate]
        row = [candidate]
        for metric in units:
            absolute = value(slices, candidate, metric)
            ratio = compared(slices, candidate, reference, metric)
            row.append(number(absolute.median) if absolute else "")
            if candidate == reference:
                row.append("1")
            else:
                row.append(f"{ratio.median:.2f} ({ratio.low:.2f} to {ratio.high:.2f})"
                           if ratio else "")
        rows.append(row)
    return table(header, rows)


def describe(target):
    metric = target["metric"]
    candidate = target["candidate"].removeprefix("boost_selectors ")
    reference = target["reference"]
    if target["kind"] == "value":
        return f"{candidate}: {metric}", f"at most {target['limit']:g}"
    if target["kind"] == "difference":
        return (f"{candidate}: {metric}, above {reference}", f"at most {target['limit']:g}")
    return f"{candidate}: {metric}, to {reference}", f"at most {target['limit']:g}"


def targets_table(results):
    rows = []
    for name, workload in results["workloads"].items():
        for target in workload["targets"]:
            verdict = judge(workload["slices"], target)
            what, limit = describe(target)
            if verdict:
                m = verdict.measured
                rows.append([f"{name}; {what}", limit,
                             f"{number(m.median)} ({number(m.low)} to {number(m.high)})",
                             "met" if verdict.met else "**not met**"])
            else:
                rows.append([f"{name}; {what}", limit, "", "not measured"])
    return table(["Workload", "Aim", "Measured", ""], rows) if rows else ""


def asciidoc(results):
    machine = results["machine"]
    parts = ["= Results\n:noindex:\n",
             "\n".join(f"* {key}: {text}" for key, text in machine.items()),
             "\n== Aims\n", targets_table(results)]
    for name, workload in results["workloads"].items():
        heading = name[0].upper() + name[1:]
        parts += [f"\n== {heading}\n", workload_table(workload)]
    for name, why in results["failures"].items():
        parts.append(f"\n{name}: not measured, {why}")
    return "\n".join(parts) + "\n"
