// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Boost.Process v2 starts programs, some of which do not exist, while other threads run the
// context. It notifies that context of each fork, but no other context. A second, global context is
// destroyed without a notification when a child exits because it cannot execute its program.

#include "busy_context.hpp"
#include "storm.hpp"

#include <boost/process/v2/posix/vfork_launcher.hpp>
#include <boost/process/v2/process.hpp>
#include <boost_selectors/asio.hpp>

namespace process = boost::process::v2;

namespace {

/// A context with a thread that waits.
struct waiting_context {
    forks::asio::io_context context;
    forks::asio::local::stream_protocol::socket one{context}, two{context};
    std::thread* thread; ///< A child has none.

    waiting_context() {
        forks::asio::local::connect_pair(one, two);
        one.async_wait(one.wait_read, [](boost::system::error_code) {});
        thread = new std::thread([this] { context.run(); });
    }
    void stop() {
        context.stop();
        thread->join();
        delete thread;
    }
};

std::unique_ptr<waiting_context> other; // Global: destroyed if a child exits.

/// @return whether a child still runs after ten seconds.
bool children_hang() {
    auto const end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    for (;;) {
        ::pid_t const ended = ::waitpid(-1, nullptr, WNOHANG);
        if (ended == -1) // No child is left.
            return false;
        if (ended == 0 && std::chrono::steady_clock::now() > end)
            return true;
        if (ended == 0)
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
}

/// @return whether the program ran, or did not exist, as expected.
template <class Launcher>
bool start(forks::asio::io_context& context, char const* program, bool exists) {
    boost::system::error_code ec;
    process::process child =
        Launcher()(context.get_executor(), ec, program, std::vector<std::string>());
    if (ec)
        return !exists;
    return child.wait(ec) == 0 && !ec && exists;
}

} // namespace

int main() {
    ::setpgid(0, 0);
    ::alarm(600); // If a start hangs, the signal ends this program.
    other = std::make_unique<waiting_context>();
    int failed = 0;
    bool alive;
    {
        forks::busy_context busy;
        for (int i = 0; i < forks::count(); ++i) {
            failed += !start<process::posix::default_launcher>(busy.context, "/bin/true", true);
            failed += !start<process::posix::default_launcher>(busy.context, "/no/such", false);
            failed += !start<process::posix::vfork_launcher>(busy.context, "/bin/true", true);
        }
        alive = busy.goes_on();
        busy.stop();
    }
    other->stop();
    bool const hung = children_hang();
    std::printf("%s: %d starts, %d failed%s%s\n",
        std::string(boost_selectors::make_selector()->name()).c_str(), 3 * forks::count(), failed,
        alive ? "" : ", the parent was disturbed", hung ? ", children hang" : "");
    std::fflush(stdout);
    if (hung) // Otherwise the reader of their output would wait for them.
        ::kill(0, SIGKILL);
    return failed == 0 && alive ? 0 : 1;
}
