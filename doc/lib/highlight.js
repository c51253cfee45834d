// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Colours source code while the site is built, so that pages need no script for it.

'use strict'

const hljs = require('highlight.js')

const LANGUAGES = { console: 'shell', sh: 'bash', 'c++': 'cpp', hpp: 'cpp', jam: 'plaintext', text: 'plaintext' }

module.exports.register = (registry) => {
  registry.treeProcessor(function () {
    this.process((doc) => {
      for (const block of doc.findBy({ context: 'listing', style: 'source' })) {
        const wanted = block.getAttribute('language')
        const language = LANGUAGES[wanted] ?? wanted
        if (!language || !hljs.getLanguage(language)) continue
        const { value } = hljs.highlight(block.getSource(), { language, ignoreIllegals: true })
        block.lines = value.split('\n')
        block.subs = []
      }
    })
  })
}
