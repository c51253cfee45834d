// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)
#ifndef BOOST_SELECTORS_SRC_SIMULATION_RECORDING_HPP
#define BOOST_SELECTORS_SRC_SIMULATION_RECORDING_HPP

// What happens in a world, written to files for people to look at.

#include "../chrome_trace.hpp"
#include "packet_file.hpp"
#include "timeline.hpp"
#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>

namespace boost_selectors::simulated {

struct thread;
class network;

/// Environment variables that name files for a recording.
inline constexpr char const* trace_variable = "BOOST_SELECTORS_TRACE";
inline constexpr char const* packets_variable = "BOOST_SELECTORS_PACKETS";

class recording {
public:
    /// @param trace the file's name; empty: none. So is @p packets.
    /// @throws std::system_error if one can't be opened.
    recording(std::string const& trace, std::string const& packets);
    ~recording();

    void add_host(host const& h, network const& net);
    void add_thread(thread const& t);
    void call(
        thread const& by, instant at, char const* what, std::int64_t handle, std::int64_t result);
    void wait(thread const& of, instant from, instant until);
    /// Something that the test or chance did to the world.
    void fault(instant at, std::string const& what);

    /// @param by who called the function that sends it; nullptr: nobody.
    /// @return its number, for arrive().
    std::uint64_t send(packet const& p, instant at, bool lost, thread const* by);
    void arrive(host const& to, instant at, std::uint64_t number);

private:
    /// A file that says so if it could not be written.
    class file {
    public:
        explicit file(std::string name);
        ~file();
        file(file const&) = delete;
        file& operator=(file const&) = delete;

        std::FILE* handle() const noexcept { return handle_; }

    private:
        std::string const name_;
        std::FILE* const handle_;
    };

    std::optional<file> trace_file_;
    std::optional<file> packet_file_;
    std::optional<chrome_trace> trace_;
    std::optional<packet_file> packets_;
    std::uint64_t sent_ = 0;
    instant last_sent_{0}; ///< When the last packet was sent, by the timeline.
};

} // namespace boost_selectors::simulated

#endif
