// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// How the site's search reads pages and queries. Loaded before search-ui.js in the browser, and by
// doc/lib/search.js when the index is made.

'use strict'

/**
 * Sets up Lunr. A name is indexed as a whole and by its parts: "io_uring_selector" as "io_uring", too. A query finds
 * pages with all of its names; else with all of their words; else with some.
 */
function setUpSearch (lunr) {
  const { tokenizer } = lunr
  lunr.tokenizer = (text, metadata) => tokenizer(text, metadata).flatMap((token) => {
    const parts = wordsOf(token.toString())
    return parts.flatMap((_, from) => parts.slice(from).map((_, n) =>
      token.clone(() => parts.slice(from, from + n + 1).join('_'))))
  })
  lunr.tokenizer.separator = /[\s\-.:,;()<>{}[\]&*=/"'`+!?@#|~^]+/

  const names = (text) => {
    const all = text.toLowerCase().replace(/boost_selectors::|<[^>]*>|\([^)]*\)?/g, ' ')
      .split(lunr.tokenizer.separator).filter(Boolean)
    const telling = all.filter(lunr.stopWordFilter)
    return telling.length > 0 ? telling : all
  }

  lunr.QueryParser = class {
    constructor (text, query) {
      this.text = text
      this.query = query
    }

    parse () {
      for (const term of names(this.text)) this.query.clause({ term, presence: lunr.Query.presence.REQUIRED })
    }
  }

  const split = (clauses) => clauses.flatMap((clause) => wordsOf(clause.term).map((term) => ({ ...clause, term })))
  const attempts = [
    (clauses) => clauses,
    (clauses) => clauses.map((clause, i) => i < clauses.length - 1 ? clause // The last one may still be typed.
      : { ...clause, term: clause.term + '*', wildcard: lunr.Query.wildcard.TRAILING, usePipeline: false }),
    split,
    (clauses) => split(clauses).map((clause) => ({ ...clause, presence: lunr.Query.presence.OPTIONAL })),
  ]
  // First the pages that say themselves that they are about it. A section's reference has a hyphen.
  const about = ({ ref, matchData }) => ref.includes('-') ? 0 : Object.values(matchData.metadata)
    .reduce((sum, fields) => sum + (fields.keyword ? 2 : fields.title ? 1 : 0), 0)
  const { query } = lunr.Index.prototype
  lunr.Index.prototype.query = function (build) {
    for (const attempt of attempts) {
      const found = query.call(this, (q) => {
        build(q)
        q.clauses = attempt(q.clauses.map((clause) => ({ ...clause })))
      })
      if (found.length > 0) return found.sort((a, b) => about(b) - about(a) || b.score - a.score)
    }
    return []
  }
}

function wordsOf (name) {
  return name.split('_').filter(Boolean)
}

if (typeof module === 'object') module.exports = setUpSearch
else setUpSearch(window.lunr)
