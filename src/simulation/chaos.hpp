// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#ifndef BOOST_SELECTORS_SRC_SIMULATION_CHAOS_HPP
#define BOOST_SELECTORS_SRC_SIMULATION_CHAOS_HPP

#include "world.hpp"

namespace boost_selectors::simulated {

/// From time to time something goes wrong with a link or a host, and is mended a little later.
struct world::chaos final : timed {
    explicit chaos(world& w)
        : in(w) {}

    void due() override;
    void plan(std::chrono::nanoseconds longest);
    void go_wrong();
    void mend();

    world& in;
    link* broken = nullptr;
};

} // namespace boost_selectors::simulated

#endif
