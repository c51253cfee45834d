// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

#include <boost_selectors/base_selector.hpp>
#include <boost_selectors/map_view.hpp>

namespace boost_selectors {

map_view::iterator& map_view::iterator::operator++() {
    key_ = selector_->next_key(next_);
    return *this;
}

std::size_t map_view::size() const noexcept {
    return selector_->size();
}

selector_key map_view::operator[](handle_argument handle) const {
    return selector_->get_key(handle);
}

bool map_view::contains(handle_argument handle) const noexcept {
    return selector_->find(handle).has_value();
}

} // namespace boost_selectors
