// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "guest.hpp"
#include <boost/asio.hpp>
#include <glib.h>
#include <iostream>

/// A guest in GLib's main loop.
class glib_guest {
public:
    explicit glib_guest(boost_selectors::selector_context& context)
        : guest_(context) {
        static GSourceFuncs functions{nullptr, nullptr, &dispatch, nullptr, nullptr, nullptr};
        source_ = reinterpret_cast<source*>(g_source_new(&functions, sizeof(source)));
        source_->self = this;
        g_source_add_unix_fd(&source_->base, guest_.descriptor(), G_IO_IN);
        g_source_set_ready_time(&source_->base, 0); // At once, the first time.
        g_source_attach(&source_->base, nullptr);
    }
    ~glib_guest() {
        g_source_destroy(&source_->base);
        g_source_unref(&source_->base);
    }
    glib_guest(glib_guest const&) = delete;
    glib_guest& operator=(glib_guest const&) = delete;

private:
    struct source {
        GSource base;
        glib_guest* self;
    };

    static gboolean dispatch(GSource* s, GSourceFunc, gpointer) {
        int const wait = reinterpret_cast<source*>(s)->self->guest_.before_wait();
        g_source_set_ready_time(s, wait == -1 ? -1 : g_get_monotonic_time() + wait * 1000);
        return G_SOURCE_CONTINUE;
    }

    guest guest_;
    source* source_;
};

int main() {
    boost_selectors::selector_context context{boost_selectors::make_selector("epoll")};
    GMainLoop* const loop = g_main_loop_new(nullptr, FALSE);
    glib_guest asio(context);

    boost::asio::steady_timer timer(context, std::chrono::milliseconds(20));
    timer.async_wait([&](boost::system::error_code) {
        std::cout << "Asio: 20 ms are over" << std::endl;
        g_main_loop_quit(loop);
    });
    g_timeout_add(
        5,
        [](gpointer) -> gboolean {
            std::cout << "GLib: 5 ms are over" << std::endl;
            return G_SOURCE_REMOVE;
        },
        nullptr);

    g_main_loop_run(loop);
    g_main_loop_unref(loop);
}
