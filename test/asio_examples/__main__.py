# Copyright (c) 2026 The boost_selectors authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""Runs Asio's examples on every backend, checks what they do, and prints a table."""

import argparse
import concurrent.futures
import os
import subprocess
import sys
import tempfile
import traceback

import checks
import sandbox

PAGE = """\
////
Copyright (c) 2026 The boost_selectors authors
Distributed under the Boost Software License, Version 1.0.
(See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

Written by `scripts/test asio_examples --page doc/modules/ROOT/pages/asio/asio-examples.adoc`.
////
= Asio's own examples
:description: What each of Asio's examples did on each backend

`scripts/test asio_examples` compiles and runs them all. What does no I/O of Asio's runs on one backend. All others
have been run without a selector, too (`BOOST_SELECTORS_BACKEND` names none), and must fail.
"""


def inside(options):
    """Runs one example on one backend, inside the sandbox. Returns the exit status."""
    sandbox.set_up()
    with tempfile.TemporaryDirectory() as folder:
        example = checks.Example(options.programs, options.examples, options.example, folder)
        try:
            checks.CHECKS[options.example](example)
            example.check_that_all_are_well()
        except Exception:  # Any exception means that the example failed.
            traceback.print_exc()
            return 1
        finally:
            example.kill_all()
    return 0


# An example with I/O must fail with it. Otherwise it would not prove that the others use a
# selector.
NO_SELECTOR = "no such selector"


def run(options, example, backend):
    """Returns why the example failed; empty if it succeeded."""
    environment = dict(os.environ, BOOST_SELECTORS_BACKEND=backend)
    if backend == NO_SELECTOR:
        environment["CHECK_DEADLINE"] = "1"
    try:
        done = subprocess.run(
            sandbox.command("--inside", example, options.programs, options.examples),
            env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, errors="replace", timeout=300)
    except subprocess.TimeoutExpired as e:
        return f"took too long\n{(e.output or b'').decode(errors='replace')}"
    if backend == NO_SELECTOR:
        return "" if done.returncode != 0 else "It runs although there is no such selector."
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
    check = checks.CHECKS.get(example)
    for backend in options.backends:
        failure = results.get((example, backend))
        cells.append("" if failure is None else "**failed**" if failure else "passed")
    about = check.__doc__ if check else "**there is no check of it**"
    if not compiled:
        about = checks.NOT_COMPILED.get(example, "**does not compile**")
    return f"|{example} |{'yes' if compiled else 'no'} |{' |'.join(cells)} |{about}"


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
    if options.only:
        examples = [e for e in examples if any(word in e for word in options.only)]
    compiled = [e for e in examples if os.path.exists(os.path.join(options.programs, e))]
    unknown = [e for e in examples if e not in checks.CHECKS and e not in checks.NOT_COMPILED]
    jobs = {}
    results = {}
    with concurrent.futures.ThreadPoolExecutor(4 * os.cpu_count()) as pool:
        for example in compiled:
            if example not in checks.CHECKS:
                continue
            once = example in checks.ONCE
            for backend in options.backends[-1:] if once else [*options.backends, NO_SELECTOR]:
                jobs[pool.submit(run, options, example, backend)] = (example, backend)
        for job in concurrent.futures.as_completed(jobs):
            results[jobs[job]] = job.result()
            if job.result():
                print(f"failed: {' on '.join(jobs[job])}\n{job.result()}", flush=True)

    missing = [e for e in examples if e not in compiled and e not in checks.NOT_COMPILED]
    failed = [r for r in results.values() if r]
    runs = [b for _, b in results if b != NO_SELECTOR]
    summary = (f"{len(examples)} examples, {len(compiled)} compiled, "
               f"{len({e for e, _ in results})} run, {len(runs)} runs and "
               f"{len(results) - len(runs)} that must fail: {len(results) - len(failed)} as they "
               f"should, {len(failed)} not")
    columns = len(options.backends)
    table = "\n".join([f'[cols="4,1{",1" * columns},4",options=header]', "|===",
                       f"|Example |Compiled |{' |'.join(options.backends)} |Checked, or why not",
                       *(row(options, example, results) for example in examples), "|==="])
    print(table, summary, sep="\n")
    if options.page:
        with open(options.page, "w", encoding="utf-8") as file:
            file.write(f"{PAGE}\n{summary}.\n\n{table}\n")
    return 1 if failed or unknown or missing else 0


sys.exit(main())
