// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// No link within the site is broken, and nothing is fetched from elsewhere.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { LinkChecker } from 'linkinator'
import { SITE, pages } from './site.mjs'

test('links lead to pages and to places on them', async () => {
  const { links } = await new LinkChecker().check({
    path: '.',
    serverRoot: SITE,
    recurse: true,
    checkFragments: true,
    linksToSkip: async (link) => !link.startsWith('http://localhost'),
  })
  const broken = links.filter((link) => link.state === 'BROKEN')
  assert.deepEqual(broken.map((link) => `${link.parent}: ${link.url}`), [])
  assert.ok(links.filter((link) => link.state === 'OK').length > pages.length)
})

test('nothing is fetched from elsewhere', () => {
  for (const page of pages) {
    const html = readFileSync(page.file, 'utf8')
    const fetched = [...html.matchAll(/<(?:link|script|img|iframe)\b[^>]*?(?:href|src)="([^"]*)"/g)]
    for (const [, address] of fetched) assert.doesNotMatch(address, /^(https?:)?\/\//, page.name)
  }
})
