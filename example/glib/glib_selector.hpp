// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef GLIB_SELECTOR_HPP
#define GLIB_SELECTOR_HPP

#include <algorithm>
#include <boost_selectors/selectors.hpp>
#include <chrono>
#include <glib.h>
#include <span>
#include <system_error>
#include <utility>

/// Makes a GLib main context this thread's, as long as it exists: until then no other thread calls
/// what is to be called there. To be held around `context.run()`, as g_main_loop_run() holds it.
class glib_ownership {
public:
    /// @param context the thread-default one if it is null.
    /// @throws std::system_error errc::device_or_resource_busy if it is another thread's.
    explicit glib_ownership(GMainContext* context = nullptr)
        : context_(context ? g_main_context_ref(context) : g_main_context_ref_thread_default()) {
        if (g_main_context_acquire(context_))
            return;
        g_main_context_unref(context_);
        throw std::system_error(
            std::make_error_code(std::errc::device_or_resource_busy), "glib_ownership");
    }
    ~glib_ownership() {
        g_main_context_release(context_);
        g_main_context_unref(context_);
    }
    glib_ownership(glib_ownership const&) = delete;
    glib_ownership& operator=(glib_ownership const&) = delete;

private:
    GMainContext* context_;
};

/// A selector that waits by iterating a GLib main context: timeouts, idle functions and sources of
/// GLib (GTK's, GStreamer's, D-Bus's) go on while Boost.Asio waits in run().
///
/// epoll watches the handles, and GLib epoll's own descriptor, which can be watched like any other.
///
/// The thread that selects must be able to own the main context (glib_ownership): while another one
/// does, select() fails with errc::device_or_resource_busy. GLib's callbacks may use Asio's
/// objects, but may not run the context, which is being run already. While a callback iterates the
/// main context by itself (a modal dialog), Asio sleeps. GLib can't be used in the child of a fork.
/// @see https://docs.gtk.org/glib/main-loop.html
class glib_selector final : public boost_selectors::base_selector {
public:
    /// @param context the thread-default one if it is null.
    /// @throws std::system_error if there are no more descriptors.
    explicit glib_selector(GMainContext* context = nullptr) {
        static GSourceFuncs functions{&prepare, nullptr, &dispatch, nullptr, nullptr, nullptr};
        native_handle_type const epoll = inner_.native_handle();
        context_ = context ? g_main_context_ref(context) : g_main_context_ref_thread_default();
        source_ = reinterpret_cast<source*>(g_source_new(&functions, sizeof(source)));
        source_->selector = this;
        source_->watched = false;
        source_->tag = g_source_add_unix_fd(&source_->base, epoll, GIOCondition{});
        g_source_attach(&source_->base, context_);
    }

    ~glib_selector() override {
        close();
        g_main_context_unref(context_);
    }

private:
    using capabilities = boost_selectors::capabilities;
    using interest = boost_selectors::interest;
    using native_handle_type = boost_selectors::native_handle_type;
    using ready_event = boost_selectors::ready_event;
    using token = boost_selectors::token;

    struct source {
        GSource base;
        glib_selector* selector;
        gpointer tag; ///< GLib's name for epoll's descriptor.
        bool watched; ///< That one is, for now.
    };

    // GLib calls this before each wait: in an iteration by do_wait(), and in those of others, which
    // must not look at what nobody collects meanwhile.
    static gboolean prepare(GSource* base, gint* timeout) {
        source& s = *reinterpret_cast<source*>(base);
        bool const ours = std::exchange(s.selector->starting_, false);
        if (std::exchange(s.watched, ours) != ours) // It would end the wait that is to begin.
            g_source_modify_unix_fd(base, s.tag, ours ? G_IO_IN : GIOCondition{});
        *timeout = ours ? s.selector->timeout_ : -1;
        return FALSE;
    }

    static gboolean dispatch(GSource*, GSourceFunc, gpointer) {
        return G_SOURCE_CONTINUE; // It was enough to end the wait.
    }

    static void* to_data(token id) { return reinterpret_cast<void*>(id); }
    static token to_token(void* data) { return token{reinterpret_cast<std::uintptr_t>(data)}; }

    void do_register(native_handle_type h, interest i, token id, std::error_code& ec) override {
        inner_.register_handle(h, i, to_data(id), ec);
    }

    void do_modify(native_handle_type h, interest i, token id, std::error_code& ec) override {
        inner_.modify(h, i, to_data(id), ec);
    }

    void do_unregister(native_handle_type h, token) noexcept override {
        std::error_code already_gone;
        inner_.unregister(h, already_gone);
    }

    void do_wait(
        std::chrono::nanoseconds timeout, std::size_t max_events, std::error_code& ec) override {
        using std::chrono::milliseconds;
        if (!g_main_context_acquire(context_)) { // Another thread iterates it.
            ec = std::make_error_code(std::errc::device_or_resource_busy);
            return;
        }
        timeout_ = -1;
        if (timeout != timeout.max()) // The base waits again if this is less.
            timeout_ = static_cast<gint>(std::min<milliseconds::rep>(
                std::chrono::ceil<milliseconds>(timeout).count(), 1'000'000));
        starting_ = true;
        g_main_context_iteration(context_, timeout != timeout.zero());
        starting_ = false; // Something more important was ready: we were not asked.
        g_main_context_release(context_);
        found_ = inner_.select(std::chrono::nanoseconds::zero(), max_events, ec);
    }

    void do_collect() override {
        for (ready_event const& ready : found_)
            report(to_token(ready.key.data), ready.events, ready.hang_up, ready.error);
        found_ = {};
    }

    void do_wakeup() noexcept override { inner_.wakeup(); }

    void do_close() noexcept override {
        g_source_destroy(&source_->base);
        g_source_unref(&source_->base);
        inner_.close();
    }

    capabilities do_capabilities() const noexcept override {
        capabilities can = inner_.get_capabilities();
        can.pollable = false;
        can.resolution = std::chrono::milliseconds(1);
        return can;
    }

    std::string_view do_name() const noexcept override { return "glib"; }

    boost_selectors::epoll_selector inner_;
    GMainContext* context_;
    source* source_;
    bool starting_ = false; ///< GLib has not been told yet that it is this class that waits.
    gint timeout_ = -1;     ///< In milliseconds; -1 is for ever.
    std::span<ready_event const> found_;
};

#endif
