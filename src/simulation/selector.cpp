// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The backend of programs in a world: it asks the simulated network, and waits in virtual time.

#include "selector.hpp"
#include "../poll_events.hpp"
#include "handle_calls.hpp"
#include <algorithm>
#include <system_error>
#include <unordered_map>
#include <vector>

namespace boost_selectors::simulated {
namespace {

class simulation_backend final : public selector_backend {
public:
    simulation_backend()
        : selector_backend("simulation", abilities()) {}

private:
    /// A registration. Its place among those to be looked at is taken when its socket changes, and
    /// kept as long as it is ready.
    struct entry final : watcher {
        entry(simulation_backend& b, native_handle_type h, interest w, token t)
            : of(b)
            , handle(h)
            , wanted(w)
            , id(t)
            , on(here().net.sockets.share(h))
            , is_real(!on) {
            if (on)
                on->watch(*this);
        }
        ~entry() {
            if (on)
                on->unwatch(*this);
        }

        void changed(any_socket& s) override {
            bool const is_still_its_own = s.owner.in.net.sockets.find(handle) == &s;
            if (is_still_its_own && events_of(s) == 0)
                return; // A change of something that is not waited for.
            of.look_at(*this);
            s.owner.in.wake(&of);
        }

        /// As poll(2) has them: those of the socket that has the number now.
        int events() {
            if (is_real)
                return 0;
            if (auto now = here().net.sockets.share(handle); now != on) {
                if (on)
                    on->unwatch(*this);
                on = std::move(now);
                if (on)
                    on->watch(*this);
            }
            return on ? events_of(*on) : POLLNVAL;
        }
        int events_of(any_socket const& s) const {
            return s.events() & (detail::to_poll(wanted.events) | POLLERR | POLLHUP);
        }

        simulation_backend& of;
        native_handle_type const handle;
        interest wanted;
        token const id;
        std::shared_ptr<any_socket> on; ///< nullptr: it was closed, or is one of the real system.
        bool const is_real;
        bool listed = false;
        bool reported = false; ///< Not to be looked at until modify().
    };

    static capabilities abilities() noexcept {
        capabilities can;
        can.oneshot = can.priority = can.closed_handles = can.flags = can.regular_files =
            can.live_updates = true;
        can.resolution = std::chrono::nanoseconds(1);
        return can;
    }

    static void check(native_handle_type handle, std::error_code& ec) {
        if (!me)
            ec = std::make_error_code(
                std::errc::operation_not_permitted); // No thread of the world's.
        else if (real().fcntl(handle, F_GETFD) < 0)
            ec = std::error_code(errno, std::system_category());
    }

    void add(native_handle_type handle, interest wanted, token id, std::error_code& ec) override {
        check(handle, ec);
        if (ec)
            return;
        auto const [i, is_new] =
            entries_.try_emplace(index_of(id), std::make_unique<entry>(*this, handle, wanted, id));
        static_cast<void>(is_new);
        entry& e = *i->second;
        if (e.is_real)
            real_.push_back(&e);
        look_at(e);
        here().wake(this);
    }

    void modify(
        native_handle_type handle, interest wanted, token id, std::error_code& ec) override {
        check(handle, ec);
        if (ec)
            return;
        entry& e = *entries_.find(index_of(id))->second;
        e.wanted = wanted;
        e.reported = false;
        look_at(e);
        here().wake(this);
    }

    void remove(native_handle_type, token id) noexcept override {
        auto const found = entries_.find(index_of(id));
        entry* const e = found->second.get();
        std::erase(listed_, e);
        std::erase(real_, e);
        entries_.erase(found);
    }

    void look_at(entry& e) {
        if (e.is_real || e.listed || e.reported)
            return;
        e.listed = true;
        listed_.push_back(&e);
    }

    void wait(std::chrono::nanoseconds timeout, std::size_t, std::error_code& ec) override {
        if (!me) {
            ec = std::make_error_code(std::errc::operation_not_permitted);
            return;
        }
        world& w = here();
        instant const until = w.after(timeout);
        while (!find_ready(ec) && until > w.now() && !ec) {
            w.block_on("the selector's handles", this, handles_, until);
            // What such a handle tells, it may tell only once.
            if (std::ranges::any_of(handles_, [](pollfd const& h) { return h.revents != 0; })) {
                found_ = true;
                break;
            }
        }
        if (found_)
            w.busy();
        else
            w.idle();
    }

    /// @return whether wait() has come to its end.
    bool find_ready(std::error_code& ec) {
        std::erase_if(listed_, [](entry* e) {
            e->listed = !e->reported && e->events() != 0;
            return !e->listed;
        });
        handles_.clear();
        polled_.clear();
        for (entry const* const e : real_) {
            handles_.push_back(
                {e->reported ? -1 : e->handle, detail::to_poll(e->wanted.events), 0});
            polled_.push_back(e->id);
        }
        int const real_ones =
            handles_.empty() ? 0 : real().poll(handles_.data(), handles_.size(), 0);
        if (real_ones < 0)
            ec = std::error_code(errno, std::system_category());
        found_ = woken_ || real_ones > 0 || !listed_.empty();
        return found_;
    }

    void collect(event_sink& sink) override {
        woken_ = false;
        // No order can be relied upon.
        for (std::size_t i = listed_.size(); i > 1; --i)
            std::swap(listed_[i - 1], listed_[here().random(i)]);
        for (entry* const e : listed_)
            report(*e, e->events(), sink);
        for (std::size_t i = 0; i < handles_.size(); ++i) {
            auto const found = entries_.find(index_of(polled_[i]));
            if (found != entries_.end() && found->second->id == polled_[i])
                report(*found->second, handles_[i].revents, sink);
        }
        handles_.clear();
    }

    static void report(entry& e, int events, event_sink& sink) {
        if (events == 0)
            return;
        event_flags flags = event_flags::none;
        if (events & POLLHUP)
            flags |= event_flags::hang_up;
        if (events & (POLLERR | POLLNVAL))
            flags |= event_flags::error;
        sink.report(e.id, detail::from_poll(events), flags);
        e.reported = (events & POLLNVAL) || e.wanted.mode == trigger::oneshot;
    }

    void wake() noexcept override {
        if (!woken_.exchange(true))
            changed(this);
    }

    void close() noexcept override {
        listed_.clear();
        real_.clear();
        entries_.clear();
    }

    std::unordered_map<std::size_t, std::unique_ptr<entry>> entries_; ///< By registration index.
    std::vector<entry*> listed_;  ///< Those that may be ready, with simulated sockets.
    std::vector<entry*> real_;    ///< Those with handles of the real system.
    std::vector<pollfd> handles_; ///< Of these, as poll(2) wants them.
    std::vector<token> polled_;   ///< Whose they are.
    bool found_ = false;
    std::atomic<bool> woken_{false};
};

} // namespace

std::unique_ptr<selector_backend> make_backend() {
    if (!me)
        throw std::system_error(std::make_error_code(std::errc::not_supported),
            "the simulation's selector, outside of a simulated host");
    return std::make_unique<simulation_backend>();
}

} // namespace boost_selectors::simulated
