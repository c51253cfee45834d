# Copyright (c) 2026 The boost_selectors authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""Makes the pages of the reference, from the doc comments of the public headers.

    python3 doc/reference PAGES

Runs Doxygen and writes AsciiDoc to out/docs/reference, a page for each header, and an index of all
names for the other pages, whose folder is PAGES. Run from the repository's root.
"""

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

from entities import read
from markup import Writer, code

OUTPUT = Path("out/docs")
SECTIONS = [  # Of the index, and which headers they hold.
    ("The selector", ["base_selector", "default_selector", "keyed_selector", "make_selector"]),
    ("Its vocabulary", ["event", "interest", "selector_key", "ready_event", "map_view",
                        "native_handle", "capabilities", "error", "fork_event", "selector_statistics"]),
    ("Selectors of the systems", ["epoll_selector", "io_uring_selector", "kqueue_selector",
                                  "poll_selector", "select_selector", "iocp_selector"]),
    ("Under Boost.Asio", ["selector_context", "selector_service", "selector_service_maker",
                          "get_statistics"]),
    ("Statistics", ["context_statistics", "histogram", "prometheus"]),
    ("For tests", ["simulation", "explore"]),
    ("For authors of backends", ["selector_backend", "event_sink", "forwarding_backend", "token",
                                 "conformance"]),
    ("The library", ["version"]),
]


def addresses(headers):
    """Where the names are, by Doxygen's ids."""
    places = {}
    for header in headers.values():
        for compound in header.compounds:
            places[compound.element.get("id")] = header.page, compound.anchor
            for member in compound.members:
                places[member.element.get("id")] = header.page, within(compound, member)
        for member in header.members:
            places[member.element.get("id")] = header.page, member.anchor
            for value in member.values():
                places[value.element.get("id")] = header.page, f"{member.anchor}-{value.name}"
    return places


def scoped(headers):
    """The names of enumerations' values, of structures' members, and of free functions, which Doxygen
    does not link."""
    functions = {f"{m.name}()": (header.page, m.anchor) for header in headers.values()
                 for m in header.members if m.kind == "function"}
    return functions | {f"{owner.name}::{part.name}": (header.page, anchor)
            for header in headers.values()
            for owner, parts, anchor_of in [
                *((m, m.values(), lambda m, v: f"{m.anchor}-{v.name}") for m in header.members),
                *((c, c.members, within) for c in header.compounds)]
            for part in parts
            for anchor in [anchor_of(owner, part)]}


def title_of(page):
    return "Version" if page == "version" else page


def within(compound, member):
    return f"{compound.anchor}-{member.anchor}"


def names(headers):
    """Where the names are, as they are written in the other pages."""
    found, calls = {}, {}
    for header in headers.values():
        address = f"reference/{header.page}.html#"
        for compound in header.compounds:
            found[compound.name] = address + compound.anchor
            for member in compound.members:
                place = address + within(compound, member)
                call = "()" if member.kind == "function" else ""
                found.setdefault(f"{compound.name}::{member.name}{call}", place)
                if call:
                    calls.setdefault(member.name + call, {})[compound.name] = place
        for member in header.members:
            call = "()" if member.kind == "function" else ""
            found.setdefault(member.name + call, address + member.anchor)
            for value in member.values():
                found[f"{member.name}::{value.name}"] = f"{address}{member.anchor}-{value.name}"
    # What is as well the name of a structure's member may be that.
    for compound in (c for h in headers.values() for c in h.compounds):
        for member in compound.members:
            if member.kind == "variable":
                found.pop(member.name, None)
    for call, owners in calls.items():
        if "base_selector" in owners:  # Others have it from there.
            found.setdefault(call, owners["base_selector"])
        elif len(owners) == 1:  # Else the text must say whose it is.
            found.setdefault(call, *owners.values())
    return found


def pages_about(folder, headers, index):
    """For each header, the pages that name it, those that do so most first."""
    counts = {header.page: Counter() for header in headers.values()}
    for file in sorted(Path(folder).rglob("*.adoc")):
        text = file.read_text()
        title = re.search(r"^= (.*)", text, re.M).group(1)
        for name in re.findall(r"`([\w:]+(?:\(\))?)`", text):
            if name in index:
                page = index[name].removeprefix("reference/").partition(".html")[0]
                counts[page][str(file.relative_to(folder)), title] += 1
    return counts


class Pages:
    def __init__(self, headers, about):
        self.writer = Writer(addresses(headers), scoped(headers))
        self.about = about

    def description(self, element):
        return self.writer.blocks(element.find("briefdescription")) + \
            self.writer.blocks(element.find("detaileddescription"))

    def brief(self, element):
        """The first sentence. (A group's is not apart from the rest.)"""
        blocks = self.description(element)
        return blocks[0] if blocks and not blocks[0].endswith("--") else ""

    def page(self, header):
        parts = [f"= {title_of(header.page)}",
                 f"[source,cpp]\n----\n#include <{header.path}>\n----"]
        for compound in header.compounds:
            parts += self.compound(compound)
        parts += self.members(header.members, lambda m: m.anchor, 2)
        pages = self.about[header.page].most_common(6)
        if pages:
            links = ", ".join(f"xref:{file}[{title}]" for (file, title), _ in pages)
            parts.append(f"In the text: {links}.")
        return "\n\n".join(parts) + "\n"

    def compound(self, compound):
        yield f"[#{compound.anchor}]\n== {code(compound.name)}"
        yield f"[source,cpp]\n----\n{compound.signature()}\n----"
        yield from self.description(compound.element)
        if not compound.members:
            return
        variables = [m for m in compound.members if m.kind == "variable"]
        others = [m for m in compound.members if m.kind != "variable"]
        if len(variables) > 2:
            yield self.table(variables, compound)
            compound.members = others
        else:
            yield self.summary(compound)
        yield from self.members(compound.members, lambda m: within(compound, m), 3)

    def table(self, variables, compound):
        rows = [f"|[[{within(compound, m)}]]{code(m.signature().rstrip(';'))} "
                f"|{' '.join(self.description(m.element))}" for m in variables]
        return '[cols="2,3"]\n|===\n|Member |\n\n' + "\n".join(rows) + "\n|==="

    def summary(self, compound):
        """What there is, in a line each."""
        parts = []
        for title, protected in (("Public", False), ("Protected: for those who write a selector", True)):
            rows, seen = [], set()
            for member in compound.members:
                if member.protected == protected and member.name not in seen:
                    seen.add(member.name)
                    call = "()" if member.kind == "function" else ""
                    label = code(member.name + call).replace("|", "\\|")
                    rows.append(f"|<<{within(compound, member)},{label}>> |{self.brief(member.element)}")
            if rows:
                parts.append(f'.{title}\n[cols="1,2"]\n|===\n' + "\n".join(rows) + "\n|===")
        return "\n\n".join(parts)

    def members(self, members, anchor, level):
        """A section for each name, and in it each form with what is said of it."""
        names = list(dict.fromkeys(m.name for m in members))
        for name in names:
            forms = [m for m in members if m.name == name]
            call = "()" if forms[0].kind == "function" else ""
            yield f"[#{anchor(forms[0])}]\n{'=' * level} {code(name + call)}"
            for signatures, member in together(forms):
                yield "[source,cpp]\n----\n" + "\n".join(signatures) + "\n----"
                yield from self.description(member.element)
                if member.values():
                    yield self.enumerators(member)

    def enumerators(self, member):
        rows = [f"|[[{member.anchor}-{v.name}]]{code(' '.join(filter(None, [v.name, v.initializer])))} "
                f"|{' '.join(self.description(v.element))}"
                for v in member.values()]
        return '[cols="1,3"]\n|===\n|Value |\n\n' + "\n".join(rows) + "\n|==="

    def index(self, headers):
        by_page = {h.page: h for h in headers.values()}
        known = [page for _, pages in SECTIONS for page in pages]
        if missing := set(by_page) ^ set(known):
            sys.exit(f"reference: not in the index, or without documentation: {', '.join(missing)}")
        parts = ["= Reference",
                 "Everything is in the namespace `boost_selectors`, but for the conformance suite, which is in "
                 "`boost_selectors::test`. "
                 "`boost_selectors/selectors.hpp` includes the whole core, `boost_selectors/asio.hpp` "
                 "what goes with Boost.Asio as well. The macros `BOOST_SELECTORS_HAS_EPOLL`, `..._IO_URING`, "
                 "`..._KQUEUE`, `..._POLL`, `..._SELECT` and `..._IOCP` are defined for the backends that the "
                 "platform has; `available_selectors()` returns those that work."]
        for title, pages in SECTIONS:
            rows = []
            for page in pages:
                header = by_page[page]
                for entity in (*header.compounds, *once(header.members)):
                    call = "()" if entity.kind == "function" else ""
                    label = f"{entity.name}{call}"
                    if not entity.name.startswith("operator"):
                        rows.append(f"|xref:reference/{page}.adoc#{entity.anchor}[`+{label}+`] "
                                    f"|{self.brief(entity.element)}")
            parts.append(f'== {title}\n\n[cols="1,2"]\n|===\n' + "\n".join(rows) + "\n|===")
        return "\n\n".join(parts) + "\n"

    def navigation(self):
        lines = ["* xref:reference/index.adoc[Reference]"]
        for title, pages in SECTIONS:
            lines.append(f"** {title}")
            lines += [f"*** xref:reference/{page}.adoc[{title_of(page)}]" for page in pages]
        return "\n".join(lines) + "\n"


def once(members):
    """One of each name."""
    return {m.name: m for m in reversed(members)}.values().__reversed__()


def together(forms):
    """Forms that are described by the same words."""
    groups = []
    for form in forms:
        words = "".join(form.element.find("briefdescription").itertext()) + \
            "".join(form.element.find("detaileddescription").itertext())
        if groups and groups[-1][2] == words:
            groups[-1][0].append(form.signature())
        else:
            groups.append(([form.signature()], form, words))
    return [(signatures, member) for signatures, member, _ in groups]


def main(folder):
    (OUTPUT / "reference").mkdir(parents=True, exist_ok=True)
    (OUTPUT / "doxygen").mkdir(exist_ok=True)
    for old in (OUTPUT / "doxygen").rglob("*.xml"):
        old.unlink()
    subprocess.run(["doxygen", "doc/reference/Doxyfile"], check=True)
    headers = read(OUTPUT / "doxygen/xml")
    index = names(headers)
    (OUTPUT / "reference-index.json").write_text(json.dumps(index, indent=1))
    pages = Pages(headers, pages_about(folder, headers, index))
    (OUTPUT / "reference/index.adoc").write_text(pages.index(headers))
    (OUTPUT / "navigation").mkdir(exist_ok=True)
    (OUTPUT / "navigation/reference-nav.adoc").write_text(pages.navigation())
    for header in headers.values():
        (OUTPUT / "reference" / f"{header.page}.adoc").write_text(pages.page(header))


if __name__ == "__main__":
    main(sys.argv[1])
