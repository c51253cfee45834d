// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The search's index splits names into words, as the site does with queries.

'use strict'

module.exports.register = () => require('../ui/js/search-query')(require('lunr'))
