// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Pipes, terminals, files and other descriptors behave as Boost.Asio documents. Descriptors that
// epoll refuses to watch behave as with Asio's epoll reactor.

#define BOOST_TEST_MODULE asio_descriptor
#include "support.hpp"

#include <array>
#include <csignal>
#include <optional>
#include <sys/eventfd.h>
#include <vector>

using namespace asio_test;
using asio::posix::stream_descriptor;
namespace error = asio::error;
using boost::unit_test::precondition;

namespace {

/// Ignores SIGPIPE, as any program that writes to pipes must.
struct no_broken_pipe_signal {
    no_broken_pipe_signal() { std::signal(SIGPIPE, SIG_IGN); }
};

struct connected_pipe {
    asio::io_context context;
    asio::readable_pipe reader{context};
    asio::writable_pipe writer{context};
    std::array<char, 64> data{};

    connected_pipe() { asio::connect_pipe(reader, writer); }
};

/// A regular file without a name.
int make_file(std::string_view content) {
    std::FILE* const file = std::tmpfile();
    int const fd = ::dup(::fileno(file));
    std::fclose(file);
    BOOST_REQUIRE(::write(fd, content.data(), content.size()) == ssize_t(content.size()));
    ::lseek(fd, 0, SEEK_SET);
    return fd;
}

/// The controlling side of a new pseudoterminal, or -1.
int open_terminal() {
    int const fd = ::posix_openpt(O_RDWR | O_NOCTTY);
    if (fd != -1 && (::grantpt(fd) == -1 || ::unlockpt(fd) == -1)) {
        ::close(fd);
        return -1;
    }
    return fd;
}

boost::test_tools::assertion_result has_terminals(boost::unit_test::test_unit_id) {
    int const fd = open_terminal();
    boost::test_tools::assertion_result result(fd != -1);
    result.message() << "pseudoterminals: " << std::strerror(errno);
    if (fd != -1)
        ::close(fd);
    return result;
}

/// Whether the selector watches regular files. epoll and kqueue refuse them; Asio then reads and
/// writes them without waiting.
bool watches_files() {
    return boost_selectors::make_selector()->get_capabilities().regular_files;
}

} // namespace

BOOST_TEST_GLOBAL_FIXTURE(no_broken_pipe_signal);

BOOST_AUTO_TEST_SUITE(pipes)

BOOST_AUTO_TEST_CASE(what_is_written_into_a_pipe_can_be_read) {
    connected_pipe p;
    outcome read, written;
    p.reader.async_read_some(asio::buffer(p.data), into(read));
    poll_often(p.context);
    BOOST_TEST(read.calls == 0);
    asio::async_write(p.writer, asio::buffer("hello", 5), into(written));
    run(p.context);
    BOOST_TEST(written.succeeded());
    BOOST_TEST(text(p.data, read.value) == "hello");
}

BOOST_AUTO_TEST_CASE(more_than_a_pipe_holds_goes_through_it) {
    connected_pipe p;
    std::string const sent(1'000'000, 'p');
    std::string got(sent.size(), 0);
    outcome read, written;
    asio::async_write(p.writer, asio::buffer(sent), into(written));
    asio::async_read(p.reader, asio::buffer(got), into(read));
    run(p.context);
    BOOST_TEST(written.succeeded());
    BOOST_TEST((got == sent));
}

BOOST_AUTO_TEST_CASE(a_write_to_a_full_pipe_waits_until_it_is_read) {
    connected_pipe p;
    std::vector<char> sink(fill(p.writer));
    outcome written;
    p.writer.async_write_some(asio::buffer("x", 1), into(written));
    poll_often(p.context);
    BOOST_TEST(written.calls == 0);
    asio::read(p.reader, asio::buffer(sink));
    run(p.context);
    BOOST_TEST(written.succeeded());
}

BOOST_AUTO_TEST_CASE(the_end_of_a_pipe_is_told) {
    connected_pipe p;
    outcome before, end, after;
    p.reader.async_read_some(asio::buffer(p.data), into(before));
    send(p.writer, "x");
    run(p.context);
    BOOST_TEST(before.succeeded());
    p.reader.async_read_some(asio::buffer(p.data), into(end));
    poll_often(p.context);
    BOOST_TEST(end.calls == 0);
    p.writer.close();
    run(p.context);
    BOOST_TEST(end.failed(error::eof));
    p.reader.async_read_some(asio::buffer(p.data), into(after));
    run(p.context);
    BOOST_TEST(after.failed(error::eof));
}

BOOST_AUTO_TEST_CASE(a_waiting_write_learns_that_the_reader_is_gone) {
    connected_pipe p;
    fill(p.writer);
    outcome written;
    p.writer.async_write_some(asio::buffer("x", 1), into(written));
    poll_often(p.context);
    BOOST_TEST(written.calls == 0);
    p.reader.close();
    run(p.context);
    BOOST_TEST(written.failed(error::broken_pipe));
}

BOOST_AUTO_TEST_CASE(a_wait_at_a_pipe_ends_when_it_is_ready) {
    connected_pipe p;
    outcome writable, readable;
    stream_descriptor reader(p.context, p.reader.release());
    stream_descriptor writer(p.context, p.writer.release());
    writer.async_wait(stream_descriptor::wait_write, into(writable));
    reader.async_wait(stream_descriptor::wait_read, into(readable));
    BOOST_TEST(run_until(p.context, [&] { return writable.calls > 0; }));
    poll_often(p.context);
    BOOST_TEST(readable.calls == 0);
    send(writer, "x");
    run(p.context);
    BOOST_TEST(readable.succeeded());
}

BOOST_AUTO_TEST_CASE(cancelling_closing_and_releasing_a_pipe_abort_what_waits) {
    connected_pipe cancelled, closed, released;
    outcome at_cancelled, at_closed, at_released, by_slot;
    asio::cancellation_signal signal;
    cancelled.reader.async_read_some(asio::buffer(cancelled.data), into(at_cancelled));
    closed.reader.async_read_some(asio::buffer(closed.data), into(at_closed));
    released.reader.async_read_some(asio::buffer(released.data), into(at_released));
    cancelled.reader.cancel();
    closed.reader.close();
    ::close(released.reader.release());
    for (connected_pipe* p : {&cancelled, &closed, &released})
        run(p->context);
    BOOST_TEST(at_cancelled.aborted());
    BOOST_TEST(at_closed.aborted());
    BOOST_TEST(at_released.aborted());
    cancelled.reader.async_read_some(
        asio::buffer(cancelled.data), asio::bind_cancellation_slot(signal.slot(), into(by_slot)));
    poll_often(cancelled.context);
    signal.emit(asio::cancellation_type::all);
    run(cancelled.context);
    BOOST_TEST(by_slot.aborted());
}

BOOST_AUTO_TEST_CASE(a_moved_pipe_keeps_its_waiting_operations) {
    connected_pipe p;
    outcome read;
    p.reader.async_read_some(asio::buffer(p.data), into(read));
    poll_often(p.context);
    asio::readable_pipe moved(std::move(p.reader));
    send(p.writer, "x");
    run(p.context);
    BOOST_TEST(read.succeeded());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(descriptors)

BOOST_AUTO_TEST_CASE(an_event_descriptor_can_be_read_when_it_was_signalled) {
    asio::io_context context;
    stream_descriptor descriptor(context, ::eventfd(0, EFD_CLOEXEC));
    std::uint64_t count = 0;
    outcome read;
    descriptor.async_read_some(asio::buffer(&count, sizeof count), into(read));
    poll_often(context);
    BOOST_TEST(read.calls == 0);
    BOOST_TEST(::eventfd_write(descriptor.native_handle(), 42) == 0);
    run(context);
    BOOST_TEST(read.succeeded());
    BOOST_TEST(count == 42u);
}

BOOST_AUTO_TEST_CASE(assigning_a_closed_descriptor_fails_at_once) {
    asio::io_context context;
    stream_descriptor descriptor(context);
    int const fd = ::eventfd(0, EFD_CLOEXEC);
    ::close(fd);
    error_code ec;
    descriptor.assign(fd, ec);
    BOOST_TEST(ec == error::bad_descriptor);
    BOOST_TEST(!descriptor.is_open());
}

BOOST_AUTO_TEST_CASE(a_descriptor_can_be_released_and_assigned_again) {
    asio::io_context context;
    stream_descriptor descriptor(context, ::eventfd(0, EFD_CLOEXEC));
    for (int i = 0; i < 3; ++i) {
        std::uint64_t count = 0;
        outcome aborted, read;
        descriptor.async_read_some(asio::buffer(&count, sizeof count), into(aborted));
        poll_often(context);
        descriptor.assign(descriptor.release());
        descriptor.async_read_some(asio::buffer(&count, sizeof count), into(read));
        ::eventfd_write(descriptor.native_handle(), 1);
        run(context);
        BOOST_TEST(aborted.aborted());
        BOOST_TEST(read.succeeded());
    }
}

BOOST_AUTO_TEST_CASE(a_selector_in_a_selector_tells_of_readiness, *precondition(is_pollable)) {
    asio::io_context context;
    connected_pipe p;
    auto inner = boost_selectors::make_selector();
    inner->register_handle(p.reader, boost_selectors::event::read);
    stream_descriptor descriptor(context, ::dup(inner->native_handle()));
    outcome ready;
    descriptor.async_wait(stream_descriptor::wait_read, into(ready));
    poll_often(context);
    BOOST_TEST(ready.calls == 0);
    send(p.writer, "x");
    run(context);
    BOOST_TEST(ready.succeeded());
    BOOST_TEST(inner->select(0s).size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(files)

BOOST_AUTO_TEST_CASE(a_regular_file_can_be_read_to_its_end) {
    asio::io_context context;
    stream_descriptor file(context, make_file("content"));
    std::array<char, 64> data{};
    outcome read, end;
    file.async_read_some(asio::buffer(data), into(read));
    run(context);
    BOOST_TEST(read.succeeded());
    BOOST_TEST(text(data, read.value) == "content");
    file.async_read_some(asio::buffer(data), into(end));
    run(context);
    BOOST_TEST(end.failed(error::eof));
}

BOOST_AUTO_TEST_CASE(a_large_regular_file_can_be_written_and_read) {
    asio::io_context context;
    stream_descriptor file(context, make_file(""));
    std::string const written(300'000, 'f');
    std::string got;
    outcome wrote, read;
    asio::async_write(file, asio::buffer(written), into(wrote));
    run(context);
    BOOST_TEST(wrote.succeeded());
    ::lseek(file.native_handle(), 0, SEEK_SET);
    asio::async_read(file, asio::dynamic_buffer(got), into(read));
    run(context);
    BOOST_TEST(read.failed(error::eof));
    BOOST_TEST((got == written));
}

BOOST_AUTO_TEST_CASE(a_regular_file_may_be_read_on_and_on_in_handlers) {
    asio::io_context context;
    stream_descriptor file(context, make_file(std::string(1000, 'x')));
    char letter = 0;
    int reads = 0;
    error_code last;
    std::function<void(error_code, std::size_t)> on_read = [&](error_code ec, std::size_t) {
        last = ec;
        if (!ec) {
            ++reads;
            file.async_read_some(asio::buffer(&letter, 1), on_read);
        }
    };
    file.async_read_some(asio::buffer(&letter, 1), on_read);
    run(context);
    BOOST_TEST(reads == 1000);
    BOOST_TEST(last == error::eof);
}

BOOST_AUTO_TEST_CASE(waiting_for_a_regular_file_is_not_supported_where_it_cannot_be_watched) {
    for (auto what : {stream_descriptor::wait_read, stream_descriptor::wait_write}) {
        asio::io_context context;
        stream_descriptor file(context, make_file("content"));
        outcome waited;
        file.async_wait(what, into(waited));
        run(context);
        BOOST_TEST(waited.calls == 1);
        if (watches_files())
            BOOST_TEST(!waited.ec);
        else
            BOOST_TEST(waited.ec == error::operation_not_supported);
    }
}

#if defined(__GLIBC__)
BOOST_AUTO_TEST_CASE(a_file_may_be_larger_than_a_program_of_32_bits_can_tell) {
    std::FILE* const large = ::tmpfile64();
    BOOST_REQUIRE(::ftruncate64(::fileno(large), std::int64_t{3} << 30) == 0);
    asio::io_context context;
    stream_descriptor file(context, ::dup(::fileno(large)));
    std::fclose(large);
    char byte = 'x';
    outcome read;
    file.async_read_some(asio::buffer(&byte, 1), into(read));
    run(context);
    BOOST_TEST(read.succeeded());
    BOOST_TEST(byte == '\0');
}
#endif

BOOST_AUTO_TEST_CASE(devices_without_readiness_can_be_read_and_written) {
    asio::io_context context;
    stream_descriptor zero(context, ::open("/dev/zero", O_RDONLY | O_CLOEXEC));
    stream_descriptor null(context, ::open("/dev/null", O_WRONLY | O_CLOEXEC));
    std::array<char, 64> data;
    data.fill('x');
    outcome read, written;
    asio::async_read(zero, asio::buffer(data), into(read));
    asio::async_write(null, asio::buffer(data), into(written));
    run(context);
    BOOST_TEST(read.succeeded());
    BOOST_TEST(text(data, 64) == std::string(64, '\0'));
    BOOST_TEST(written.succeeded());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(terminals, *precondition(has_terminals))

BOOST_AUTO_TEST_CASE(a_serial_port_reads_and_writes) {
    asio::io_context context;
    stream_descriptor line(context, open_terminal());
    asio::serial_port port(context, ::ptsname(line.native_handle()));
    port.set_option(asio::serial_port::baud_rate(9600));
    std::array<char, 64> data{};
    outcome read, written, read_back;
    port.async_read_some(asio::buffer(data), into(read));
    poll_often(context);
    BOOST_TEST(read.calls == 0);
    send(line, "ping");
    run(context);
    BOOST_TEST(text(data, read.value) == "ping");
    asio::async_write(port, asio::buffer("pong", 4), into(written));
    line.async_read_some(asio::buffer(data), into(read_back));
    run(context);
    BOOST_TEST(written.succeeded());
    BOOST_TEST(text(data, read_back.value) == "pong");
}

BOOST_AUTO_TEST_CASE(closing_a_serial_port_aborts_what_waits) {
    asio::io_context context;
    stream_descriptor line(context, open_terminal());
    asio::serial_port port(context, ::ptsname(line.native_handle()));
    std::array<char, 64> data{};
    outcome read;
    port.async_read_some(asio::buffer(data), into(read));
    poll_often(context);
    port.close();
    run(context);
    BOOST_TEST(read.aborted());
}

BOOST_AUTO_TEST_CASE(a_read_learns_that_the_other_side_of_a_terminal_is_gone) {
    asio::io_context context;
    std::optional<stream_descriptor> line(std::in_place, context, open_terminal());
    asio::serial_port port(context, ::ptsname(line->native_handle()));
    std::array<char, 64> data{};
    outcome read;
    port.async_read_some(asio::buffer(data), into(read));
    poll_often(context);
    line.reset();
    run(context);
    BOOST_TEST(read.failed(error::eof));
}

BOOST_AUTO_TEST_SUITE_END()
