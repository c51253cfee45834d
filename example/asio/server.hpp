// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_EXAMPLE_ASIO_SERVER_HPP
#define BOOST_SELECTORS_EXAMPLE_ASIO_SERVER_HPP

// Code that the example servers share: the command line, and a clean stop.

#include "metrics.hpp"
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost_selectors/asio.hpp>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace example {

struct arguments {
    std::uint16_t port = 0; // Any free port.
    std::string backend = "default";
    bool statistics = false;                   // Whether to print them once a second.
    std::optional<std::uint16_t> metrics_port; // Where to answer with them.
};

inline bool parse_port(std::string_view text, std::uint16_t& port) {
    auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), port);
    return ec == std::errc() && end == text.data() + text.size();
}

/// Parses the command line. @return whether it is valid.
inline bool parse(int argc, char* argv[], arguments& a) {
    int i = 1;
    for (; i < argc && std::string_view(argv[i]).starts_with("--"); ++i) {
        std::string_view const option = argv[i];
        if (option == "--stats")
            a.statistics = true;
        else if (option != "--metrics" || ++i == argc ||
                 !parse_port(argv[i], a.metrics_port.emplace()))
            return false;
    }
    if (i < argc && !parse_port(argv[i++], a.port))
        return false;
    if (i < argc)
        a.backend = argv[i++];
    return i == argc;
}

inline boost::asio::ip::tcp::acceptor listen(boost::asio::io_context& context, std::uint16_t port) {
    using boost::asio::ip::tcp;
    try {
        return tcp::acceptor(context, {tcp::v4(), port});
    } catch (boost::system::system_error const& e) {
        throw std::runtime_error(
            "cannot listen on port " + std::to_string(port) + ": " + e.code().message());
    }
}

/// Prints once a second what the context did in that second.
class statistics_printer {
public:
    explicit statistics_printer(boost_selectors::selector_context& context)
        : context_(context)
        , timer_(context) {
        wait();
    }

private:
    void wait() {
        timer_.expires_after(std::chrono::seconds(1));
        timer_.async_wait([this](boost::system::error_code ec) {
            if (ec)
                return;
            print();
            wait();
        });
    }

    void print() {
        auto const now = context_.get_statistics();
        auto const s = now - std::exchange(last_, now);
        auto const us = [](std::uint64_t ns) { return std::to_string(ns / 1000) + " us"; };
        std::cout << "busy " << std::lround(s.utilization() * 100) << " %, lag "
                  << us(s.lag.quantile(0.5)) << " (99 %: " << us(s.lag.quantile(0.99))
                  << ", most: " << us(s.lag.max()) << "), timers late by "
                  << us(s.timer_lateness.quantile(0.99)) << ", waits " << s.waits << ", polls "
                  << s.polls << ", ready " << s.ready_events << ", tried first " << s.speculations
                  << " (with success " << s.speculation_hits << "), registered " << s.registrations
                  << ", wake-ups " << s.wakeups_sent << " (spared " << s.wakeups_spared
                  << "), stale " << s.stale_events << ", open " << s.descriptors << ", pending "
                  << s.pending_operations << " and " << s.pending_timers << " timers" << std::endl;
    }

    boost_selectors::selector_context& context_;
    boost::asio::steady_timer timer_;
    boost_selectors::context_statistics last_;
};

/// Runs until SIGINT or SIGTERM.
inline void run(
    boost_selectors::selector_context& context, std::uint16_t port, arguments const& a) {
    std::optional<statistics_printer> printer;
    if (a.statistics)
        printer.emplace(context);
    std::optional<metrics_server> metrics;
    std::uint16_t metrics_port = 0;
    if (a.metrics_port) {
        auto acceptor = listen(context, *a.metrics_port);
        metrics_port = acceptor.local_endpoint().port();
        metrics.emplace(context, std::move(acceptor));
    }
    boost::asio::signal_set signals(context, SIGINT, SIGTERM);
    signals.async_wait([&](boost::system::error_code, int) { context.stop(); });
    std::cout << "listening on port " << port << " (" << context.selector().name() << ")"
              << std::endl;
    if (metrics)
        std::cout << "metrics on port " << metrics_port << std::endl;
    context.run();
}

/// A complete main(). @return 2 for wrong usage, 1 for an error, each after printing one line.
template <class Serve>
int main(std::string_view name, int argc, char* argv[], Serve serve) {
    arguments a;
    if (!parse(argc, argv, a)) {
        std::cerr << "Usage: " << name << " [--stats] [--metrics PORT] [port [backend]]\n";
        return 2;
    }
    try {
        serve(a);
        return 0;
    } catch (std::exception const& e) {
        std::cerr << name << ": " << e.what() << '\n';
        return 1;
    }
}

} // namespace example

#endif
