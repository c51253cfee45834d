// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// An Asio program on a selector whose backend fails or throws, at each of its calls. Every
// operation completes, with or without an error. Afterwards backend, selector and reactor agree.

#define BOOST_TEST_MODULE faults_asio
#include "../asio/support.hpp"
#include "faulty_backend.hpp"
#include <boost_selectors/asio.hpp>
#include <csignal>
#include <deque>
#include <sstream>
#include <vector>

namespace boost_selectors::test {

/// Inspects the state of a reactor.
struct reactor_inspector {
    /// Describes how the reactor and its selector disagree; empty if they agree.
    static std::string disagreement(asio_test::asio::io_context& context) {
        auto& reactor = asio_test::asio::use_service<selector_reactor>(context);
        std::size_t armed = 0;
        std::ostringstream found;
        reactor.descriptors_.for_each([&](detail::descriptor_state& s) {
            std::lock_guard const lock(s.mutex);
            if (s.armed != event::none) {
                ++armed;
                auto const key = reactor.selector_.find(s.descriptor);
                if (s.closed() || !key || key->data != s.identity ||
                    key->wanted != interest(s.armed, s.mode))
                    found << "armed, but not registered so: " << s.descriptor << '\n';
            }
            event unwatched = s.waited_for() & ~s.armed;
            if (!reactor.has_priority_)
                unwatched &= ~event::priority;
            if (unwatched != event::none && !s.next_paused)
                found << "waits, but is not watched: " << s.descriptor << '\n';
        });
        if (armed != reactor.selector_.get_map().size())
            found << "registered, but not armed\n";
        return found.str();
    }
};

} // namespace boost_selectors::test

namespace {

using namespace asio_test;
using boost_selectors::selector_context;
using boost_selectors::test::reactor_inspector;
using faults::faulty_backend;

/// Starts an operation of each kind, and runs until all have completed.
class program {
public:
    explicit program(faults::plan& p)
        : context_(std::in_place_type<faulty_backend>, p) {}

    void run() {
        accept_and_connect();
        start_what_ends_by_itself();
        start_what_is_cancelled();
        let_all_come_to_an_end();
        cancelled_.clear();
        check();
        for (auto& pair : pairs_)
            exchange(pair);
        check();
    }

private:
    /// A handler that counts.
    auto done() {
        ++started_;
        return [this](error_code, auto...) { ++finished_; };
    }

    void accept_and_connect() {
        acceptor_.async_accept(accepted_, done());
        connected_.async_connect(acceptor_.local_endpoint(), done());
    }

    void start_what_ends_by_itself() {
        for (int i = 0; i < 4; ++i)
            pairs_.push_back(connect_local(context_));
        pairs_[0].first.async_read_some(asio::buffer(data_), done());
        pairs_[0].first.async_write_some(asio::buffer("x", 1), done());
        pairs_[1].first.async_wait(local_stream::socket::wait_read, done());
        pairs_[1].first.async_wait(local_stream::socket::wait_write, done());
        fill(pairs_[2].first);
        pairs_[2].first.async_write_some(asio::buffer("x", 1), done());
        pairs_[3].first.async_read_some(asio::buffer(data_), done());
        timer_.expires_after(2ms);
        timer_.async_wait(done());
        signals_.async_wait(done());
        poll();
        std::raise(SIGINT);
    }

    void start_what_is_cancelled() {
        for (int i = 0; i < 3; ++i) {
            cancelled_.push_back(connect_local(context_));
            cancelled_.back().first.async_read_some(asio::buffer(data_), done());
        }
        poll();
        cancelled_[0].first.cancel();
        cancelled_[1].first.close();
        cancelled_[2].second.close();
        poll();
    }

    void let_all_come_to_an_end() {
        send(pairs_[0].second, "x");
        send(pairs_[1].second, "x");
        send(pairs_[3].second, "x");
        auto const end = steady::now() + deadline;
        while (finished_ < started_) {
            while (!steal(pairs_[2].second.native_handle()).empty()) {
            }
            run_a_moment();
            BOOST_REQUIRE(steady::now() < end);
        }
        BOOST_TEST(finished_ == started_);
    }

    /// Checks that reading and writing work again after the faults.
    void exchange(socket_pair<local_stream>& pair) {
        steal(pair.first.native_handle());
        steal(pair.second.native_handle());
        outcome read, written;
        char received = 0;
        pair.second.async_read_some(asio::buffer(&received, 1), into(read));
        poll();
        pair.first.async_write_some(asio::buffer("y", 1), into(written));
        auto const end = steady::now() + deadline;
        while (read.calls == 0 || written.calls == 0) {
            run_a_moment();
            BOOST_REQUIRE(steady::now() < end);
        }
    }

    void poll() {
        for (int i = 0; i < 3; ++i)
            run_a_moment(0ms);
    }

    /// Runs the context. A backend's exception leaves run(); the program continues.
    void run_a_moment(std::chrono::milliseconds time = 1ms) {
        try {
            context_.restart();
            if (time == 0ms)
                context_.poll();
            else
                context_.run_one_for(time);
        } catch (std::exception const&) {
        } catch (int) {
        }
    }

    void check() {
        std::string const disagreement = reactor_inspector::disagreement(context_);
        BOOST_TEST(disagreement == "");
        auto const& selector = context_.selector();
        BOOST_TEST(selector.backend_as<faulty_backend>()->agrees_with(selector));
    }

    selector_context context_;
    std::size_t started_ = 0;
    std::size_t finished_ = 0;
    std::array<char, 64> data_{};
    tcp::acceptor acceptor_{context_, loopback()};
    tcp::socket accepted_{context_}, connected_{context_};
    std::deque<socket_pair<local_stream>> pairs_, cancelled_;
    asio::steady_timer timer_{context_};
    asio::signal_set signals_{context_, SIGINT};
};

} // namespace

BOOST_AUTO_TEST_CASE(a_fault_at_any_call_leaves_no_operation_behind) {
    int const runs = faults::for_each_plan(
        [&](faults::plan& p) {
            BOOST_TEST_CONTEXT(p)
            program(p).run();
        },
        under_sanitizer || on_windows ? 5 : 1);
    BOOST_TEST(runs > 100);
    BOOST_TEST_MESSAGE(runs << " runs");
}
