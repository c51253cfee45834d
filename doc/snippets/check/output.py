# Copyright (c) 2026 The boost_selectors authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""Runs a program, and compares what it prints with a file, if there is one.

    output.py EXPECTED PROGRAM
"""

import subprocess
import sys
from pathlib import Path

expected, program = Path(sys.argv[1]), sys.argv[2]
done = subprocess.run([program], capture_output=True, text=True, timeout=60)
print(done.stdout, done.stderr, sep="")
if done.returncode != 0:
    sys.exit(f"it ended with {done.returncode}")
if expected.exists() and done.stdout != expected.read_text():
    sys.exit(f"it should have printed:\n{expected.read_text()}")
if not done.stdout:
    sys.exit("it printed nothing")
