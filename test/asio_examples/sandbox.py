# Copyright (c) 2026 The boost_selectors authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""A sandbox for each example. Asio's examples use fixed ports, connect to www.boost.org, and leave
processes behind. With separate network, mount and process namespaces none of that matters. The file
system is shared; one example writes /tmp/asio.daemon.out."""

import os
import subprocess
import sys
import tempfile


def command(*arguments):
    """The command that runs this package's __main__ with these arguments in a sandbox."""
    user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    return ["unshare", *user, "--net", "--mount", "--pid", "--fork", "--kill-child",
            sys.executable, os.path.dirname(os.path.abspath(__file__)), *arguments]


def set_up():
    """Inside the sandbox: sets up the loopback interface, with multicast, and names."""
    for line in (["ip", "link", "set", "lo", "up", "multicast", "on"],
                 ["ip", "route", "add", "224.0.0.0/4", "dev", "lo"]):
        subprocess.run(line, check=True)
    for path, text in (("/etc/hosts", "127.0.0.1 localhost www.boost.org\n"),
                       ("/etc/services", "daytime 13/udp\ndaytime 13/tcp\nhttp 80/tcp\n")):
        with tempfile.NamedTemporaryFile("w", delete=False) as file:
            file.write(text)
        os.chmod(file.name, 0o644)
        subprocess.run(["mount", "--bind", file.name, path], check=True)
        os.unlink(file.name)
