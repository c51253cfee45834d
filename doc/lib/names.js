// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// `name` in a page's text becomes a link to the reference if the reference has that name.

'use strict'

const fs = require('node:fs')
const path = require('node:path')

const INDEX = path.join(__dirname, '../../out/docs/reference-index.json')

module.exports.register = (registry, { file }) => {
  const names = JSON.parse(fs.readFileSync(INDEX, 'utf8'))
  const inReference = file.src.relative.startsWith('reference/')
  registry.postprocessor(function () {
    this.process((doc, html) => inReference ? html : link(html, names, file.pub.moduleRootPath))
  })
}

// Not within links, headings and code blocks.
function link (html, names, root) {
  // The system's and Asio's functions are written as [.other]`close()`.
  const skipped = /<(a|h[1-6]|pre|svg)\b[\s\S]*?<\/\1>|<code class="other">[^<]*<\/code>/
  // A name, perhaps with template arguments, and a call; but for select(2) and its like.
  const code = /<code>([\w:]+)(?:&lt;\w+&gt;)?(\((?!\d)[^<)]*\))?<\/code>/
  return html.replace(new RegExp(skipped.source + '|' + code.source, 'g'), (all, _, name, call) => {
    const target = name && names[name.replace(/^(boost_selectors|test)::/, '') + (call ? '()' : '')]
    return target ? '<a class="name" href="' + root + '/' + target + '">' + all + '</a>' : all
  })
}
