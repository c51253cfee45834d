// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// What people search for, and the page that must come first.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import test from 'node:test'
import { SITE } from './site.mjs'

const EXPECTED = {
  'poll': 'reference/poll_selector.html',
  'epoll': 'reference/epoll_selector.html',
  'io_uring': 'reference/io_uring_selector.html',
  'kqueue': 'reference/kqueue_selector.html',
  'iocp': 'reference/iocp_selector.html',
  'poll_selector': 'reference/poll_selector.html',
  'boost_selectors::poll_selector': 'reference/poll_selector.html',
  'register_handle': 'reference/base_selector.html',
  'selector_context': 'reference/selector_context.html',
  'qt': 'guide/foreign-loops.html',
  'gui': 'guide/foreign-loops.html',
  'glib': 'guide/foreign-loops.html',
  'multithreading': 'guide/threads.html',
  'multithr': 'guide/threads.html', // While it is being typed.
  'multi-threaded server': 'tutorial/threads.html',
  'thread safety': 'guide/threads.html',
  'benchmark': 'performance.html',
  'memory': 'performance.html',
  'is it faster than asio': 'performance.html',
  'parts of this program were compiled with': 'asio/one-configuration.html',
  'standalone asio': 'asio/one-configuration.html',
  'how to choose a backend': 'guide/backends.html',
  'BOOST_SELECTORS_BACKEND': 'guide/backends.html',
  'add_subdirectory': 'getting-started.html',
  'cmake': 'getting-started.html',
  'install': 'getting-started.html',
  'debian package': 'getting-started.html',
  'windows': 'getting-started.html',
  'macos': 'getting-started.html',
  'Writing a selector': 'guide/writing-a-selector.html',
  'conformance suite': 'reference/conformance.html',
  'existing project': 'asio/existing-project.html',
  'fork': 'guide/fork.html',
  'timeout': 'guide/timeouts.html',
  'wake up another thread': 'guide/wakeup.html',
  'edge triggered': 'guide/triggers.html',
  'statistics': 'guide/statistics.html',
  'from python selectors': 'from-python.html',
  'comparison with libuv': 'comparison.html',
  'ssl': 'tutorial/tls.html',
  'how does it work': 'asio/hook.html',
  'a fork in the xyzzyplugh': 'guide/fork.html', // Some of the words will do.
}

const require = createRequire(import.meta.url)
const lunr = require('lunr')
require('../ui/js/search-query.js')(lunr)

let data
new Function('antoraSearch', 'lunr', readFileSync(join(SITE, 'search-index.js'), 'utf8'))(
  { initSearch: (_, loaded) => { data = loaded } }, lunr)
const index = lunr.Index.load(data.index)

function pages (text) {
  const found = index.query((query) => new lunr.QueryParser(text, query).parse())
  return found.map(({ ref }) => data.store.documents[ref.split('-')[0]].url.slice(1))
}

for (const [text, page] of Object.entries(EXPECTED)) {
  test(`a search for "${text}" finds ${page} first`, () => {
    assert.equal(pages(text)[0], page)
  })
}

test('a search for what is nowhere finds nothing', () => {
  assert.deepEqual(pages('xyzzyplugh'), [])
})
