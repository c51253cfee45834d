#!/usr/bin/python3
# Copyright (c) 2026 The boost_selectors authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""Clients of beast_server.hpp that are not made with Beast: Python's http.client and ssl, and
Debian's python3-websockets. Arguments: the plain port, TLS's, a file with the certificate."""

import asyncio
import http.client
import resource
import ssl
import sys
import time

import websockets


def exchange_requests(connection):
    for i in range(20):
        body = b"%d:" % i * (i * 1000)
        connection.request("POST", "/", body)
        response = connection.getresponse()
        assert response.status == 200 and response.read() == body, "another body"
    connection.close()


async def exchange_messages(uri, connections, messages, **options):
    """All connections stay open from before the first message until the last echo."""
    few = asyncio.Semaphore(100)

    async def connect():
        async with few:
            return await websockets.connect(uri, open_timeout=120, ping_interval=None,
                                            close_timeout=120, **options)

    async def talk(number, socket):
        for i in range(messages):
            message = f"{number}:{i}"
            await socket.send(message)
            reply = await socket.recv()
            assert reply == message, f"{reply} is no echo of {message}"

    start = time.monotonic()
    sockets = await asyncio.gather(*(connect() for _ in range(connections)))
    connected = time.monotonic()
    await asyncio.gather(*(talk(n, s) for n, s in enumerate(sockets)))
    exchanged = time.monotonic()
    await asyncio.gather(*(s.close() for s in sockets))
    assert all(s.close_code == 1000 for s in sockets), "not closed as asked"
    print(f"{uri}: {connections} connections in {connected - start:.1f} s, "
          f"{connections * messages} messages in {exchanged - connected:.1f} s")


def main():
    plain, tls, certificate = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    context = ssl.create_default_context(cafile=certificate)
    for _ in range(10):
        exchange_requests(http.client.HTTPConnection("localhost", plain))
        exchange_requests(http.client.HTTPSConnection("localhost", tls, context=context))
    asyncio.run(exchange_messages(f"ws://localhost:{plain}", 1000, 100, compression=None))
    asyncio.run(exchange_messages(f"ws://localhost:{plain}", 50, 20))  # Compressed.
    asyncio.run(exchange_messages(f"wss://localhost:{tls}", 50, 20, ssl=context))


main()
