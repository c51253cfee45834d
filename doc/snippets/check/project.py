# Copyright (c) 2026 The boost_selectors authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""Puts files into a folder, builds what is there with an installed library, and runs it.

    project.py PREFIX COMPILER [-DNAME=VALUE...] FILE...

If there is an NAME.out beside a file NAME.cpp, the program NAME must print that. Otherwise the project
has tests, which must pass.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

prefix, compiler, *rest = sys.argv[1:]
options = [word for word in rest if word.startswith("-D")]
files = [word for word in rest if not word.startswith("-D")]
with tempfile.TemporaryDirectory() as folder:
    for file in files:
        shutil.copy(file, folder)
    build = Path(folder, "build")
    subprocess.run(["cmake", "-S", folder, "-B", build, f"-DCMAKE_PREFIX_PATH={prefix}",
                    f"-DCMAKE_CXX_COMPILER={compiler}", *options], check=True)
    subprocess.run(["cmake", "--build", build], check=True)
    expected = [out for file in files if (out := Path(file).with_suffix(".out")).exists()]
    for out in expected:
        for backend in ("epoll", "poll"):
            done = subprocess.run([build / out.stem], check=True, capture_output=True, text=True,
                                  env=os.environ | {"BOOST_SELECTORS_BACKEND": backend})
            if done.stdout != out.read_text():
                sys.exit(f"it printed {done.stdout!r}")
        if Path(folder, "glib_selector.hpp").exists(): # It has its selector by type.
            continue
        done = subprocess.run([build / out.stem], capture_output=True, text=True,
                              env=os.environ | {"BOOST_SELECTORS_BACKEND": "none"})
        if done.returncode == 0 or "known are: epoll" not in done.stderr:
            sys.exit(f"an unknown name: {done.returncode} {done.stderr}")
    if not expected:
        subprocess.run(["ctest", "--test-dir", build, "--no-tests=error"], check=True)
