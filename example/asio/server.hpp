// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_EXAMPLE_ASIO_SERVER_HPP
#define BOOST_SELECTORS_EXAMPLE_ASIO_SERVER_HPP

// Code that the example servers share: the command line, and a clean stop.

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost_selectors/asio.hpp>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace example {

struct arguments {
    std::uint16_t port = 0; // Any free port.
    std::string backend = "default";
    bool statistics = false; // Whether to print them once a second.
};

/// Parses the command line. @return whether it is valid.
inline bool parse(int argc, char* argv[], arguments& a) {
    if (argc > 1 && argv[1] == std::string_view("--stats")) {
        a.statistics = true;
        --argc;
        ++argv;
    }
    if (argc > 1) {
        std::string_view const text = argv[1];
        auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), a.port);
        if (ec != std::errc() || end != text.data() + text.size())
            return false;
    }
    if (argc > 2)
        a.backend = argv[2];
    return argc <= 3;
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
        std::chrono::duration<double, std::milli> const lag = now.longest_lag;
        std::cout << "waits " << now.waits - last_.waits << ", polls " << now.polls - last_.polls
                  << ", ready " << now.ready_events - last_.ready_events << ", tried first "
                  << now.speculations - last_.speculations << " (with success "
                  << now.speculation_hits - last_.speculation_hits << "), registered "
                  << now.registrations - last_.registrations << ", wake-ups "
                  << now.wakeups_sent - last_.wakeups_sent << " (spared "
                  << now.wakeups_spared - last_.wakeups_spared << "), stale "
                  << now.stale_events - last_.stale_events << ", lag " << lag.count() << " ms"
                  << std::endl;
        last_ = now;
    }

    boost_selectors::selector_context& context_;
    boost::asio::steady_timer timer_;
    boost_selectors::context_statistics last_;
};

/// Runs until SIGINT or SIGTERM.
inline void run(
    boost_selectors::selector_context& context, std::uint16_t port, bool statistics = false) {
    std::optional<statistics_printer> printer;
    if (statistics)
        printer.emplace(context);
    boost::asio::signal_set signals(context, SIGINT, SIGTERM);
    signals.async_wait([&](boost::system::error_code, int) { context.stop(); });
    std::cout << "listening on port " << port << " (" << context.selector().name() << ")"
              << std::endl;
    context.run();
}

/// A complete main(). @return 2 for wrong usage, 1 for an error, each after printing one line.
template <class Serve>
int main(std::string_view name, int argc, char* argv[], Serve serve) {
    arguments a;
    if (!parse(argc, argv, a)) {
        std::cerr << "Usage: " << name << " [--stats] [port [backend]]\n";
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
