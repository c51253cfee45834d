// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef GLIB_SELECTOR_HPP
#define GLIB_SELECTOR_HPP

#include <algorithm>
#include <boost_selectors/selectors.hpp>
#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <glib.h>
#include <memory>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>
#include <vector>

/// A selector that waits by iterating a GLib main context: timeouts, idle functions and sources of
/// GLib (GTK's, GStreamer's, D-Bus's) go on while Boost.Asio waits in run().
///
/// The thread that selects must be able to own the main context: while another one does, select()
/// fails with errc::device_or_resource_busy. GLib's callbacks may use the
/// selector, and Asio's objects on it, freely. While such a callback iterates the main context by
/// itself (a modal dialog), Asio sleeps. GLib can't be used in the child of a fork.
/// @see https://docs.gtk.org/glib/main-loop.html
class glib_selector final : public boost_selectors::base_selector {
public:
    /// @param context the thread-default one if it is null.
    /// @throws std::system_error if there are no more descriptors.
    explicit glib_selector(GMainContext* context = nullptr)
        : context_(context ? g_main_context_ref(context) : g_main_context_ref_thread_default())
        , wakeup_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
        if (wakeup_ == -1) {
            auto const ec = last_error();
            g_main_context_unref(context_);
            throw std::system_error(ec, "glib_selector");
        }
        static GSourceFuncs functions{&prepare, nullptr, &dispatch, nullptr, nullptr, nullptr};
        source_ = reinterpret_cast<source*>(g_source_new(&functions, sizeof(source)));
        source_->selector = this;
        g_source_set_can_recurse(&source_->base, FALSE);
        g_source_add_unix_fd(&source_->base, wakeup_, G_IO_IN);
        g_source_attach(&source_->base, context_);
    }

    ~glib_selector() override {
        close();
        ::close(wakeup_);
        g_main_context_unref(context_);
    }

private:
    using event = boost_selectors::event;
    using interest = boost_selectors::interest;
    using native_handle_type = boost_selectors::native_handle_type;
    using token = boost_selectors::token;

    struct source {
        GSource base;
        glib_selector* selector;
    };

    struct watch {
        token id;
        gpointer tag; ///< GLib's name for it; null after the handle was found to be closed.
        int found;    ///< Its GIOCondition, as the last wait saw it.
    };

    static std::error_code last_error() { return {errno, std::system_category()}; }

    static GIOCondition to_glib(event e) {
        return static_cast<GIOCondition>((has(e, event::read) ? G_IO_IN : 0) |
                                         (has(e, event::write) ? G_IO_OUT : 0) |
                                         (has(e, event::priority) ? G_IO_PRI : 0));
    }

    static glib_selector& self(GSource* s) { return *reinterpret_cast<source*>(s)->selector; }

    // What GLib calls within g_main_context_iteration(): before it waits, and if a handle is ready.

    static gboolean prepare(GSource* s, gint* timeout) {
        *timeout = self(s).timeout_;
        return FALSE;
    }

    static gboolean dispatch(GSource* s, GSourceFunc, gpointer) {
        for (watch& w : self(s).watches_)
            w.found = w.tag ? g_source_query_unix_fd(s, w.tag) : 0;
        return G_SOURCE_CONTINUE;
    }

    auto find(token id) { return std::ranges::find(watches_, id, &watch::id); }

    void do_register(
        native_handle_type handle, interest wanted, token id, std::error_code& ec) override {
        if (::fcntl(handle, F_GETFD) == -1) {
            ec = last_error();
            return;
        }
        watches_.push_back({id, nullptr, 0});
        watches_.back().tag = g_source_add_unix_fd(&source_->base, handle, to_glib(wanted.events));
    }

    void do_modify(
        native_handle_type handle, interest wanted, token id, std::error_code& ec) override {
        auto& w = *find(id);
        if (::fcntl(handle, F_GETFD) == -1)
            ec = last_error();
        else if (w.tag)
            g_source_modify_unix_fd(&source_->base, w.tag, to_glib(wanted.events));
        else
            w.tag = g_source_add_unix_fd(&source_->base, handle, to_glib(wanted.events));
    }

    void do_unregister(native_handle_type, token id) noexcept override {
        auto const w = find(id);
        stop(*w);
        watches_.erase(w);
    }

    void do_wait(std::chrono::nanoseconds timeout, std::size_t, std::error_code& ec) override {
        using std::chrono::milliseconds;
        if (!g_main_context_acquire(context_)) { // Another thread iterates it.
            ec = std::make_error_code(std::errc::device_or_resource_busy);
            return;
        }
        for (watch& w : watches_)
            w.found = 0;
        if (timeout != timeout.max()) // The base waits again if this is less.
            timeout_ = static_cast<gint>(std::min<milliseconds::rep>(
                std::chrono::ceil<milliseconds>(timeout).count(), 1'000'000));
        g_main_context_iteration(context_, timeout != timeout.zero());
        timeout_ = -1;
        g_main_context_release(context_);
    }

    void do_collect() override {
        eventfd_t ignored;
        ::eventfd_read(wakeup_, &ignored);
        for (watch& w : watches_) {
            event ready = event::none;
            if (w.found & G_IO_IN)
                ready |= event::read;
            if (w.found & G_IO_OUT)
                ready |= event::write;
            if (w.found & G_IO_PRI)
                ready |= event::priority;
            bool const closed = (w.found & G_IO_NVAL) != 0;
            if (w.found != 0)
                report(w.id, ready, (w.found & G_IO_HUP) != 0, closed || (w.found & G_IO_ERR));
            if (closed)
                stop(w); // To be told once.
        }
    }

    void do_wakeup() noexcept override {
        int const saved = errno; // This may be a signal handler.
        ::eventfd_write(wakeup_, 1);
        errno = saved;
    }

    void do_close() noexcept override {
        watches_.clear();
        g_source_destroy(&source_->base);
        g_source_unref(&source_->base);
    }

    boost_selectors::capabilities do_capabilities() const noexcept override {
        boost_selectors::capabilities can; // Level triggering only.
        can.priority = can.regular_files = can.closed_handles = can.flags = true;
        return can;
    }

    std::string_view do_name() const noexcept override { return "glib"; }

    void stop(watch& w) noexcept {
        if (w.tag)
            g_source_remove_unix_fd(&source_->base, w.tag);
        w.tag = nullptr;
    }

    GMainContext* context_;
    int wakeup_;
    source* source_;
    /// Milliseconds; -1 is for ever, and where it is not this class that waits.
    gint timeout_ = -1;
    std::vector<watch> watches_;
};

#endif
