# Copyright (c) 2026 The boost_selectors authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""Doxygen's XML of a doc comment as AsciiDoc."""

import re


def literal(text):
    """Text in which nothing is markup."""
    text = re.sub(r"\s+", " ", text)
    if not text.strip() or re.fullmatch(r"[\w ,.;:()'\"!?/=-]*", text) and "--" not in text \
            and "..." not in text and "__" not in text and "::" not in text:
        return text
    return "pass:c[" + text.replace("]", "\\]") + "]"


def code(text):
    text = re.sub(r"\s+", " ", text).strip()
    return "``pass:c[" + text.replace("]", "\\]") + "]``"


class Writer:
    """Writes elements, and knows where names are described."""

    def __init__(self, addresses, names):
        self.addresses = addresses  # Of Doxygen's ids: (page, anchor)
        self.names = names  # The same of scoped names that Doxygen does not link.

    def link(self, element):
        text = "".join(element.itertext())
        place = self.addresses.get(element.get("refid"))
        if place is None:
            return code(text)
        return self.link_to(place, text)

    def link_to(self, place, text):
        page, anchor = place
        return f"xref:reference/{page}.adoc#{anchor}[`+{text}+`]"

    def text(self, text):
        """Text without markup, but for scoped names."""
        parts = re.split(r"\b(\w+::\w+\b(?!\()|\w+\(\))", text or "")
        return "".join(self.link_to(self.names[part], part) if part in self.names else literal(part)
                       for part in parts)

    def inline(self, element):
        """What is within an element, and not of blocks."""
        parts = [self.text(element.text)]
        for child in element:
            parts.append(self.inline_element(child))
            parts.append(self.text(child.tail))
        return "".join(parts)

    def inline_element(self, child):
        match child.tag:
            case "ref":
                return self.link(child)
            case "computeroutput":
                inner = child.find("ref")
                whole = "".join(child.itertext())
                if inner is not None and "".join(inner.itertext()) == whole:
                    return self.link(inner)
                return self.link_to(self.names[whole], whole) if whole in self.names else code(whole)
            case "emphasis":
                return f"__{self.inline(child)}__"
            case "bold":
                return f"**{self.inline(child)}**"
            case "ulink":
                return f"link:{child.get('url')}[{''.join(child.itertext())}]"
            case "sp":
                return " "
            case "ndash" | "mdash":
                return "–"
        raise ValueError(f"inline <{child.tag}> has no AsciiDoc yet")

    BLOCKS = {"parameterlist", "simplesect", "itemizedlist", "orderedlist", "programlisting", "verbatim"}

    def blocks(self, element):
        """The blocks of a description: text, and below it parameters and the like."""
        written = []
        for para in element:
            if para.tag == "para":
                written += self.paragraph(para)
            elif para.tag != "title":
                written += self.block(para)
        return [b for b in written if b.strip()]

    def paragraph(self, para):
        """Doxygen puts blocks within paragraphs."""
        written, text = [], self.text(para.text)
        for child in para:
            if child.tag in self.BLOCKS:
                written += [text.strip(), *self.block(child)]
                text = self.text(child.tail)
            else:
                text += self.inline_element(child) + self.text(child.tail)
        return [*written, text.strip()]

    KINDS = {"return": "Returns", "see": "See", "note": "Note", "remark": "Remarks", "warning": "Mind"}
    LISTS = {"param": "Parameters", "templateparam": "Template parameters", "exception": "Throws"}

    def block(self, child):
        match child.tag:
            case "parameterlist":
                return [self.parameters(child)]
            case "simplesect":
                title = "".join(child.find("title").itertext()).strip() if child.get("kind") == "par" \
                    else self.KINDS[child.get("kind")]
                inner = self.blocks(child)
                return [f"{title}::\n+\n--\n" + "\n\n".join(inner) + "\n--"]
            case "itemizedlist" | "orderedlist":
                mark = "*" if child.tag == "itemizedlist" else "."
                return ["\n".join(f"{mark} " + " ".join(self.blocks(item)) for item in child)]
            case "programlisting" | "verbatim":
                return ["[source,cpp]\n----\n" + listing(child) + "\n----"]
        raise ValueError(f"<{child.tag}> has no AsciiDoc yet")

    def parameters(self, element):
        rows = []
        for item in element:
            names = ["".join(n.itertext()) for n in item.iter("parametername")]
            text = " ".join(self.blocks(item.find("parameterdescription")))
            rows.append(f"* {', '.join(map(code, names))}: {text}")
        return f"{self.LISTS[element.get('kind')]}::\n+\n--\n" + "\n".join(rows) + "\n--"


def listing(element):
    if element.tag == "verbatim":
        return element.text.strip("\n")
    lines = []
    for line in element.iter("codeline"):
        text = ""
        for part in line.iter():
            if part.tag == "sp":
                text += " "
            text += part.text or "" if part.tag != "codeline" else ""
            text += part.tail or "" if part.tag in ("sp", "ref") else ""
        lines.append(text.rstrip())
    return "\n".join(lines)
