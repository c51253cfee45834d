# Copyright (c) 2026 The boost_selectors authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""The operations of operations.hpp with Python's selectors. Prints nanoseconds as JSON."""

import json
import os
import resource
import selectors
import timeit

_, most = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
READ, WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE


def nanoseconds(function):
    timer = timeit.Timer(function)
    number, _ = timer.autorange()
    return min(timer.repeat(5, number)) / number * 1e9


def eventfd(readable):
    return os.eventfd(int(readable), os.EFD_NONBLOCK)


def operations(selector):
    fd = eventfd(True)

    def register():
        selector.register(fd, READ)
        selector.unregister(fd)

    def iteration():
        selector.register(fd, READ)
        selector.select(0)
        selector.unregister(fd)

    yield "register", nanoseconds(register)
    yield "iteration", nanoseconds(iteration)
    selector.register(fd, READ)
    interests = [READ, READ | WRITE]

    def modify():
        interests.reverse()
        selector.modify(fd, interests[0])

    yield "modify", nanoseconds(modify)
    selector.unregister(fd)
    for n in (1, 100, 10_000):
        fds = [eventfd(i % 100 == 0) for i in range(n)]
        for each in fds:
            selector.register(each, READ)
        yield f"select/{n}", nanoseconds(lambda: [key.data for key, _ in selector.select(0)])
        for each in fds:
            selector.unregister(each)
            os.close(each)


print(json.dumps(dict(operations(selectors.DefaultSelector()))))
