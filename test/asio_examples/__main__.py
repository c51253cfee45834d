# Copyright (c) 2026 The boost_selectors authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""Runs Asio's examples on every backend, checks what they do, and prints a table."""

import argparse
import concurrent.futures
import os
import subprocess
import sys
import traceback

import checks
import sandbox

PAGE = """\
<!--
Copyright (c) 2026 The boost_selectors authors
Distributed under the Boost Software License, Version 1.0.
(See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)
-->

# Asio's own examples, run on each backend

Written by `scripts/test asio_examples --page doc/asio-examples.md`. What does no I/O runs on one of them.
"""

def inside(options):
    """In the sandbox: one example on one backend. Its last line of output says how it went."""
    sandbox.set_up()
    try:
        checks.CHECKS[options.example](checks.Example(options.programs, options.examples,
                                                      options.example))
    except Exception:  # Whatever it is, it is the example's result.
        traceback.print_exc()
        return 1
    return 0


def run(options, example, backend):
    """Why it failed; empty if it did not."""
    environment = dict(os.environ, BOOST_SELECTORS_BACKEND=backend)
    try:
        done = subprocess.run(
            sandbox.command("--inside", example, options.programs, options.examples),
            env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, errors="replace", timeout=300)
    except subprocess.TimeoutExpired as e:
        return f"took too long\n{(e.output or b'').decode(errors='replace')}"
    return "" if done.returncode == 0 else done.stdout


def names(folder):
    """Every example: the sources with a main function."""
    found = []
    for group in ("cpp03/http", "cpp11", "cpp14", "cpp17", "cpp20"):
        for path, _, files in os.walk(os.path.join(folder, group)):
            for file in files:
                full = os.path.join(path, file)
                if file.endswith(".cpp") and "\nint main" in open(full, encoding="utf-8").read():
                    found.append(os.path.relpath(full, folder)[:-len(".cpp")])
    return sorted(found)


def row(options, example, results):
    cells = []
    compiled = os.path.exists(os.path.join(options.programs, example))
    for backend in options.backends:
        failure = results.get((example, backend))
        cells.append("" if failure is None else "**failed**" if failure else "passed")
    reason = checks.LEFT_OUT.get(example, "")
    if not compiled:
        reason = checks.NOT_COMPILED.get(example, "**does not compile**")
    about = reason or (checks.CHECKS[example].__doc__ or "").strip()
    return f"| {example} | {'yes' if compiled else 'no'} | {' | '.join(cells)} | {about} |"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inside", metavar="EXAMPLE", dest="example", help=argparse.SUPPRESS)
    parser.add_argument("--backends", nargs="+", default=["epoll"])
    parser.add_argument("--only", nargs="+", metavar="WORD", help="examples that contain one")
    parser.add_argument("--page", help="a file for the table, as a page of the documentation")
    parser.add_argument("programs", help="the folder of the built examples")
    parser.add_argument("examples", help="the folder of their sources")
    options = parser.parse_args()
    options.programs = os.path.abspath(options.programs)
    if options.example:
        return inside(options)

    examples = names(options.examples)
    unknown = [e for e in examples if e not in checks.CHECKS and e not in checks.LEFT_OUT
               and e not in checks.NOT_COMPILED]
    if options.only:
        examples = [e for e in examples if any(word in e for word in options.only)]
    jobs = {}
    results = {}
    with concurrent.futures.ThreadPoolExecutor(4 * os.cpu_count()) as pool:
        for example in examples:
            if example in checks.LEFT_OUT or not os.path.exists(
                    os.path.join(options.programs, example)):
                continue
            once = example in checks.ONCE
            for backend in options.backends[-1:] if once else options.backends:
                jobs[pool.submit(run, options, example, backend)] = (example, backend)
        for job in concurrent.futures.as_completed(jobs):
            results[jobs[job]] = job.result()
            if job.result():
                print(f"failed: {' on '.join(jobs[job])}\n{job.result()}", flush=True)

    compiled = [e for e in examples if os.path.exists(os.path.join(options.programs, e))]
    missing = [e for e in examples if e not in compiled and e not in checks.NOT_COMPILED]
    failed = [r for r in results.values() if r]
    for example in unknown:
        print(f"neither checked nor left out: {example}")
    summary = (f"{len(examples)} examples, {len(compiled)} compiled, "
               f"{len({e for e, _ in results})} run, {len(results)} runs: "
               f"{len(results) - len(failed)} passed, {len(failed)} failed")
    table = "\n".join([f"| Example | Compiled | {' | '.join(options.backends)} | Checked, or why not |",
                       f"|---|---|{'---|' * (len(options.backends) + 1)}",
                       *(row(options, example, results) for example in examples)])
    print(table, summary, sep="\n")
    if options.page:
        with open(options.page, "w", encoding="utf-8") as file:
            file.write(f"{PAGE}\n{summary}.\n\n{table}\n")
    return 1 if failed or unknown or missing else 0


sys.exit(main())
