// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// How the site's search reads pages and queries. Loaded before search-ui.js in the browser, and by
// doc/lib/search.js when the index is made.

'use strict'

/** Sets up Lunr: names are split into their words, and a query finds what has all of its words, or else some. */
function setUpSearch (lunr) {
  const separator = /[\s\-_.:,;()<>{}[\]&*=/"'`+!?@#|~^]+/
  lunr.tokenizer.separator = separator

  const words = (text) => {
    const all = text.toLowerCase().replace(/boost_selectors::|<[^>]*>|\([^)]*\)?/g, ' ').split(separator).filter(Boolean)
    const telling = all.filter(lunr.stopWordFilter)
    return telling.length > 0 ? telling : all
  }

  lunr.QueryParser = class {
    constructor (text, query) {
      this.text = text
      this.query = query
    }

    parse () {
      for (const term of words(this.text)) this.query.clause({ term, presence: lunr.Query.presence.REQUIRED })
    }
  }

  const changes = [
    () => {},
    (clauses) => { // Perhaps the last word is still being typed.
      const last = clauses.at(-1)
      if (last) Object.assign(last, { term: last.term + '*', wildcard: lunr.Query.wildcard.TRAILING, usePipeline: false })
    },
    (clauses) => clauses.forEach((clause) => { clause.presence = lunr.Query.presence.OPTIONAL }),
  ]
  // First the pages that say themselves that they are about it. A section's reference has a hyphen.
  const about = ({ ref, matchData }) => ref.includes('-') ? 0 : Object.values(matchData.metadata)
    .reduce((sum, fields) => sum + (fields.keyword ? 2 : fields.title ? 1 : 0), 0)
  const { query } = lunr.Index.prototype
  lunr.Index.prototype.query = function (build) {
    for (const change of changes) {
      const found = query.call(this, (q) => {
        build(q)
        q.clauses = q.clauses.map((clause) => ({ ...clause }))
        change(q.clauses)
      })
      if (found.length > 0) return found.sort((a, b) => about(b) - about(a) || b.score - a.score)
    }
    return []
  }
}

if (typeof module === 'object') module.exports = setUpSearch
else setUpSearch(window.lunr)
