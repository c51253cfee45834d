// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// A table that is too wide for the page scrolls by itself.

'use strict'

module.exports.register = (registry) => {
  registry.postprocessor(function () {
    this.process((_, html) => html.replace(/<table class="tableblock[\s\S]*?<\/table>/g,
      (table) => `<div class="table-scroll">${table}</div>`))
  })
}
