// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include "immortal.hpp"
#include <boost_selectors/error.hpp>
#include <string>

namespace boost_selectors {
namespace {

class category final : public std::error_category {
public:
    char const* name() const noexcept override { return "boost_selectors"; }

    std::string message(int value) const override {
        switch (static_cast<error>(value)) {
        case error::already_registered:
            return "already registered";
        case error::not_registered:
            return "not registered";
        case error::invalid_events:
            return "invalid events";
        case error::invalid_handle:
            return "invalid handle";
        case error::closed:
            return "the selector is closed";
        case error::unsupported_trigger:
            return "this selector does not have that trigger mode";
        case error::unsupported_event:
            return "this selector does not have that event";
        case error::limit_reached:
            return "the selector cannot hold this handle";
        case error::already_selecting:
            return "another select() is under way";
        case error::unknown_backend:
            return "unknown selector";
        case error::forked:
            return "this is a child process in which notify_fork() was not called";
        case error::backend_failed:
            return "the selector's backend threw an exception";
        }
        return "unknown error";
    }
};

} // namespace

std::error_category const& selectors_category() noexcept {
    static detail::immortal<category> const instance;
    return instance.value;
}

void detail::throw_error(std::error_code ec, char const* what) {
    throw std::system_error(ec, what);
}

} // namespace boost_selectors
