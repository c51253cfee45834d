// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef GUEST_HPP
#define GUEST_HPP

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost_selectors/asio.hpp>
#include <chrono>

/// Asio in a loop that is not its own.
class guest {
public:
    explicit guest(boost_selectors::selector_context& context)
        : context_(context)
        , work_(context.get_executor()) {}

    /// To be watched for readability.
    int descriptor() { return context_.native_handle(); }

    /// To be called before each wait: calls handlers, but so few that the other loop has its turn.
    /// @return how long the wait may last, in milliseconds; -1 for ever.
    int before_wait() {
        for (int left = 100; context_.poll_one() != 0;)
            if (--left == 0)
                return 0; // There is more to do.
        auto const deadline = context_.next_deadline();
        if (!deadline || context_.stopped())
            return -1;
        using std::chrono::milliseconds;
        auto const left =
            std::chrono::ceil<milliseconds>(*deadline - std::chrono::steady_clock::now());
        return static_cast<int>(std::clamp<milliseconds::rep>(left.count(), 0, 60'000));
    }

private:
    boost_selectors::selector_context& context_;
    boost::asio::executor_work_guard<boost_selectors::selector_context::executor_type> work_;
};

#endif
