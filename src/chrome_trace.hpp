// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)
#ifndef BOOST_SELECTORS_SRC_CHROME_TRACE_HPP
#define BOOST_SELECTORS_SRC_CHROME_TRACE_HPP

// Timelines in the Chrome trace format (JSON), which ui.perfetto.dev shows.

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <initializer_list>
#include <map>
#include <string_view>
#include <utility>

namespace boost_selectors {

/// Writes a trace. Call ferror() to learn of write errors.
class chrome_trace {
public:
    /// A row of the picture: a thread of a process.
    struct track {
        std::uint32_t process;
        std::uint32_t thread;

        auto operator<=>(track const&) const = default;
    };
    using time = std::chrono::nanoseconds;

    explicit chrome_trace(std::FILE* to);
    ~chrome_trace();
    chrome_trace(chrome_trace const&) = delete;
    chrome_trace& operator=(chrome_trace const&) = delete;

    void name_process(std::uint32_t process, std::string_view name);
    void name_track(track t, std::string_view name);

    /// Adds something that took time. If the last one of the track has not ended when it begins, it is
    /// moved to that end, since they must not overlap.
    /// @param numbers what is said about it.
    /// @return when it begins.
    time add_slice(track t, time begin, time end, std::string_view name,
        std::initializer_list<std::pair<std::string_view, std::int64_t>> numbers = {});

    /// Adds something that happened to all.
    void add_mark(track t, time at, std::string_view name);

    /// An arrow from the slice at the time to the one of arrow_end().
    void arrow_begin(track t, time at, std::uint64_t id);
    void arrow_end(track t, time at, std::uint64_t id);

private:
    void begin_event(char kind, track t, std::string_view name);
    void write_name(std::string_view name);
    void write_time(char const* key, time t);

    std::FILE* const to_;
    bool first_ = true;
    std::map<track, time> ends_; ///< Of the last slices.
};

} // namespace boost_selectors

#endif
