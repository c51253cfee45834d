// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef RECORDING_SELECTOR_HPP
#define RECORDING_SELECTOR_HPP

#include <boost_selectors/selectors.hpp>
#include <memory>
#include <ostream>
#include <span>

/// Hands everything to another selector, and writes down what it sees.
class recording_selector : public boost_selectors::base_selector {
public:
    recording_selector(std::unique_ptr<base_selector> inner, std::ostream& log)
        : inner_(std::move(inner))
        , log_(log) {}

    ~recording_selector() override { close(); }

private:
    using capabilities = boost_selectors::capabilities;
    using interest = boost_selectors::interest;
    using native_handle_type = boost_selectors::native_handle_type;
    using ready_event = boost_selectors::ready_event;
    using token = boost_selectors::token;

    // The inner selector keeps the token for us, as its data: do_collect() needs it.
    static_assert(sizeof(token) <= sizeof(void*));
    static void* to_data(token id) { return reinterpret_cast<void*>(id); }
    static token to_token(void* data) { return token{reinterpret_cast<std::uintptr_t>(data)}; }

    void do_register(native_handle_type h, interest i, token id, std::error_code& ec) override {
        inner_->register_handle(h, i, to_data(id), ec);
        log_ << "watch " << h << ": " << (ec ? ec.message() : "done") << '\n';
    }

    void do_modify(native_handle_type h, interest i, token id, std::error_code& ec) override {
        inner_->modify(h, i, to_data(id), ec);
    }

    void do_unregister(native_handle_type h, token) noexcept override {
        std::error_code already_gone;
        inner_->unregister(h, already_gone);
        log_ << "leave " << h << '\n';
    }

    // Without the lock of the base: so it writes nothing down.
    void do_wait(std::chrono::nanoseconds timeout, std::size_t max, std::error_code& ec) override {
        found_ = inner_->select(timeout, max, ec);
    }

    void do_collect() override {
        for (ready_event const& ready : found_) {
            log_ << ready.key.handle << " is ready\n";
            report(to_token(ready.key.data), ready.events, ready.hang_up, ready.error);
        }
        found_ = {};
    }

    void do_wakeup() noexcept override { inner_->wakeup(); }
    void do_close() noexcept override { inner_->close(); }
    std::string_view do_name() const noexcept override { return "recording"; }

    capabilities do_capabilities() const noexcept override {
        capabilities can = inner_->get_capabilities();
        can.live_updates = true; // The inner selector sees to it.
        return can;
    }

    native_handle_type do_native_handle(std::error_code& ec) const override {
        return inner_->native_handle(ec);
    }

    void do_fork_child(std::error_code& ec) override {
        std::error_code ignored;
        for (auto const& key :
            inner_->get_map()) // The base registers them again, by do_register().
            inner_->unregister(key.handle, ignored);
        inner_->notify_fork_child(ec);
    }

    std::unique_ptr<base_selector> inner_;
    std::ostream& log_;
    std::span<ready_event const> found_;
};

#endif
