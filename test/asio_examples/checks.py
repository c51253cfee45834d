# Copyright (c) 2026 The boost_selectors authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""One check for each of Asio's examples. Its first line of documentation goes into the table."""

import os
import pathlib
import re
import socket
import struct
import subprocess
import threading
import time

from example import (Example, Line, Process, ask_udp, connect, echo_tcp, echo_udp, receive_all,
                     require, until, wait_for_listener)

__all__ = ["CHECKS", "Example", "NOT_COMPILED", "ONCE"]

CHECKS = {}
ONCE = set()  # These do no I/O: they run only on the last backend.

NOT_COMPILED = {
    "cpp17/coroutines_ts/range_based_for":
        "`for co_await`, of the Coroutines TS, is no part of C++20",
}


def check(*names, once=False):
    def add(function):
        for name in names:
            CHECKS[name] = function
            if once:
                ONCE.add(name)
        return function
    return add


def numbered(pattern, numbers):
    return [pattern.format(n) for n in numbers]


# Echo servers

@check("cpp11/allocation/server", "cpp11/echo/async_tcp_echo_server",
       "cpp11/echo/blocking_tcp_echo_server", "cpp11/handler_tracking/async_tcp_echo_server",
       "cpp11/fork/process_per_connection", "cpp11/nonblocking/third_party_lib",
       "cpp11/spawn/echo_server")
def echo_at_a_port_of_choice(e):
    """20 connections of Python's asyncio at a time, 10 messages each"""
    e.start(4711)
    echo_tcp(4711)


@check("cpp17/coroutines_ts/echo_server", "cpp17/coroutines_ts/echo_server_with_as_single_default",
       "cpp17/coroutines_ts/echo_server_with_as_tuple_default",
       "cpp17/coroutines_ts/echo_server_with_default",
       "cpp17/coroutines_ts/refactored_echo_server", "cpp20/coroutines/echo_server",
       "cpp20/coroutines/echo_server_with_as_single_default",
       "cpp20/coroutines/echo_server_with_as_tuple_default",
       "cpp20/coroutines/echo_server_with_default", "cpp20/coroutines/echo_server_with_deferred",
       "cpp20/coroutines/echo_server_with_deferred_default",
       "cpp20/coroutines/refactored_echo_server")
def echo_at_its_port(e):
    """20 connections of Python's asyncio at a time, 10 messages each; ends on SIGTERM"""
    server = e.start()
    echo_tcp(55555)
    server.process.terminate()
    server.end()


@check("cpp20/coroutines/timeout")
def echo_with_timeout(e):
    """20 connections of Python's asyncio at a time; a silent one is closed after 10 s"""
    e.start()
    echo_tcp(54321)
    with connect(54321) as silent:
        silent.settimeout(60)
        silent.sendall(b"x")
        require(silent.recv(10) == b"x", "no echo")
        start = time.monotonic()
        require(silent.recv(10) == b"", "not closed")
        require(time.monotonic() - start > 5, "closed too early")


@check("cpp20/channels/throttling_proxy")
def proxy(e):
    """20 connections of Python's asyncio through it to one of the echo servers"""
    e.start(4712, program="cpp11/echo/async_tcp_echo_server")
    connect(4712).close()
    e.start("127.0.0.1", 4711, "127.0.0.1", 4712)
    echo_tcp(4711)


@check("cpp11/echo/async_udp_echo_server", "cpp11/echo/blocking_udp_echo_server")
def udp_echo(e):
    """20 datagrams"""
    e.start(4711)
    echo_udp(4711)


@check("cpp11/echo/blocking_tcp_echo_client")
def tcp_client(e):
    """asks async_tcp_echo_server"""
    e.start(4711, program="async_tcp_echo_server")
    connect(4711).close()
    client = e.start("127.0.0.1", 4711, stdin=b"hello\n")
    client.expect("Reply is: hello")
    client.end()


@check("cpp11/echo/blocking_udp_echo_client")
def udp_client(e):
    """asks async_udp_echo_server"""
    e.start(4711, program="async_udp_echo_server")
    echo_udp(4711)
    client = e.start("127.0.0.1", 4711, stdin=b"hello\n")
    client.expect("Reply is: hello")
    client.end()


# Chat

@check("cpp11/chat/chat_server", "cpp11/chat/chat_client")
def chat(e):
    """two clients and the server: each message reaches the other client"""
    e.start(4711, program="chat_server")
    connect(4711).close()
    one, other = (e.start("127.0.0.1", 4711, program="chat_client") for _ in range(2))
    def joined():  # Messages reach the other client only after it has joined.
        one.type(b"are you there?\n")
        return "are you there?" in other.output()
    until(joined, "the other client")
    other.type(b"yes\n")
    one.expect("yes")
    one.end()
    other.end()


@check("cpp17/coroutines_ts/chat_server", "cpp20/coroutines/chat_server")
def chat_by_lines(e):
    """three clients that talk in lines on two ports"""
    e.start(4711, 4712)
    one, other, apart = Line(4711), Line(4711), Line(4712)
    one.say("first")
    one.hear("first")  # So it has joined, and the others are about to.
    other.say("second")
    other.hear("first")
    other.hear("second")
    one.hear("second")
    apart.say("alone")
    apart.hear("alone")


# HTTP

@check("cpp11/http/server/main", "cpp03/http/server/main", "cpp03/http/server2/main",
       "cpp03/http/server3/main", "cpp03/http/server4/main")
def http_server(e):
    """curl gets files, 50 at a time, a missing one, and none above the root"""
    threads = [4] if "server2" in e.name or "server3" in e.name else []
    content = os.urandom(100_000)
    e.file("data.txt", content)
    e.file("index.html", b"<p>index</p>")
    e.start("127.0.0.1", 4711, *threads, e.folder)
    connect(4711).close()

    def curl(*arguments):
        return subprocess.run(["curl", "--silent", "--show-error", "--path-as-is", *arguments],
                              stdout=subprocess.PIPE, check=True).stdout
    url = "http://127.0.0.1:4711"
    require(curl(f"{url}/data.txt") == content, "another file")
    require(curl(f"{url}/") == b"<p>index</p>", "no index")
    for path, status in (("/data.txt", b"200"), ("/missing", b"404"), ("/../x", b"400")):
        got = curl("--output", os.devnull, "--write-out", "%{http_code}", url + path)
        require(got == status, f"{path}: {got}, not {status}")
    most = 20 if "server4" in e.name else 200
    for i in range(1, most + 1):
        e.file(f"data{i}.txt", content[i * 100:])
    curl("--fail", "--parallel", "--parallel-max", "50", "--output", e.path("got#1"),
         f"{url}/data[1-{most}].txt")
    for i in range(1, most + 1):
        require(open(e.path(f"got{i}"), "rb").read() == content[i * 100:], f"data{i} differs")


@check("cpp03/http/client/async_client", "cpp03/http/client/sync_client",
       "cpp11/iostreams/http_client", "cpp14/iostreams/http_client")
def http_client(e):
    """gets a file from Asio's HTTP server"""
    e.file("data.txt", b"the file's content")
    e.start("127.0.0.1", 80, e.folder, program="cpp11/http/server/main")
    connect(80).close()
    client = e.start("localhost", "/data.txt")
    client.expect("the file's content")
    client.end()


# SSL

def certificates(e):
    """Creates certificates: Asio's own ones expire on 10 November 2026."""
    run = lambda *a: subprocess.run(["openssl", *a], cwd=e.folder, check=True,
                                    stderr=subprocess.DEVNULL)
    run("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem",
        "-subj", "/CN=authority")
    run("req", "-newkey", "rsa:2048", "-passout", "pass:test", "-keyout", "key.pem",
        "-out", "server.csr", "-subj", "/CN=server")
    run("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
        "-CAcreateserial", "-out", "cert.pem", "-days", "1")
    parts = [open(e.path(name), "rb").read() for name in ("cert.pem", "key.pem")]
    e.file("server.pem", b"".join(parts))
    e.file("dh4096.pem", open(os.path.join(e.sources, "cpp11/ssl/dh4096.pem"), "rb").read())


@check("cpp11/ssl/server")
def ssl_server(e):
    """openssl s_client and Python's ssl verify it and talk to it"""
    certificates(e)
    e.start(4711, cwd=e.folder)
    connect(4711).close()
    client = Process(["openssl", "s_client", "-quiet", "-connect", "127.0.0.1:4711", "-CAfile",
                      e.path("ca.pem"), "-verify_return_error"], b"hello through TLS\n")
    client.expect("hello through TLS")
    client.kill()
    talk_tls(e)


def talk_tls(e):
    import ssl
    context = ssl.create_default_context(cafile=e.path("ca.pem"))
    context.check_hostname = False
    with context.wrap_socket(connect(4711)) as s:
        for i in range(20):
            s.sendall(b"message %d" % i)
            require(s.recv(100) == b"message %d" % i, "no echo through TLS")


@check("cpp11/ssl/client")
def ssl_client(e):
    """verifies Asio's SSL server and talks to it"""
    certificates(e)
    e.start(4711, program="server", cwd=e.folder)
    connect(4711).close()
    client = e.start("127.0.0.1", 4711, cwd=e.folder, stdin=b"hello\n")
    client.expect("Verifying", "Reply: hello")
    client.end()


# Local sockets

@check("cpp11/local/stream_server", "cpp11/local/stream_client", "cpp11/local/iostream_client")
def local_echo(e):
    """the server, and both clients of it"""
    path = e.path("socket")
    e.start(path, program="stream_server")
    wait_for_listener(path)
    for program in ("stream_client", "iostream_client"):
        client = e.start(path, program=program, stdin=b"hello\n")
        client.expect("Reply is: hello")
        client.end()


@check("cpp11/local/fd_passing_stream_server", "cpp11/local/fd_passing_stream_client")
def fd_passing(e):
    """the client writes to the file that the server opens"""
    path, target = e.path("socket"), e.path("target")
    e.start(path, program="fd_passing_stream_server")
    wait_for_listener(path)
    client = e.start(path, program="fd_passing_stream_client", stdin=target.encode() + b"\n")
    client.expect("File descriptor received is")
    client.end()
    require("writing to received fd" in open(target, encoding="utf-8").read(), "nothing written")


@check("cpp11/local/connect_pair")
def connect_pair(e):
    """what is typed comes back in capitals"""
    filter_ = e.start(stdin=b"hello\n")
    filter_.expect("Result: HELLO")
    filter_.type(b"again\n")
    filter_.expect("Result: AGAIN")
    filter_.kill()


# Composed operations

@check(*numbered("cpp11/operations/composed_{}", range(1, 9)),
       *numbered("cpp14/operations/composed_{}", range(1, 9)),
       *numbered("cpp20/operations/composed_{}", range(1, 9)))
def composed(e):
    """its messages arrive, sent with each of three completion tokens"""
    number = int(e.name[-1])
    repeats = 6 if number == 6 else 5 if number > 6 else 1  # The sixth repeats five times.
    messages = [f"Testing {token}\r\n" * repeats
                for token in ("callback", "deferred", "future")]
    messages = {4: [""] * 3, 5: ["123456", "abcdef", "654.321"]}.get(number, messages)
    program = e.start()
    for message in messages:
        received = receive_all(55555).decode()
        require(received == message, f"{received!r}, not {message!r}")
    output = program.end()
    outcome = "Invalid argument" if number == 4 else "sent|transferred"  # 4: empty is refused.
    require(len(output.splitlines()) == len(re.findall(outcome, output)) == 3, output)


@check("cpp14/operations/callback_wrapper", "cpp14/operations/c_callback_wrapper",
       "cpp20/operations/callback_wrapper", "cpp20/operations/c_callback_wrapper", once=True)
def wrapper(e):
    """three names that are typed, three greetings; no I/O of Asio's"""
    program = e.start(stdin=b"Ada\nGrace\nBarbara\n")
    program.expect("Hello Ada", "Hello Grace", "Hello Barbara")
    program.end()


# Timers, groups, deferred operations

@check("cpp11/deferred/deferred_1", "cpp14/deferred/deferred_1")
def deferred_once(e):
    """its timer expires"""
    program = e.start()
    program.expect("timer wait finished: Success")
    program.end()


@check("cpp11/deferred/deferred_2", *numbered("cpp14/deferred/deferred_{}", range(2, 8)))
def deferred_twice(e):
    """both timers expire, one after the other"""
    program = e.start()
    program.expect("first timer wait finished: Success", "second timer wait finished: Success")
    program.end()


@check("cpp11/timers/time_t_timer")
def time_t_timer(e):
    """waits twice, five seconds each"""
    program = e.start()
    program.expect("Starting synchronous wait", "Finished synchronous wait",
                   "Starting asynchronous wait", "timeout", "Finished asynchronous wait")
    program.end()


@check(*numbered("cpp{}/parallel_group/wait_for_one", (11, 14)),
       *numbered("cpp{}/parallel_group/wait_for_one_success", (11, 14)),
       *numbered("cpp{}/parallel_group/wait_for_one_error", (11, 14)),
       *numbered("cpp{}/parallel_group/wait_for_all", (11, 14)))
def group(e):
    """what is typed comes before the timer"""
    program = e.start(stdin=b"typed\n")
    program.expect("descriptor finished: system:0, 6")
    program.end()


@check(*numbered("cpp{}/parallel_group/ranged_wait_for_all", (11, 14)))
def group_of_writes(e):
    """both writes succeed"""
    program = e.start()
    program.expect("first")
    program.expect("second")
    program.expect("operation 0 finished: system:0, 7")
    program.expect("operation 1 finished: system:0, 8")
    program.end()


@check("cpp11/type_erasure/main", "cpp20/type_erasure/main")
def type_erasure(e):
    """what is typed comes back, line by line, a second apart"""
    program = e.start(stdin=b"one\ntwo\nthree\n")
    program.expect("one")
    first = time.monotonic()
    program.expect("one", "two", "three")
    require(time.monotonic() - first > 1.5, "all at once")
    program.kill()


# Timeouts

@check("cpp11/timeouts/server", "cpp11/timeouts/blocking_tcp_client",
       "cpp11/timeouts/blocking_token_tcp_client", "cpp11/timeouts/blocking_udp_client",
       "cpp11/timeouts/async_tcp_client")
def timeouts(e):
    """the server and its clients: messages reach all of them, by TCP and by UDP"""
    udp = e.start("127.0.0.1", 4712, program="blocking_udp_client")
    e.start(4711, "127.0.0.1", 4712, program="server")
    connect(4711).close()
    listener = e.start("127.0.0.1", 4711, program="async_tcp_client")
    listener.expect("Connected to 127.0.0.1:4711")
    for program in ("blocking_tcp_client", "blocking_token_tcp_client"):
        client = e.start("127.0.0.1", 4711, f"from {program}", program=program)
        client.expect(r"Round trip time: \d+ microseconds")
        client.end()
        listener.expect(f"Received: from {program}")
    udp.expect("Received: from blocking_tcp_client")


# UDP

DATE = rb"\w+ \w+ +\d+ \d\d:\d\d:\d\d \d{4}\n"


@check("cpp11/fork/daemon", "cpp11/futures/daytime_client")
def daemon(e):
    """the daemon tells the client the time; also 20 datagrams of Python's"""
    e.start(program="cpp11/fork/daemon").end()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.connect(("127.0.0.1", 13))
        for _ in range(20):
            require(ask_udp(s, b"?").count(b":") == 2, "no time")
    client = e.start("localhost", program="cpp11/futures/daytime_client")
    client.expect(r"\d\d:\d\d:\d\d")
    client.end()
    pathlib.Path("/tmp/asio.daemon.out").unlink(missing_ok=True)


@check("cpp11/multicast/sender", "cpp11/multicast/receiver")
def multicast(e):
    """ten messages a second apart, of which the last ones must arrive"""
    receiver = e.start("0.0.0.0", "239.255.0.1", program="receiver")
    sender = e.start("239.255.0.1", program="sender")
    receiver.expect("Message 8", "Message 9")
    sender.end()


# Others

@check("cpp11/buffers/reference_counted")
def reference_counted(e):
    """tells the time to 50 connections"""
    e.start(4711)
    for _ in range(50):
        require(receive_all(4711).count(b":") == 2, "no time")


@check("cpp11/files/async_file_copy", "cpp11/files/blocking_file_copy")
def file_copy(e):
    """copies a megabyte"""
    content = os.urandom(1_000_000)
    e.start(e.file("from", content), e.path("to")).end()
    require(open(e.path("to"), "rb").read() == content, "another content")


@check("cpp11/invocation/prioritised_handlers")
def prioritised(e):
    """calls its handlers in the order of their priority"""
    program = e.start()
    program.expect("High priority handler", "Middle priority handler", "Low priority handler")
    program.end()


@check("cpp11/socks4/sync_client")
def socks4(e):
    """gets a page through a SOCKS 4 server of Python's"""
    listener = socket.create_server(("127.0.0.1", 1080))

    def serve():
        s, _ = listener.accept()
        with s:
            version, command, port = struct.unpack(">BBH", s.recv(4096)[:4])
            s.sendall(struct.pack(">BBHI", 0, 90, port, 0))
            if (version, command, port) == (4, 1, 80) and s.recv(4096).startswith(b"GET / HTTP"):
                s.sendall(b"HTTP/1.0 200 OK\r\n\r\nthe page")
    threading.Thread(target=serve, daemon=True).start()
    client = e.start("127.0.0.1", 1080, "somebody")
    client.expect("the page")
    client.end()


@check("cpp11/spawn/parallel_grep", once=True)
def grep(e):
    """finds a word in two of three files; no I/O of Asio's"""
    files = [e.file(name, b"x\n" * 100 + line)
             for name, line in (("a", b"a needle\n"), ("b", b"hay\n"), ("c", b"needle\n"))]
    output = e.start("needle", *files).end()
    require(output.count("needle\n") == 2, output)


@check("cpp11/executors/bank_account_1", "cpp11/executors/bank_account_2",
       "cpp14/executors/bank_account_1", "cpp14/executors/bank_account_2", once=True)
def bank_account(e):
    """its balance; no I/O"""
    program = e.start()
    program.expect("balance = 10")
    program.end()


@check("cpp11/executors/fork_join", "cpp14/executors/fork_join", once=True)
def fork_join(e):
    """sorts a million numbers; no I/O"""
    program = e.start(1_000_000)
    program.expect("sort took")
    program.end()


@check("cpp11/executors/actor", "cpp14/executors/actor", once=True)
def actor(e):
    """runs to its end; no I/O"""
    e.start().end()


@check("cpp11/executors/pipeline", "cpp14/executors/pipeline", once=True)
def pipeline(e):
    """long lines that are typed come back in capitals; no I/O of Asio's"""
    program = e.start(stdin=b"short\nlong enough\nand another\n")
    output = program.end()
    require("LONG ENOUGH" in output and "AND ANOTHER" in output and "SHORT" not in output, output)


@check("cpp11/executors/priority_scheduler", "cpp14/executors/priority_scheduler", once=True)
def priorities(e):
    """calls its functions in the order of their priority; no I/O"""
    program = e.start()
    program.expect("333\n", "22\n", "11\n")
    program.end()


@check("cpp14/executors/async_1", "cpp14/executors/async_2", once=True)
def async_lines(e):
    """what is typed comes back; no I/O of Asio's"""
    program = e.start(stdin=b"typed\n\n")
    program.expect("Line.*typed")
    program.end()


@check("cpp14/parallel_group/parallel_sort", once=True)
def parallel_sort(e):
    """sorts its numbers; no I/O"""
    program = e.start()
    program.expect("sort took")
    program.end()
