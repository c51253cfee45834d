// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// The site that is tested.

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const SITE = fileURLToPath(new URL('../../out/docs/site', import.meta.url))

export const pages = readdirSync(SITE, { recursive: true })
  .filter((name) => name.endsWith('.html'))
  .sort()
  .map((name) => ({ name, file: join(SITE, name) }))
