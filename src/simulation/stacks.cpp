// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "stacks.hpp"
#include "baton.hpp"
#include <cstdlib>
#include <cxxabi.h>
#include <dlfcn.h>
#include <execinfo.h>
#include <filesystem>
#include <iterator>
#include <memory>
#include <sstream>

namespace boost_selectors::simulated {
namespace {

/// Nobody else uses it to any purpose, and by default it does nothing.
constexpr int stack_signal = SIGURG;
constexpr int most_frames = 48;
/// The handler's own, and the C library's that calls it.
constexpr int frames_of_handler = 2;

void* frames[most_frames];
int frame_count = 0;
baton answered;

void answer(int) {
    frame_count = ::backtrace(frames, most_frames);
    answered.give();
}

std::string describe(void* address) {
    std::ostringstream text;
    Dl_info info;
    if (::dladdr(address, &info) == 0) {
        text << address;
        return text.str();
    }
    if (info.dli_sname) {
        int status = 0;
        std::unique_ptr<char, decltype(&std::free)> const name(
            abi::__cxa_demangle(info.dli_sname, nullptr, nullptr, &status), &std::free);
        text << (status == 0 ? name.get() : info.dli_sname);
    } else {
        // addr2line's arguments.
        auto const offset = static_cast<char*>(address) - static_cast<char*>(info.dli_fbase);
        text << info.dli_fname << " 0x" << std::hex << offset;
    }
    return text.str();
}

/// After those of the simulation's library, which say nothing to users.
int first_frame() {
    Dl_info own;
    Dl_info info;
    int i = frames_of_handler;
    if (::dladdr(reinterpret_cast<void*>(&answer), &own) != 0)
        while (
            i < frame_count && ::dladdr(frames[i], &info) != 0 && info.dli_fbase == own.dli_fbase)
            ++i;
    return i < frame_count ? i : frames_of_handler;
}

} // namespace

std::string describe_stack(pthread_t of) {
    ::backtrace(frames, 1); // So that it is loaded before a handler calls it.
    struct sigaction ours {
    }, old;
    ours.sa_handler = answer;
    ours.sa_flags = SA_RESTART;
    ::sigaction(stack_signal, &ours, &old);
    std::string text;
    frame_count = 0;
    if (::pthread_kill(of, stack_signal) == 0 && answered.await_for(std::chrono::seconds(1)))
        for (int i = first_frame(); i < frame_count; ++i)
            text += "    " + describe(frames[i]) + '\n';
    ::sigaction(stack_signal, &old, nullptr);
    return text;
}

bool other_threads_exist(std::size_t known) {
    std::filesystem::directory_iterator const tasks("/proc/self/task");
    return static_cast<std::size_t>(std::distance(begin(tasks), end(tasks))) > known;
}

} // namespace boost_selectors::simulated
