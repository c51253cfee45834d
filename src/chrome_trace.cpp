// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)
#include "chrome_trace.hpp"
#include <algorithm>

// The format: "Trace Event Format", a document of the Chromium project.

namespace boost_selectors {

chrome_trace::chrome_trace(std::FILE* to)
    : to_(to) {
    std::fputs("[", to_);
}

chrome_trace::~chrome_trace() {
    std::fputs("\n]\n", to_);
}

void chrome_trace::write_name(std::string_view name) {
    std::fputc('"', to_);
    for (char const c : name) {
        if (c == '"' || c == '\\')
            std::fputc('\\', to_);
        if (static_cast<unsigned char>(c) < ' ')
            std::fprintf(to_, "\\u%04x", static_cast<unsigned>(c));
        else
            std::fputc(c, to_);
    }
    std::fputc('"', to_);
}

/// In microseconds, which have three decimals.
void chrome_trace::write_time(char const* key, time t) {
    auto const ns = static_cast<long long>(t.count());
    std::fprintf(to_, R"(,"%s":%lld.%03lld)", key, ns / 1000, ns % 1000);
}

void chrome_trace::begin_event(char kind, track t, std::string_view name) {
    std::fprintf(to_, R"(%s{"ph":"%c","pid":%u,"tid":%u,"name":)", first_ ? "\n" : ",\n", kind,
        t.process, t.thread);
    first_ = false;
    write_name(name);
}

void chrome_trace::name_process(std::uint32_t process, std::string_view name) {
    begin_event('M', {process, 0}, "process_name");
    std::fputs(R"(,"args":{"name":)", to_);
    write_name(name);
    std::fputs("}}", to_);
}

void chrome_trace::name_track(track t, std::string_view name) {
    begin_event('M', t, "thread_name");
    std::fputs(R"(,"args":{"name":)", to_);
    write_name(name);
    std::fputs("}}", to_);
}

chrome_trace::time chrome_trace::add_slice(track t, time begin, time end, std::string_view name,
    std::initializer_list<std::pair<std::string_view, std::int64_t>> numbers) {
    time& last_end = ends_.try_emplace(t, begin).first->second;
    time const moved = std::max(begin, last_end);
    last_end = moved + (end - begin);
    begin_event('X', t, name);
    write_time("ts", moved);
    write_time("dur", end - begin);
    char const* before = R"(,"args":{)";
    for (auto const& [key, value] : numbers) {
        std::fputs(std::exchange(before, ","), to_);
        write_name(key);
        std::fprintf(to_, ":%lld", static_cast<long long>(value));
    }
    std::fputs(numbers.size() > 0 ? "}}" : "}", to_);
    std::fflush(to_); // The program may end by a signal.
    return moved;
}

void chrome_trace::add_mark(track t, time at, std::string_view name) {
    begin_event('i', t, name);
    write_time("ts", at);
    std::fputs(R"(,"s":"g"})", to_);
}

void chrome_trace::arrow_begin(track t, time at, std::uint64_t id) {
    begin_event('s', t, "message");
    write_time("ts", at);
    std::fprintf(to_, R"(,"cat":"message","id":%llu})", static_cast<unsigned long long>(id));
}

void chrome_trace::arrow_end(track t, time at, std::uint64_t id) {
    begin_event('f', t, "message");
    write_time("ts", at);
    std::fprintf(
        to_, R"(,"cat":"message","bp":"e","id":%llu})", static_cast<unsigned long long>(id));
}

} // namespace boost_selectors
