// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A sandbox that permits only the system calls of Linux 4.18. The selectors and Asio work without
// the others, whichever error the sandbox returns.

#define BOOST_TEST_MODULE sandbox
#include "../asio/support.hpp"
#include "../seccomp.hpp"
#include <boost_selectors/asio.hpp>
#include <boost_selectors/selectors.hpp>
#include <future>
#include <sys/syscall.h>

namespace {

using namespace asio_test;
using boost_selectors::base_selector;
using boost_selectors::event;
using boost_selectors::selector_context;

/// Makes all newer system calls of this process fail. It cannot be undone.
void enter_sandbox(int error) {
    // The C library creates threads by clone3(), and falls back to clone() only after ENOSYS.
    unsigned const spared = error == ENOSYS ? 0 : SYS_clone3;
    boost_selectors::test::install_filter({
        boost_selectors::test::load(offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, spared, 1, 0),
        BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, SYS_rseq, 1, 0), // The newest of 4.18.
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_RET | BPF_K, boost_selectors::test::refusal(error)),
    });
}

bool is_refused(int error) {
    return ::syscall(SYS_pidfd_open, ::getpid(), 0) == -1 && errno == error;
}

/// Readiness, a timed wait, and a wake-up.
bool works(base_selector& selector) {
    asio::io_context other; // For sockets alone.
    auto pair = connect_local(other);
    selector.register_handle(pair.first.native_handle(), event::read);
    bool good = selector.select(3ms).empty();
    send(pair.second, "x");
    good = good && selector.select(deadline).size() == 1;
    steal(pair.first.native_handle());
    std::thread waker([&] { selector.wakeup(); });
    good = good && selector.select(deadline).empty();
    waker.join();
    selector.unregister(pair.first.native_handle());
    return good;
}

/// Sockets, a timer, and operations that Asio runs on threads.
bool works(asio::io_context& context) {
    auto pair = connect_tcp(context);
    outcome read, waited;
    char data;
    pair.first.async_read_some(asio::buffer(&data, 1), into(read));
    asio::steady_timer timer(context, 3ms);
    timer.async_wait(into(waited));
    poll_often(context);
    send(pair.second, "x");
    run(context);
    asio::thread_pool pool(1);
    asio::steady_timer pools(pool, 3ms);
    std::promise<error_code> pool_waited, system_waited;
    pools.async_wait([&](error_code ec) { pool_waited.set_value(ec); });
    asio::steady_timer systems(asio::system_executor(), 3ms);
    systems.async_wait([&](error_code ec) { system_waited.set_value(ec); });
    bool const good = !pool_waited.get_future().get() && !system_waited.get_future().get();
    pool.join();
    return good && read.succeeded() && waited.succeeded();
}

constexpr int answers[] = {ENOSYS, EPERM, EACCES};

} // namespace

BOOST_AUTO_TEST_CASE(every_selector_that_is_available_works) {
    for (int const answer : answers)
        BOOST_TEST(in_child([answer] {
            enter_sandbox(answer);
            bool good = is_refused(answer);
            for (std::string const& name : boost_selectors::available_selectors()) {
                auto const selector = boost_selectors::make_selector(name);
                good = good && name != "io_uring" && works(*selector);
            }
            return good && boost_selectors::make_selector()->name() == "epoll";
        }),
            "errno " << answer);
}

BOOST_AUTO_TEST_CASE(asio_works_on_every_selector_that_is_available) {
    for (int const answer : answers)
        BOOST_TEST(in_child([answer] {
            enter_sandbox(answer);
            selector_context context;
            return is_refused(answer) && works(context);
        }),
            "errno " << answer);
}

BOOST_AUTO_TEST_CASE(what_exists_already_goes_on) {
    for (int const answer : answers)
        for (char const* const name : {"epoll", "poll", "select"})
            BOOST_TEST(in_child([=] {
                auto const selector = boost_selectors::make_selector(name);
                selector_context context(boost_selectors::make_selector(name));
                selector->select(1ms);
                enter_sandbox(answer);
                return works(*selector) && works(context);
            }),
                name << ", errno " << answer);
}
