// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The picture of the README, which can't draw it by itself: doc/pictures/layers.svg.
//
//   node doc/lib/readme_picture.js            writes it
//   node doc/lib/readme_picture.js --check    fails if it is not what it would write

'use strict'

const fs = require('node:fs')
const path = require('node:path')
const { prepare, draw } = require('./pictures')

const FILE = path.join(__dirname, '../pictures/layers.svg')
const ALT = 'The core with its backends, and above it the Asio layer, on which Boost.Asio stands'
const STYLE = `<style>
:root { --ink: #1b1f24; --quiet: #59636e; --panel: #f3f6f9; --accent: #0b5cad; --accent-soft: #dbe9f8; --page: #fff }
@media (prefers-color-scheme: dark) {
:root { --ink: #e3e8ee; --quiet: #9aa6b2; --panel: #1d232a; --accent: #6cb2f5; --accent-soft: #1e3a56; --page: #14181d }
}
text { font-family: system-ui, sans-serif; font-size: 15px }
text[font-family] { font-family: ui-monospace, monospace; font-size: 13px }
</style>`

async function main () {
  await prepare()
  const svg = draw('layers', ALT).replace(/(<svg [^>]*>)/, '$1\n' + STYLE) + '\n'
  if (!process.argv.includes('--check')) return fs.writeFileSync(FILE, svg)
  if (fs.existsSync(FILE) && fs.readFileSync(FILE, 'utf8') === svg) return
  console.error('doc/pictures/layers.svg is old: node doc/lib/readme_picture.js')
  process.exitCode = 1
}

main()
