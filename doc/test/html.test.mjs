// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Each page is valid HTML, as the Nu HTML Checker sees it.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { pages } from './site.mjs'

const package_ = createRequire(import.meta.url).resolve('vnu-jar/package.json')
const JAR = join(dirname(package_), 'build/dist/vnu.jar')

test('HTML is valid', () => {
  const { stderr, status } = spawnSync('java',
    ['-jar', JAR, '--Werror', '--format', 'gnu', ...pages.map((page) => page.file)],
    { encoding: 'utf8', maxBuffer: 1 << 26 })
  assert.equal(stderr, '')
  assert.equal(status, 0)
})
