# Copyright (c) 2026 The boost_selectors authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https://www.boost.org/LICENSE_1_0.txt)

"""What Doxygen found: classes, functions and the like, by the header that declares them."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree


@dataclass
class Member:
    """Of a class, or of a namespace."""
    element: ElementTree.Element

    @property
    def kind(self):
        return self.element.get("kind")

    @property
    def name(self):
        return self.element.findtext("name")

    @property
    def anchor(self):
        return anchor_of(self.name)

    @property
    def initializer(self):
        return self.element.findtext("initializer")

    @property
    def protected(self):
        return self.element.get("prot") == "protected"

    def signature(self):
        """As one would declare it."""
        e = self.element
        if self.kind == "define":
            value = re.sub(r"\s*\\\s+", " ", (e.findtext("initializer") or "")).replace("( ", "(").strip()
            return f"#define {self.name} {value}"
        if self.kind == "enum":
            return f"enum class {self.name}" + (f" : {kind}" if (kind := text_of(e, "type")) else "")
        if self.kind == "typedef":
            return f"using {self.name} = {text_of(e, 'type')};"
        if self.kind == "variable":
            kind = re.sub(r"^((static|inline|constexpr) )*", "", text_of(e, "type"))
            words = [w for w in ("static", "constexpr")
                     if e.get(w) == "yes" or w in text_of(e, "type").split()]
            return f"{' '.join([*words, kind])} {self.name}{text_of(e, 'argsstring')}" + \
                (" " + value if (value := text_of(e, "initializer")) else "") + ";"
        return self.function()

    def function(self):
        e = self.element
        head = template(e)
        words = [w for w, on in (("[[nodiscard]]", e.get("nodiscard") == "yes"),
                                 ("static", e.get("static") == "yes"),
                                 ("virtual", e.get("virt") != "non-virtual"),
                                 ("friend", self.kind == "friend"),
                                 ("explicit", e.get("explicit") == "yes")) if on]
        kind = re.sub(r"^((static|constexpr|explicit|friend|virtual) )*", "",
                      text_of(e, "type").replace("[[nodiscard]] ", ""))
        if "constexpr" in text_of(e, "type").split() or e.get("constexpr") == "yes":
            words.append("constexpr")
        words = " ".join([*words, *([kind] if kind else []), self.name])
        parameters = [parameter(p) for p in e.findall("param")]
        tail = e.findtext("argsstring").rpartition(")")[2]
        tail = re.sub(r"=\s*(\w+)", r" = \1", tail).replace("  ", " ").rstrip() + ";"
        line = f"{words}({', '.join(parameters)}){tail}"
        if len(line) > 84 and parameters:
            inner = ", ".join(parameters)
            if len(inner) > 78:
                inner = ",\n    ".join(parameters)
            line = f"{words}(\n    {inner}){tail}"
        return head + line

    def values(self):
        """Of an enumeration."""
        return [Member(value) for value in self.element.findall("enumvalue")]


@dataclass
class Compound:
    """A class, a structure or a concept."""
    element: ElementTree.Element
    members: list = field(default_factory=list)

    @property
    def kind(self):
        return self.element.get("kind")

    @property
    def name(self):
        return self.element.findtext("compoundname").removeprefix("boost_selectors::")

    @property
    def anchor(self):
        return anchor_of(self.name)

    def signature(self):
        e = self.element
        if self.kind == "concept":
            text = text_of(e, "initializer")
            for found, lines in (("boost_selectors::", ""), ("template<", "template <"),
                                 ("> concept", ">\nconcept"), (" = ", " =\n    "), ("{ {", "{\n        {"),
                                 ("; }", ";\n    };")):
                text = text.replace(found, lines, 1)
            return text
        bases = ", ".join(f"{b.get('prot')} {''.join(b.itertext()).removeprefix('boost_selectors::')}"
                          for b in e.findall("basecompoundref"))
        final = " final" if e.get("final") == "yes" else ""
        return template(e) + f"{self.kind} {self.name}{final}" + (f" : {bases}" if bases else "") + ";"


@dataclass
class Header:
    path: str  # As it is included.
    compounds: list = field(default_factory=list)
    members: list = field(default_factory=list)

    @property
    def page(self):
        return Path(self.path).stem


def anchor_of(name):
    words = {"==": "equal", "!=": "not-equal", "<<": "print", "|": "or", "&": "and", "~": "not",
             "|=": "or-assign", "&=": "and-assign", "=": "assign", "[]": "at", "*": "value", "->": "arrow", "++": "next",
             "-=": "minus-assign", "-": "minus"}
    if name.startswith("operator"):
        return "operator-" + words[name.removeprefix("operator")]
    return name.replace("::", "-")


def text_of(element, tag):
    found = element.find(tag)
    if found is None:
        return ""
    return tidy("".join(found.itertext()))


def tidy(text):
    text = re.sub(r"\s+", " ", text).strip()
    text = re.sub(r"< ", "<", text)
    text = re.sub(r" >", ">", text)
    text = re.sub(r"(\w|>) ([&*]+)", r"\1\2", text)
    return re.sub(r"\bconst ([\w:]+(?:<[^<>]*>)?)([&*])", r"\1 const\2", text)


def parameter(p):
    name = p.findtext("declname") or ""
    value = text_of(p, "defval")
    return f"{text_of(p, 'type')} {name}".strip() + (f" = {value}" if value else "")


def template(element):
    parameters = element.find("templateparamlist")
    if parameters is None:
        return ""
    inner = ", ".join(parameter(p) for p in parameters)
    return f"template <{inner}>\n"


def is_documented(element):
    return any("".join(element.find(tag).itertext()).strip()
               for tag in ("briefdescription", "detaileddescription"))


def read(folder):
    """All headers, by path, from Doxygen's XML."""
    headers = {}

    def header_of(element):
        path = element.find("location").get("file").removeprefix("include/")
        return headers.setdefault(path, Header(path))

    for file in sorted(Path(folder).glob("*.xml")):
        root = ElementTree.parse(file).getroot()
        for compound in root.findall("compounddef"):
            kind, members = compound.get("kind"), []
            for section in compound.findall("sectiondef"):
                for member in section.findall("memberdef"):
                    if member.get("prot") != "private" and is_documented(member) \
                            and not member.findtext("name").startswith("~"):
                        members.append(Member(member))
            if kind in ("class", "struct", "concept"):
                if compound.get("prot") != "private" and is_documented(compound):
                    header_of(compound).compounds.append(Compound(compound, by_line(members)))
            elif kind == "namespace":
                for member in members:
                    header_of(member.element).members.append(member)
            elif kind == "file":
                for member in members:
                    if member.kind == "define":
                        header_of(member.element).members.append(member)
    for header in headers.values():
        header.members = by_line(header.members)
        header.compounds.sort(key=lambda c: line_of(c.element))
    return headers


def line_of(element):
    return int(element.find("location").get("line"))


def by_line(members):
    return sorted(members, key=lambda m: line_of(m.element))
