# Copyright (c) 2026 The boost_selectors authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""An echo server on Python's selectors: python_echo_server.py BUFFER [once]"""

import selectors
import socket
import sys

size = int(sys.argv[1])
once = len(sys.argv) > 2
selector = selectors.DefaultSelector()


def on_connection(listener, _):
    connection, _ = listener.accept()
    connection.setblocking(False)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    selector.register(connection, selectors.EVENT_READ, on_data)


def on_data(connection, _):
    data = connection.recv(size)
    if data:
        write(connection, data, False)
    else:
        close(connection)


def close(connection):
    selector.unregister(connection)
    connection.close()


def write(connection, data, waiting):
    try:
        sent = connection.send(data)
    except BlockingIOError:
        sent = 0
    rest = data[sent:]
    if rest:
        selector.modify(connection, selectors.EVENT_WRITE,
                        lambda c, _: write(c, rest, True))
    elif once:
        close(connection)
    elif waiting:
        selector.modify(connection, selectors.EVENT_READ, on_data)


server = socket.create_server(("127.0.0.1", 0), backlog=socket.SOMAXCONN)
server.setblocking(False)
selector.register(server, selectors.EVENT_READ, on_connection)
print("listening", server.getsockname()[1], flush=True)
while True:
    for key, events in selector.select():
        key.data(key.fileobj, events)
