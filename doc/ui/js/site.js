// Copyright (c) 2026 The boost_selectors authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

'use strict'

/** The button that goes to light or dark, whichever is not shown. */
function themeButton () {
  document.querySelector('button.theme').addEventListener('click', () => {
    const root = document.documentElement
    const dark = root.dataset.theme ? root.dataset.theme === 'dark'
      : window.matchMedia('(prefers-color-scheme: dark)').matches
    root.dataset.theme = dark ? 'light' : 'dark'
    try {
      window.localStorage.setItem('theme', root.dataset.theme)
    } catch {
      // It lasts as long as the page.
    }
  })
}

/** On a narrow screen the navigation comes and goes by a button. */
function menuButton () {
  const button = document.querySelector('button.menu')
  const navigation = document.getElementById('navigation')
  const current = navigation.querySelector('[aria-current]')
  const show = (on) => {
    document.body.classList.toggle('with-navigation', on)
    button.setAttribute('aria-expanded', String(on))
    if (on) (current ?? navigation.querySelector('a')).focus()
  }
  button.addEventListener('click', () => show(button.getAttribute('aria-expanded') === 'false'))
  document.addEventListener('keydown', (event) => { if (event.key === 'Escape') show(false) })
  if (current) navigation.scrollTop = current.offsetTop - navigation.clientHeight / 2
}

/** The list of the page's sections. The one that is being read is marked. */
function contents () {
  const aside = document.querySelector('aside.contents')
  const headings = [...document.querySelectorAll('article h2[id], article h3[id]')]
  if (headings.length < 2) return
  const title = document.createElement('p')
  title.textContent = 'On this page'
  const list = document.createElement('ul')
  const links = new Map()
  for (const heading of headings) {
    const link = document.createElement('a')
    link.href = '#' + heading.id
    link.textContent = heading.textContent
    const item = document.createElement('li')
    item.className = heading.localName
    item.append(link)
    list.append(item)
    links.set(heading, link)
  }
  aside.append(title, list)
  const mark = () => {
    const read = headings.findLast((h) => h.getBoundingClientRect().top < 120)
    for (const [heading, link] of links) link.classList.toggle('here', heading === read)
  }
  document.addEventListener('scroll', mark, { passive: true })
  mark()
}

/** "/" goes to the search. */
function searchKey () {
  document.addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || /^(input|textarea)$/.test(document.activeElement.localName)) return
    event.preventDefault()
    document.getElementById('search-input').focus()
  })
}

/** What scrolls sideways can be reached by the keyboard. */
function scrollers () {
  const mark = () => {
    for (const block of document.querySelectorAll('article pre, .table-scroll, figure.picture')) {
      if (block.scrollWidth > block.clientWidth) block.tabIndex = 0
      else block.removeAttribute('tabindex')
    }
  }
  window.addEventListener('resize', mark)
  mark()
}

/** A button that copies a code block. */
function copyButtons () {
  if (!navigator.clipboard) return
  for (const block of document.querySelectorAll('.listingblock pre')) {
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'copy'
    button.textContent = 'Copy'
    button.addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(block.querySelector('code')?.textContent ?? block.textContent)
        button.textContent = 'Copied'
      } catch {
        button.textContent = 'Not allowed'
      }
      setTimeout(() => { button.textContent = 'Copy' }, 1500)
    })
    block.parentElement.append(button)
  }
}

themeButton()
menuButton()
contents()
searchKey()
copyButtons()
scrollers()
