// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// picture::NAME[alternative text] draws doc/pictures/NAME.pikchr into the page, in its colours.

'use strict'

const fs = require('node:fs')
const path = require('node:path')
const loadPikchr = require('pikchr-js')

const FOLDER = path.join(__dirname, '../pictures')
const PREAMBLE = path.join(FOLDER, 'style.pikchr')

// The colours that style.pikchr names, and what they are in the page's style sheet.
const COLOURS = {
  'rgb(0,0,0)': 'var(--ink, #1b1f24)',
  'rgb(1,1,1)': 'var(--accent, #0b5cad)',
  'rgb(2,2,2)': 'var(--panel, #eef2f6)',
  'rgb(3,3,3)': 'var(--quiet, #59636e)',
  'rgb(4,4,4)': 'var(--accent-soft, #d6e6f7)',
  'rgb(255,255,255)': 'var(--page, #ffffff)',
}

let pikchr

/** To be awaited before anything is drawn. */
async function prepare () {
  pikchr = await loadPikchr()
}

/** The picture of that name as SVG. */
function draw (name, alt) {
  const source = [PREAMBLE, path.join(FOLDER, name + '.pikchr')]
    .map((file) => fs.readFileSync(file, 'utf8')).join('\n')
  const svg = String(pikchr(source))
  if (!svg.startsWith('<svg')) throw new Error(name + '.pikchr: ' + svg)
  const text = alt.replace(/[&<"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '"': '&quot;' })[c])
  return svg
    .replace(/<svg [^>]*viewBox="([^"]*)"[^>]*>/, (_, box) => {
      const width = Math.ceil(box.split(' ')[2])
      return '<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="' + text +
        '" viewBox="' + box + '" style="width:' + width + 'px">'
    })
    .replace(/ fill="(rgb\([\d,]*\))"/g, ' style="fill:$1"')
    .replace(/rgb\([\d,]*\)/g, (colour) => COLOURS[colour] ?? colour)
    .trim()
}

module.exports = { prepare, draw }

module.exports.register = (registry) => {
  registry.blockMacro('picture', function () {
    this.positionalAttributes('alt')
    this.process((parent, target, attributes) => {
      if (!attributes.alt) throw new Error('picture::' + target + ' has no alternative text')
      const html = '<figure class="picture">' + draw(target, attributes.alt) + '</figure>'
      return this.createBlock(parent, 'pass', html)
    })
  })
}
