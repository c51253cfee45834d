// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <boost_selectors/event.hpp>
#include <boost_selectors/interest.hpp>
#include <ostream>

namespace boost_selectors {

std::ostream& operator<<(std::ostream& out, event e) {
    if (e == event::none)
        return out << "none";
    char const* separator = "";
    auto const print = [&](event one, char const* name) {
        if (!has(e, one))
            return;
        out << separator << name;
        separator = "|";
    };
    print(event::read, "read");
    print(event::write, "write");
    print(event::priority, "priority");
    return out;
}

std::ostream& operator<<(std::ostream& out, trigger mode) {
    switch (mode) {
    case trigger::level:
        return out << "level";
    case trigger::edge:
        return out << "edge";
    case trigger::oneshot:
        return out << "oneshot";
    }
    return out << "trigger(" << static_cast<unsigned>(mode) << ')';
}

std::ostream& operator<<(std::ostream& out, interest wanted) {
    out << wanted.events;
    if (wanted.mode != trigger::level)
        out << " (" << wanted.mode << ')';
    return out;
}

} // namespace boost_selectors
