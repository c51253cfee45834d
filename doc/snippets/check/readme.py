# Copyright (c) 2026 The boost_selectors authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""Whether the README's programs are those that are compiled and run.

    readme.py README SNIPPETS
"""

import re
import sys
from pathlib import Path

readme, folder = Path(sys.argv[1]), Path(sys.argv[2])
compiled = [f.read_text() for f in folder.rglob("*") if f.suffix in (".cpp", ".txt")]
shown = re.findall(r"```(?:cpp|cmake)\n(.*?)```", readme.read_text(), re.S)
unknown = [text for text in shown
           if not any(whole.split("\n", 4)[-1].strip() == text.strip() for whole in compiled)]
if unknown or len(shown) < 2:
    sys.exit("not compiled:\n" + "\n".join(unknown))
