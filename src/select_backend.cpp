// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#if defined(__APPLE__)
#    define _DARWIN_UNLIMITED_SELECT 1
#endif

#include "backends.hpp"
#include "posix.hpp"
#include "waker.hpp"
#include <algorithm>
#include <bit>
#include <sys/select.h>
#include <type_traits>
#include <vector>

namespace boost_selectors {

using detail::last_error;

namespace {

/// A descriptor set in the system's layout, but of any size.
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

/// The three sets that select() takes.
struct descriptor_sets {
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

class select_backend final : public selector_backend {
public:
    select_backend()
        : selector_backend("select", abilities()) {
        start();
    }

private:
    static capabilities abilities() noexcept {
        capabilities can;
        can.oneshot = can.priority = true;
        can.regular_files = true;
        can.closed_handles = true;
        can.resolution = std::chrono::nanoseconds(1);
        return can;
    }

    void add(native_handle_type handle, interest wanted, token id, std::error_code& ec) override {
        detail::check_open(handle, ec);
        if (!ec)
            watch(handle, {id, wanted});
    }

    void modify(
        native_handle_type handle, interest wanted, token id, std::error_code& ec) override {
        add(handle, wanted, id, ec);
    }

    void remove(native_handle_type handle, token id) noexcept override {
        closed_.erase(std::remove(closed_.begin(), closed_.end(), id), closed_.end());
        wanted_.set(handle, event::none);
    }

    void wait(std::chrono::nanoseconds timeout, std::size_t, std::error_code& ec) override {
        while (true) {
            count_ = system_select(closed_.empty() ? timeout : std::chrono::nanoseconds::zero());
            if (count_ != -1)
                return;
            ec = last_error();
            if (ec != std::errc::bad_file_descriptor)
                return;
            ec.clear();
            find_closed();
        }
    }

    void collect(event_sink& sink) override {
        for (token const id : closed_)
            sink.report(id, event::none, event_flags::error);
        closed_.clear();
        for (std::size_t i = 0; count_ > 0 && i < found_.read.size(); ++i) {
            for (auto word = found_.any(i); word != 0; word &= word - 1) {
                int const fd =
                    static_cast<int>(i * descriptor_set::word_bits) + std::countr_zero(word);
                event const ready = found_.test(fd);
                count_ -= std::popcount(static_cast<unsigned>(ready));
                entry const& e = entries_[static_cast<std::size_t>(fd)];
                if (fd == waker_.handle()) {
                    waker_.drain();
                    continue;
                }
                sink.report(e.id, ready);
                if (e.wanted.mode == trigger::oneshot)
                    wanted_.set(fd, event::none); // Not watched until modify().
            }
        }
    }

    void wake() noexcept override { waker_.signal(); }

    void close() noexcept override {
        wanted_ = found_ = {};
        entries_.clear();
        closed_.clear();
    }

    void abandon() noexcept override { waker_.close(); }

    void after_fork(std::error_code& ec) override {
        abandon();
        close();
        waker_.open(ec);
        if (!ec)
            start();
    }

    struct entry {
        token id;
        interest wanted = event::none;
    };

    /// Watches only the waker.
    void start() {
        count_ = 0;
        watch(waker_.handle(), {token{0}, event::read});
    }

    void watch(int fd, entry const& e) {
        auto const index = static_cast<std::size_t>(fd);
        if (index >= entries_.size()) {
            // Round up to a whole word, so that all sets always have a place for all entries.
            std::size_t const words = index / descriptor_set::word_bits + 1;
            wanted_.resize(words);
            found_.resize(words);
            entries_.resize(words * descriptor_set::word_bits);
        }
        entries_[index] = e;
        wanted_.set(fd, e.wanted.events);
    }

    int system_select(std::chrono::nanoseconds timeout) {
        found_ = wanted_;
        detail::timespec_timeout const time(timeout);
        return ::pselect(static_cast<int>(entries_.size()), found_.read.get(), found_.write.get(),
            found_.priority.get(), time.get(), nullptr);
    }

    /// Finds the closed descriptors that made select() fail, and removes them from the sets.
    void find_closed() {
        for (std::size_t i = 0; i < entries_.size(); ++i) {
            int const fd = static_cast<int>(i);
            std::error_code ec;
            if (wanted_.test(fd) != event::none)
                detail::check_open(fd, ec);
            if (ec) {
                closed_.push_back(entries_[i].id);
                wanted_.set(fd, event::none);
            }
        }
    }

    detail::waker waker_;
    descriptor_sets wanted_;
    descriptor_sets found_;
    std::vector<entry> entries_; ///< Indexed by descriptor.
    std::vector<token> closed_;  ///< Found closed, not yet reported.
    int count_ = 0;              ///< What select() returned.
};

} // namespace

std::unique_ptr<selector_backend> detail::make_select_backend() {
    return std::make_unique<select_backend>();
}

} // namespace boost_selectors
