// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_TEST_STANDARDS_PARTS_HPP
#define BOOST_SELECTORS_TEST_STANDARDS_PARTS_HPP

#include <boost/asio/io_context.hpp>
#include <boost_selectors/selectors.hpp>
#include <chrono>
#include <memory>

namespace standards {

/// A backend that the C++17 part of a program defines and the C++20 part inspects.
class counting_backend : public boost_selectors::forwarding_backend {
public:
    counting_backend();
    int waits() const noexcept { return waits_; }

private:
    void wait(
        std::chrono::nanoseconds timeout, std::size_t max_events, std::error_code& ec) override;

    int waits_ = 0;
};

// Defined in the part that is compiled as C++17, and used by the part in C++20.

std::unique_ptr<boost_selectors::base_selector> make_selector_elsewhere();
std::unique_ptr<boost::asio::io_context> make_context_elsewhere();
boost_selectors::ready_list select_elsewhere(
    boost_selectors::base_selector& selector, boost_selectors::native_handle_type handle);
std::size_t walk_elsewhere(boost_selectors::base_selector& selector);
bool is_keyed_elsewhere(boost_selectors::keyed_selector<int>& selector,
    boost_selectors::handle_argument handle, int value);

} // namespace standards

#endif
