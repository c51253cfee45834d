// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What pages need for narrow screens, keyboards and screen readers, and Asciidoctor does not write.

'use strict'

module.exports.register = (registry) => {
  registry.postprocessor(function () {
    this.process((_, html) => html
      // A table that is too wide for the page scrolls by itself.
      .replace(/<table class="tableblock[\s\S]*?<\/table>/g, '<div class="table-scroll">$&</div>')
      .replace(/<th( class="[^"]*")><\/th>/g, '<td$1></td>')
      .replace(/<a class="anchor" /g, '$&aria-label="Link to this section" '))
  })
}
