# Copyright (c) 2026 The boost_selectors authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""Helpers for the checks: an example's programs, and clients that do not use Asio."""

import asyncio
import os
import re
import socket
import subprocess
import tempfile
import time

# The upper bound of any wait in seconds; on an idle machine none takes long.
DEADLINE = int(os.environ.get("CHECK_DEADLINE", "60"))


class Failure(Exception):
    pass


def require(condition, what):
    if not condition:
        raise Failure(what)


def until(condition, what):
    """Waits until the condition holds. Returns its value."""
    end = time.monotonic() + DEADLINE
    while not (result := condition()):
        require(time.monotonic() < end, f"timed out: {what}")
        time.sleep(0.02)
    return result


class Process:
    """A running program, and its output so far."""

    def __init__(self, arguments, stdin=b"", cwd=None):
        self.name = os.path.basename(arguments[0])
        self.output_file = tempfile.TemporaryFile()
        arguments = ["stdbuf", "--output=L", *arguments]  # As on a terminal.
        self.process = subprocess.Popen(arguments, stdin=subprocess.PIPE, cwd=cwd,
                                        stdout=self.output_file, stderr=subprocess.STDOUT)
        self.type(stdin)

    def type(self, text):
        self.process.stdin.write(text)
        self.process.stdin.flush()

    def output(self):
        self.output_file.seek(0)
        return self.output_file.read().decode(errors="replace")

    def expect(self, *patterns):
        """Waits until the output contains the patterns in this order."""
        expression = re.compile(".*?".join(patterns), re.DOTALL)

        def found():
            match = expression.search(self.output())
            if not match:
                require(self.process.poll() is None or expression.search(self.output()),
                        f"{self.name} ended with {self.process.poll()}: {self.output()}")
            return match

        try:
            return until(found, f"{patterns} from {self.name}")
        except Failure as e:
            raise Failure(f"{e}\nit printed:\n{self.output()}") from None

    def end(self, code=0):
        """Closes the program's input, and waits for its end."""
        self.process.stdin.close()
        require(self.process.wait(timeout=4 * DEADLINE) == code,
                f"{self.name} ended with {self.process.returncode}: {self.output()}")
        return self.output()

    def kill(self):
        """Kills the program. Fails if it has already ended."""
        require(self.process.poll() is None,
                f"{self.name} has ended with {self.process.returncode}: {self.output()}")
        self.process.kill()
        self.process.wait()


class Example:
    """One of Asio's examples, and the others in its folder."""

    def __init__(self, programs, sources, name, folder):
        """@param folder: where to put its files."""
        self.programs, self.sources, self.name, self.folder = programs, sources, name, folder
        self.processes = []

    def source_folder(self):
        return os.path.join(self.sources, os.path.dirname(self.name))

    def start(self, *arguments, program=None, stdin=b"", cwd=None):
        """@param program: an example in the same folder, or with a slash one in another folder."""
        name = self.name
        if program:
            name = program if "/" in program else f"{os.path.dirname(name)}/{program}"
        process = Process([os.path.join(self.programs, name), *map(str, arguments)], stdin, cwd)
        self.processes.append(process)
        return process

    def check_that_all_are_well(self):
        """Fails if one of the programs has crashed."""
        for p in self.processes:
            require(p.process.poll() in (None, 0, -9),
                    f"{p.name} has ended with {p.process.returncode}: {p.output()}")

    def kill_all(self):
        for p in self.processes:
            p.process.kill()
            p.process.wait()

    def path(self, name):
        return os.path.join(self.folder, name)

    def file(self, name, content):
        with open(self.path(name), "wb") as file:
            file.write(content)
        return self.path(name)


# Clients: Python's asyncio and sockets.

def connect(port, host="127.0.0.1"):
    """Connects as soon as a server listens."""
    def attempt():
        try:
            return socket.create_connection((host, port), timeout=DEADLINE)
        except ConnectionRefusedError:
            return None
    return until(attempt, f"a server at port {port}")


def wait_for_listener(path):
    """Waits for a server at a local socket. The file may exist before the server listens."""
    def attempt():
        with socket.socket(socket.AF_UNIX) as s:
            try:
                s.connect(path)
                return True
            except (FileNotFoundError, ConnectionRefusedError):
                return False
    until(attempt, f"a server at {path}")


def receive_all(port):
    """Connects, and reads until the end. Tries again after a reset: a listener that is being closed
    resets connections that it has not accepted, during connect() or later."""
    def attempt():
        data = b""
        try:
            with connect(port) as s:
                while chunk := s.recv(65536):
                    data += chunk
        except ConnectionResetError:
            return None
        return (data,)
    return until(attempt, f"data from port {port}")[0]


def echo_tcp(port, connections=20, messages=10, size=100):
    """Opens many connections at a time. Each sends its own messages and checks the echoes."""
    connect(port).close()

    async def one(number):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for i in range(messages):
            message = f"{number}:{i}:".encode().ljust(size, b"x")
            writer.write(message)
            reply = await reader.readexactly(size)
            require(reply == message, f"{reply} is no echo of {message}")
        writer.close()
        await writer.wait_closed()

    async def all_of_them():
        async with asyncio.timeout(DEADLINE):
            await asyncio.gather(*(one(n) for n in range(connections)))

    asyncio.run(all_of_them())


def echo_udp(port, messages=20):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.connect(("127.0.0.1", port))
        ask_udp(s, b"first")
        for i in range(messages):
            message = f"datagram {i}".encode()
            s.send(message)
            require(s.recv(2048) == message, "no echo")


def ask_udp(s, message):
    """Sends until there is an answer, because the server may not listen yet."""
    s.settimeout(0.2)

    def attempt():
        try:
            s.send(message)
            return s.recv(2048)
        except (TimeoutError, ConnectionRefusedError):
            return None
    reply = until(attempt, "an answer to a datagram")
    s.settimeout(0.3)
    try:
        while True:  # Discards late answers to earlier attempts.
            s.recv(2048)
    except TimeoutError:
        s.settimeout(DEADLINE)
    return reply


class Line:
    """A connection for a line-based protocol."""

    def __init__(self, port):
        self.socket = connect(port)
        self.stream = self.socket.makefile("rb")

    def say(self, text):
        self.socket.sendall(text.encode() + b"\n")

    def hear(self, text):
        line = self.stream.readline().decode().strip()
        require(line == text, f"heard {line!r}, not {text!r}")
