// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// plot::NAME[alternative text] puts images/NAME.svg, which scripts/bench drew, into the page, in its colours.

'use strict'

const fs = require('node:fs')
const path = require('node:path')
const { optimize } = require('svgo')

const FOLDER = path.join(__dirname, '../modules/ROOT/images')

// The colours that bench/compare/plots.py gives to text and grid, and what they are in the style sheet.
const COLOURS = { '#1b1f24': 'var(--ink)', '#d5dbe1': 'var(--line)' }

function load (name) {
  const { data } = optimize(fs.readFileSync(path.join(FOLDER, name + '.svg'), 'utf8'), {
    plugins: [
      'removeDoctype', 'removeXMLProcInst', 'removeMetadata', 'cleanupIds',
      { name: 'prefixIds', params: { prefix: name } },
    ],
  })
  return data.replace(/#1b1f24|#d5dbe1/g, (colour) => COLOURS[colour])
}

module.exports.register = (registry) => {
  registry.blockMacro('plot', function () {
    this.positionalAttributes('alt')
    this.process((parent, target, attributes) => {
      if (!attributes.alt) throw new Error('plot::' + target + ' has no alternative text')
      const alt = attributes.alt.replace(/[&<"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '"': '&quot;' })[c])
      const svg = load(target).replace('<svg ', '<svg role="img" aria-label="' + alt + '" ')
      return this.createBlock(parent, 'pass', '<figure class="plot">' + svg + '</figure>')
    })
  })
}
