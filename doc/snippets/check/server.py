# Copyright (c) 2026 The boost_selectors authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""Starts a server of the documentation on a free port, and is its clients.

    server.py echo|tls|http PROGRAM
"""

import http.client
import os
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack

CLIENTS, MESSAGES = 50, 20


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def connect(port):
    """Waits until somebody listens."""
    end = time.monotonic() + 30
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=30)
        except ConnectionRefusedError:
            if time.monotonic() > end:
                raise
            time.sleep(0.01)


def receive(client, size):
    data = b""
    while len(data) < size:
        part = client.recv(size - len(data))
        assert part, "the server closed the connection"
        data += part
    return data


def exchange(clients):
    """All send, then all receive: so each waits for the others."""
    for number in range(MESSAGES):
        texts = [f"{number} of {i}".encode() * 100 for i in range(len(clients))]
        for client, text in zip(clients, texts):
            client.sendall(text)
        for client, text in zip(clients, texts):
            assert receive(client, len(text)) == text


def ask_echo(port, stack):
    exchange([stack.enter_context(connect(port)) for _ in range(CLIENTS)])


def ask_tls(port, stack):
    context = ssl.create_default_context(cafile="certificate.pem")
    exchange([stack.enter_context(context.wrap_socket(connect(port), server_hostname="localhost"))
              for _ in range(CLIENTS)])


def ask_http(port, stack):
    stack.enter_context(connect(port))  # It says nothing, and hinders nobody.
    clients = [http.client.HTTPConnection("127.0.0.1", port, timeout=30) for _ in range(CLIENTS)]
    for _ in range(MESSAGES):
        for client in clients:
            client.request("GET", "/")
        for client in clients:
            answer = client.getresponse()
            text = answer.read().decode()
            backend = os.environ["BOOST_SELECTORS_BACKEND"]
            assert (answer.status, text) == (200, f"served on {backend}\n")


def main(ask, program):
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        os.chdir(folder)
        if ask == "tls":
            subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1",
                            "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
                            "-keyout", "key.pem", "-out", "certificate.pem"],
                           check=True, capture_output=True)
        port = free_port()
        server = subprocess.Popen([program, str(port)])
        stack.callback(server.wait)
        stack.callback(server.kill)
        {"echo": ask_echo, "tls": ask_tls, "http": ask_http}[ask](port, stack)
        assert server.poll() is None, "the server has ended"


if __name__ == "__main__":
    main(*sys.argv[1:])
