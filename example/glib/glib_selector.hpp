// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef GLIB_SELECTOR_HPP
#define GLIB_SELECTOR_HPP

#include <algorithm>
#include <boost_selectors/selectors.hpp>
#include <chrono>
#include <glib.h>
#include <memory>
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

/// A backend that waits by iterating a GLib main context: timeouts, idle functions and sources of
/// GLib (GTK's, GStreamer's, D-Bus's) go on while Boost.Asio waits in run().
///
/// epoll watches the handles, and GLib epoll's own descriptor, which can be watched like any other.
///
/// The thread that selects must be able to own the main context (glib_ownership): while another one
/// does, select() fails with errc::device_or_resource_busy. GLib's callbacks may use Asio's
/// objects, but may not run the context, which is being run already. While a callback iterates the
/// main context by itself (a modal dialog), Asio sleeps. GLib can't be used in the child of a fork.
/// @see https://docs.gtk.org/glib/main-loop.html
class glib_backend final : public boost_selectors::forwarding_backend {
public:
    /// @param context the thread-default one if it is null.
    /// @throws std::system_error if there are no more descriptors.
    explicit glib_backend(GMainContext* context = nullptr)
        : glib_backend(context, boost_selectors::make_backend("epoll")) {}

    ~glib_backend() override {
        detach();
        g_main_context_unref(context_);
    }

private:
    struct source {
        GSource base;
        glib_backend* backend;
        gpointer tag; ///< GLib's name for epoll's descriptor.
        bool watched; ///< Whether GLib watches it.
    };

    glib_backend(GMainContext* context, std::unique_ptr<selector_backend>&& epoll)
        : forwarding_backend("glib", abilities(*epoll), std::move(epoll)) {
        static GSourceFuncs functions{&prepare, nullptr, &dispatch, nullptr, nullptr, nullptr};
        std::error_code ec;
        int const handle = forwarding_backend::native_handle(ec);
        if (ec)
            throw std::system_error(ec, "epoll's descriptor for GLib");
        context_ = context ? g_main_context_ref(context) : g_main_context_ref_thread_default();
        source_ = reinterpret_cast<source*>(g_source_new(&functions, sizeof(source)));
        source_->backend = this;
        source_->watched = false;
        source_->tag = g_source_add_unix_fd(&source_->base, handle, GIOCondition{});
        g_source_attach(&source_->base, context_);
    }

    static boost_selectors::capabilities abilities(selector_backend const& epoll) {
        boost_selectors::capabilities can = epoll.get_capabilities();
        can.pollable = false;
        can.resolution = std::chrono::milliseconds(1);
        return can;
    }

    // GLib calls this before each wait: in an iteration by wait(), and in those of others, which
    // must not look at what nobody collects meanwhile.
    static gboolean prepare(GSource* base, gint* timeout) {
        source& s = *reinterpret_cast<source*>(base);
        bool const ours = std::exchange(s.backend->starting_, false);
        if (std::exchange(s.watched, ours) != ours) // It would end the wait that is to begin.
            g_source_modify_unix_fd(base, s.tag, ours ? G_IO_IN : GIOCondition{});
        *timeout = ours ? s.backend->timeout_ : -1;
        return FALSE;
    }

    static gboolean dispatch(GSource*, GSourceFunc, gpointer) {
        return G_SOURCE_CONTINUE; // It was enough to end the wait.
    }

    void wait(
        std::chrono::nanoseconds timeout, std::size_t max_events, std::error_code& ec) override {
        using std::chrono::milliseconds;
        if (!g_main_context_acquire(context_)) { // Another thread iterates it.
            ec = std::make_error_code(std::errc::device_or_resource_busy);
            return;
        }
        timeout_ = -1;
        if (timeout != timeout.max()) // The selector waits again if this is less.
            timeout_ = static_cast<gint>(std::min<milliseconds::rep>(
                std::chrono::ceil<milliseconds>(timeout).count(), 1'000'000));
        starting_ = true;
        g_main_context_iteration(context_, timeout != timeout.zero());
        starting_ = false; // Something more important was ready: we were not asked.
        g_main_context_release(context_);
        forwarding_backend::wait(timeout.zero(), max_events, ec);
    }

    void close() noexcept override {
        detach();
        forwarding_backend::close();
    }

    void after_fork(std::error_code& ec) override {
        ec = std::make_error_code(std::errc::operation_not_supported);
    }

    boost_selectors::native_handle_type native_handle(std::error_code& ec) override {
        ec = std::make_error_code(std::errc::operation_not_supported);
        return boost_selectors::invalid_native_handle;
    }

    void detach() noexcept {
        if (!source_)
            return;
        g_source_destroy(&source_->base);
        g_source_unref(&source_->base);
        source_ = nullptr;
    }

    GMainContext* context_;
    source* source_;
    bool starting_ = false; ///< GLib does not know yet that it is this class that waits.
    gint timeout_ = -1;     ///< In milliseconds; -1 has no end.
};

/// A selector on that backend.
class glib_selector final : public boost_selectors::base_selector {
public:
    /// @param context the thread-default one if it is null.
    /// @throws std::system_error if there are no more descriptors.
    explicit glib_selector(GMainContext* context = nullptr)
        : base_selector(std::make_unique<glib_backend>(context)) {}
};

#endif
