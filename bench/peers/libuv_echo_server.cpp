// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// An echo server on libuv.
//
//   libuv_echo_server BUFFER [once]

#include <cstdio>
#include <cstdlib>
#include <uv.h>
#include <vector>

namespace {

std::size_t buffer;
bool once; ///< Each connection is closed after one message.

struct connection {
    uv_tcp_t stream;
    uv_write_t request;
    std::vector<char> data;
};

void check(int result, char const* what) {
    if (result < 0) {
        std::fprintf(stderr, "%s: %s\n", what, uv_strerror(result));
        std::exit(1);
    }
}

void end(connection* c) {
    uv_close(reinterpret_cast<uv_handle_t*>(&c->stream),
        [](uv_handle_t* handle) { delete static_cast<connection*>(handle->data); });
}

void on_read(uv_stream_t* stream, ssize_t n, uv_buf_t const* data);

void read(connection* c) {
    uv_read_start(
        reinterpret_cast<uv_stream_t*>(&c->stream),
        [](uv_handle_t* handle, size_t, uv_buf_t* out) {
            auto* const self = static_cast<connection*>(handle->data);
            *out = uv_buf_init(self->data.data(), static_cast<unsigned>(self->data.size()));
        },
        on_read);
}

void on_read(uv_stream_t* stream, ssize_t n, uv_buf_t const*) {
    auto* const c = static_cast<connection*>(stream->data);
    if (n < 0)
        return end(c);
    if (n == 0)
        return;
    uv_buf_t out = uv_buf_init(c->data.data(), static_cast<unsigned>(n));
    int const done = uv_try_write(stream, &out, 1); // Writes what fits without waiting.
    if (done == n)
        return once ? end(c) : void();
    if (done > 0)
        out = uv_buf_init(c->data.data() + done, static_cast<unsigned>(n - done));
    uv_read_stop(stream); // The data is in use until it is written.
    c->request.data = c;
    uv_write(&c->request, stream, &out, 1, [](uv_write_t* request, int status) {
        auto* const self = static_cast<connection*>(request->data);
        if (status < 0 || once)
            end(self);
        else
            read(self);
    });
}

void on_connection(uv_stream_t* listener, int status) {
    if (status < 0)
        return;
    auto* const c = new connection;
    c->data.resize(buffer);
    uv_tcp_init(listener->loop, &c->stream);
    c->stream.data = c;
    if (uv_accept(listener, reinterpret_cast<uv_stream_t*>(&c->stream)) < 0)
        return end(c);
    uv_tcp_nodelay(&c->stream, 1);
    read(c);
}

} // namespace

int main(int argc, char** argv) {
    once = argc > 2;
    buffer = std::strtoul(argv[1], nullptr, 10);
    uv_loop_t* const loop = uv_default_loop();
    uv_tcp_t listener;
    uv_tcp_init(loop, &listener);
    sockaddr_in address;
    uv_ip4_addr("127.0.0.1", 0, &address);
    check(uv_tcp_bind(&listener, reinterpret_cast<sockaddr*>(&address), 0), "bind");
    check(uv_listen(reinterpret_cast<uv_stream_t*>(&listener), SOMAXCONN, on_connection), "listen");
    int size = sizeof address;
    check(uv_tcp_getsockname(&listener, reinterpret_cast<sockaddr*>(&address), &size), "name");
    std::printf("listening %d\n", ntohs(address.sin_port));
    std::fflush(stdout);
    return uv_run(loop, UV_RUN_DEFAULT);
}
