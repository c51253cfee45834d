// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

// Each page in Chromium, from the file system, on a desktop and on a phone. Screenshots of all are put
// into out/docs/screenshots.

import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { after, before, test } from 'node:test'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'
import { SITE, pages } from './site.mjs'

const SCREENSHOTS = fileURLToPath(new URL('../../out/docs/screenshots', import.meta.url))
const DEVICES = {
  desktop: { viewport: { width: 1400, height: 900 } },
  phone: { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true },
}
const address = (name) => pathToFileURL(`${SITE}/${name}`).href

let browser
before(async () => {
  mkdirSync(SCREENSHOTS, { recursive: true })
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox'] })
})
after(() => browser.close())

/** A page that fails its test by any error, and by any request for what is not the site's. */
async function open (device, options = {}) {
  const context = await browser.newContext({ ...DEVICES[device], ...options })
  const page = await context.newPage()
  const complaints = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('requestfailed', (request) => {
    // Who leaves a page does not wait for its search.
    if (request.failure().errorText !== 'net::ERR_ABORTED') complaints.push(`failed: ${request.url()}`)
  })
  page.on('request', (request) => {
    if (!request.url().startsWith('file:')) complaints.push(`asked for ${request.url()}`)
  })
  return { page, complaints, close: () => context.close() }
}

for (const device of Object.keys(DEVICES)) {
  test(`on a ${device} each page opens without errors and does not scroll sideways`, async () => {
    const { page, complaints, close } = await open(device)
    for (const { name } of pages) {
      await page.goto(address(name))
      assert.ok(await page.title(), name)
      const width = await page.evaluate(() => document.documentElement.scrollWidth)
      assert.ok(width <= DEVICES[device].viewport.width, `${name} is ${width} wide`)
      assert.deepEqual(complaints, [], name)
      await page.screenshot({ path: `${SCREENSHOTS}/${device}/${name.replaceAll('/', '-')}.png` })
    }
    await close()
  })

  test(`on a ${device} the search finds a page and leads to it`, async () => {
    const { page, complaints, close } = await open(device)
    await page.goto(address('guide/wakeup.html'))
    const input = page.locator('#search-input')
    await input.click()
    await input.pressSequentially('register_handle')
    const hit = page.locator('.search-result-item a').first()
    await hit.waitFor()
    await page.screenshot({ path: `${SCREENSHOTS}/${device}/search.png` })
    await hit.click()
    await page.waitForURL((url) => !url.pathname.endsWith('guide/wakeup.html'))
    assert.match(await page.content(), /register_handle/)

    for (const words of ['after_fork()', 'event::read', 'keyed_selector<T>', 'boost::asio::io_context',
      'co_await', 'epoll_wait']) {
      await page.goto(address('index.html'))
      await page.locator('#search-input').pressSequentially(words)
      await hit.waitFor()
    }
    await page.goto(address('index.html'))
    await page.locator('#search-input').pressSequentially('xyzzyplugh')
    await page.getByText('No results found').waitFor()
    assert.deepEqual(complaints, [])
    await close()
  })

  test(`on a ${device} the navigation leads through the whole site`, async () => {
    const { page, complaints, close } = await open(device)
    await page.goto(address('index.html'))
    const links = page.locator('#navigation a:visible')
    const openNavigation = async () => {
      if (device !== 'phone') return
      assert.equal(await links.count(), 0)
      await page.locator('button.menu').click()
    }
    await openNavigation()
    await links.getByText('Getting started').click()
    await page.waitForURL((url) => url.pathname.endsWith('getting-started.html'))

    // Whatever it shows on a page, and on the pages that it leads to.
    const reached = new Set([address('index.html')])
    for (const url of reached) {
      await page.goto(url)
      await openNavigation()
      for (const next of await links.evaluateAll((all) => all.map((a) => a.href))) reached.add(next)
    }
    assert.equal(reached.size, pages.length, 'each page can be reached')

    const seen = new Set()
    await page.goto(address('index.html'))
    for (const link = page.locator('a[rel=next]'); ;) {
      const here = page.url()
      seen.add(here)
      if (await link.count() === 0) break
      await link.click()
      await page.waitForURL((url) => url.href !== here)
    }
    assert.equal(seen.size, pages.length, 'each page comes once')
    assert.deepEqual(complaints, [])
    await close()
  })
}

for (const colorScheme of ['light', 'dark']) {
  test(`in ${colorScheme} colours each page is accessible, as axe sees it`, async () => {
    const { page, close } = await open('desktop', { colorScheme })
    const found = []
    for (const { name } of pages) {
      await page.goto(address(name))
      await page.addScriptTag({ path: createRequire(import.meta.url).resolve('axe-core') })
      const { violations } = await page.evaluate(() => window.axe.run(document, {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'],
      }))
      for (const { id, nodes } of violations)
        for (const { html } of nodes) found.push(`${name}: ${id}: ${html.slice(0, 200)}`)
    }
    assert.deepEqual(found, [])
    await close()
  })
}

test('light and dark: by the system, and by the button, which is remembered', async () => {
  const background = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  const { page, complaints, close } = await open('desktop', { colorScheme: 'dark' })
  await page.goto(address('index.html'))
  const dark = await background(page)
  await page.screenshot({ path: `${SCREENSHOTS}/dark.png` })
  await page.locator('button.theme').click()
  const light = await background(page)
  assert.notEqual(light, dark)
  await page.reload()
  assert.equal(await background(page), light)
  assert.deepEqual(complaints, [])
  await close()
})

test('prose leads into the reference and back', async () => {
  const { page, complaints, close } = await open('desktop')
  await page.goto(address('guide/wakeup.html'))
  await page.locator('article a.name', { hasText: 'wakeup()' }).first().click()
  await page.waitForURL(/reference\/base_selector\.html#base_selector-wakeup$/)
  assert.ok(await page.locator('#base_selector-wakeup').isVisible())
  await page.locator('article p', { hasText: 'In the text:' }).locator('a').first().click()
  await page.waitForURL((url) => !url.pathname.includes('/reference/'))
  assert.deepEqual(complaints, [])
  await close()
})
