// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef RECORDING_BACKEND_HPP
#define RECORDING_BACKEND_HPP

#include <boost_selectors/selectors.hpp>
#include <memory>
#include <ostream>

/// Hands everything to another backend, and writes a log of it.
class recording_backend : public boost_selectors::forwarding_backend {
public:
    recording_backend(std::unique_ptr<selector_backend> inner, std::ostream& log)
        : forwarding_backend("recording", std::move(inner))
        , log_(log) {}

private:
    using event = boost_selectors::event;
    using event_flags = boost_selectors::event_flags;
    using event_sink = boost_selectors::event_sink;
    using interest = boost_selectors::interest;
    using native_handle_type = boost_selectors::native_handle_type;
    using token = boost_selectors::token;

    void add(native_handle_type h, interest i, token id, std::error_code& ec) override {
        forwarding_backend::add(h, i, id, ec);
        log_ << "add " << h << " for " << i << ": " << (ec ? ec.message() : "done") << '\n';
    }

    void remove(native_handle_type h, token id) noexcept override {
        forwarding_backend::remove(h, id);
        log_ << "remove " << h << '\n';
    }

    // wait() is called without the selector's lock, so it must not write to the log.

    void collect(event_sink& sink) override {
        recording_sink recording(sink, log_);
        forwarding_backend::collect(recording);
    }

    struct recording_sink : boost_selectors::forwarding_sink {
        recording_sink(event_sink& target, std::ostream& log)
            : forwarding_sink(target)
            , log_(log) {}

        bool report(token id, event events, event_flags flags) noexcept override {
            if (auto const key = find(id))
                log_ << key->handle << " is ready for " << events << '\n';
            return forwarding_sink::report(id, events, flags);
        }

        std::ostream& log_;
    };

    std::ostream& log_;
};

#endif
