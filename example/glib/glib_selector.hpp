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

/// Makes this thread the owner of a GLib main context while the object exists. Meanwhile no other
/// thread can call the callbacks of the main context. Hold it around `context.run()`;
/// g_main_loop_run() holds the same ownership.
class glib_ownership {
public:
    /// @param context null means the thread-default main context.
    /// @throws std::system_error errc::device_or_resource_busy if another thread owns it.
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

/// A backend that waits by iterating a GLib main context. Timeouts, idle functions and sources of
/// GLib (those of GTK, GStreamer, D-Bus) keep working while Boost.Asio waits in run().
///
/// epoll watches the handles. GLib watches epoll's own descriptor, which can be watched like any
/// other.
///
/// The thread that selects must be able to own the main context (see glib_ownership). While another
/// thread owns it, select() fails with errc::device_or_resource_busy. GLib's callbacks may use
/// Asio's objects, but must not run Asio's context, because it is already running. While a callback
/// iterates the main context itself (a modal dialog, for example), Asio handles no events. GLib
/// can't be used in the child of a fork.
/// @see https://docs.gtk.org/glib/main-loop.html
class glib_backend final : public boost_selectors::forwarding_backend {
public:
    /// @param context null means the thread-default main context.
    /// @throws std::system_error if the system has no descriptor left.
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
        gpointer tag; ///< GLib's identifier of epoll's descriptor.
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

    // GLib calls this before each wait: in iterations by wait(), and in iterations by other code.
    // The latter must not watch epoll's descriptor, because collect() is not called after them.
    static gboolean prepare(GSource* base, gint* timeout) {
        source& s = *reinterpret_cast<source*>(base);
        bool const ours = std::exchange(s.backend->starting_, false);
        // Only on a change: otherwise the modification would end the wait that is about to begin.
        if (std::exchange(s.watched, ours) != ours)
            g_source_modify_unix_fd(base, s.tag, ours ? G_IO_IN : GIOCondition{});
        *timeout = ours ? s.backend->timeout_ : -1;
        return FALSE;
    }

    static gboolean dispatch(GSource*, GSourceFunc, gpointer) {
        return G_SOURCE_CONTINUE; // Its only purpose was to end the wait.
    }

    void wait(
        std::chrono::nanoseconds timeout, std::size_t max_events, std::error_code& ec) override {
        using std::chrono::milliseconds;
        if (!g_main_context_acquire(context_)) { // Another thread owns it.
            ec = std::make_error_code(std::errc::device_or_resource_busy);
            return;
        }
        timeout_ = -1;
        if (timeout != timeout.max()) // If this is shorter, the selector waits again.
            timeout_ = static_cast<gint>(std::min<milliseconds::rep>(
                std::chrono::ceil<milliseconds>(timeout).count(), 1'000'000));
        starting_ = true;
        g_main_context_iteration(context_, timeout != timeout.zero());
        starting_ = false; // GLib skips prepare() if a source of higher priority is ready.
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
    bool starting_ = false; ///< wait() iterates, and prepare() has not been called yet.
    gint timeout_ = -1;     ///< In milliseconds; -1 means no time limit.
};

/// A selector on that backend.
class glib_selector final : public boost_selectors::base_selector {
public:
    /// @param context null means the thread-default main context.
    /// @throws std::system_error if the system has no descriptor left.
    explicit glib_selector(GMainContext* context = nullptr)
        : base_selector(std::make_unique<glib_backend>(context)) {}
};

#endif
