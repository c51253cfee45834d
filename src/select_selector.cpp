// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#if defined(__APPLE__)
#    define _DARWIN_UNLIMITED_SELECT 1
#endif

#include "posix.hpp"
#include "waker.hpp"
#include <algorithm>
#include <bit>
#include <boost_selectors/select_selector.hpp>
#include <sys/select.h>
#include <type_traits>
#include <vector>

namespace boost_selectors {

using detail::last_error;

namespace {

/// A descriptor set in the system's layout, but as large as it has to be.
class descriptor_set {
public:
    using word = std::make_unsigned_t<std::remove_extent_t<decltype(fd_set::fds_bits)>>;
    static constexpr std::size_t word_bits = sizeof(word) * 8;

    void resize(std::size_t words) { words_.resize(words); }
    std::size_t size() const noexcept { return words_.size(); }
    word operator[](std::size_t i) const noexcept { return words_[i]; }

    void set(int fd, bool on) noexcept {
        auto const index = static_cast<std::size_t>(fd);
        word const bit = word{1} << index % word_bits;
        word& w = words_[index / word_bits];
        w = on ? w | bit : w & ~bit;
    }

    bool test(int fd) const noexcept {
        auto const index = static_cast<std::size_t>(fd);
        return (words_[index / word_bits] >> index % word_bits & 1) != 0;
    }

    fd_set* get() noexcept { return reinterpret_cast<fd_set*>(words_.data()); }

private:
    std::vector<word> words_;
};

} // namespace

struct select_selector::backend {
    struct entry {
        token id;
        interest wanted = event::none;
    };

    struct sets {
        descriptor_set read, write, priority;

        void resize(std::size_t words) {
            read.resize(words);
            write.resize(words);
            priority.resize(words);
        }

        void set(int fd, event events) noexcept {
            read.set(fd, has(events, event::read));
            write.set(fd, has(events, event::write));
            priority.set(fd, has(events, event::priority));
        }

        event test(int fd) const noexcept {
            return (read.test(fd) ? event::read : event::none) |
                   (write.test(fd) ? event::write : event::none) |
                   (priority.test(fd) ? event::priority : event::none);
        }

        descriptor_set::word any(std::size_t i) const noexcept {
            return read[i] | write[i] | priority[i];
        }
    };

    backend() { reset(); }

    void reset() {
        wanted = found = sets();
        entries.clear();
        closed.clear();
        count = 0;
        watch(wake.handle(), {token{0}, event::read});
    }

    void watch(int fd, entry const& e) {
        auto const index = static_cast<std::size_t>(fd);
        if (index >= entries.size()) {
            // To a whole word, so that all sets always have a place for all entries.
            std::size_t const words = index / descriptor_set::word_bits + 1;
            wanted.resize(words);
            found.resize(words);
            entries.resize(words * descriptor_set::word_bits);
        }
        entries[index] = e;
        wanted.set(fd, e.wanted.events);
    }

    /// Takes the closed descriptors, for which select() failed, out of the sets.
    void find_closed() {
        for (std::size_t i = 0; i < entries.size(); ++i) {
            int const fd = static_cast<int>(i);
            std::error_code ec;
            if (wanted.test(fd) != event::none)
                detail::check_open(fd, ec);
            if (ec) {
                wanted.set(fd, event::none);
                closed.push_back(entries[i].id);
            }
        }
    }

    int wait(std::chrono::nanoseconds timeout) noexcept {
        found = wanted;
        detail::timespec_timeout const time(timeout);
        return ::pselect(static_cast<int>(entries.size()), found.read.get(), found.write.get(),
            found.priority.get(), time.get(), nullptr);
    }

    detail::waker wake;
    sets wanted;
    sets found;
    std::vector<entry> entries; ///< By descriptor.
    std::vector<token> closed;  ///< Found closed, not yet reported.
    int count = 0;
};

select_selector::select_selector()
    : backend_(std::make_unique<backend>()) {}

select_selector::~select_selector() {
    close();
}

void select_selector::do_register(
    native_handle_type handle, interest wanted, token id, std::error_code& ec) {
    detail::check_open(handle, ec);
    if (!ec)
        backend_->watch(handle, {id, wanted});
}

void select_selector::do_modify(
    native_handle_type handle, interest wanted, token id, std::error_code& ec) {
    do_register(handle, wanted, id, ec);
}

void select_selector::do_unregister(native_handle_type handle, token id) noexcept {
    std::erase(backend_->closed, id);
    backend_->wanted.set(handle, event::none);
}

void select_selector::do_wait(std::chrono::nanoseconds timeout, std::size_t, std::error_code& ec) {
    backend& b = *backend_;
    while (true) {
        b.count = b.wait(b.closed.empty() ? timeout : std::chrono::nanoseconds::zero());
        if (b.count != -1)
            return;
        ec = last_error();
        if (ec != std::errc::bad_file_descriptor)
            return;
        ec.clear();
        b.find_closed();
    }
}

void select_selector::do_collect() {
    backend& b = *backend_;
    for (token const id : b.closed)
        report(id, event::none, false, true);
    b.closed.clear();
    for (std::size_t i = 0; b.count > 0 && i < b.found.read.size(); ++i) {
        for (auto word = b.found.any(i); word != 0; word &= word - 1) {
            int const fd = static_cast<int>(i * descriptor_set::word_bits) + std::countr_zero(word);
            event const ready = b.found.test(fd);
            b.count -= std::popcount(static_cast<unsigned>(ready));
            backend::entry const& e = b.entries[static_cast<std::size_t>(fd)];
            if (fd == b.wake.handle()) {
                b.wake.drain();
                continue;
            }
            report(e.id, ready);
            if (e.wanted.mode == trigger::oneshot)
                b.wanted.set(fd, event::none); // Until do_modify().
        }
    }
}

void select_selector::do_wakeup() noexcept {
    backend_->wake.signal();
}

void select_selector::do_close() noexcept {
    backend_->wanted = backend_->found = {};
    backend_->entries.clear();
    backend_->closed.clear();
}

capabilities select_selector::do_capabilities() const noexcept {
    capabilities can;
    can.oneshot = can.priority = true;
    can.regular_files = true;
    can.closed_handles = true;
    can.resolution = std::chrono::nanoseconds(1);
    return can;
}

std::string_view select_selector::do_name() const noexcept {
    return "select";
}

void select_selector::do_fork_child(std::error_code& ec) {
    backend_->wake.recreate(ec);
    backend_->reset();
}

} // namespace boost_selectors
