// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Whether the page at that address is this entry of the navigation, or below it.
module.exports = function within (item, url) {
  return item.url === url || (item.items ?? []).some((below) => within(below, url))
}
