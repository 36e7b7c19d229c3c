"""Finishes the site that Doxygen has written: links between guides and reference, accessibility, the index of the
search, and a check of all links."""

import html
import json
import re
import xml.etree.ElementTree as tree

from site_parts import markdown

KINDS = {"function": "function", "variable": "field", "typedef": "type", "enum": "enumeration", "enumvalue": "value"}
VARIABLES = {"rest": "RestClient", "ctx": "Context", "report": "PurgeReport"}  # of classes with another name
TAG = re.compile(r"<[^>]+>")


def text_of(element):
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


def plain(markup):
    return " ".join(html.unescape(TAG.sub(" ", markup.replace("<wbr>", ""))).split())


def breakable(code):
    """Long names break after an underscore, a dot or two colons, and so leave other columns of a table room."""
    return re.sub(r"(?<=\w)(_|::|\.)(?=\w)", r"\1<wbr>", code) if len(code) > 24 else code


class Site:
    def __init__(self, folder, xml, guides, pages):
        self.folder = folder
        self.guides = guides    # names of the pages that are prose
        self.pages = pages
        self.entries = []       # of the search: (title, kind, address, text)
        self.addresses = {}     # of names that code in the prose may mean
        self.sections = {number: f"protocol.html#protocol-{markdown.slug(heading)}" for heading, number
                         in re.findall(r"^## ((\d+)\. .+)$", (pages.root / "docs/protocol.md").read_text(), re.MULTILINE)}
        self.headers = {}       # path of a header -> its page
        self.enumerators = []   # without a comment
        self.read(xml)
        self.names = sum(kind not in ("guide", "header") for _, kind, _, _ in self.entries)

    def read(self, xml):
        """Reads every public name, its address and its comment."""
        for file in sorted(xml.glob("*.xml")):
            for compound in tree.parse(file).getroot().iter("compounddef"):
                kind, name, address = compound.get("kind"), compound.findtext("compoundname"), f"{compound.get('id')}.html"
                if kind == "file" and name.endswith(".hpp"):
                    path = compound.find("location").get("file").split("include/")[-1]
                    self.headers[path] = address
                    self.entries.append((f"<{path}>", "header", address, text_of(compound.find("detaileddescription"))))
                if kind not in ("class", "struct", "namespace", "concept") or compound.get("prot") == "private":
                    continue
                self.add(name, kind, address, compound)
                for member in compound.iter("memberdef"):
                    if member.get("prot") == "private" or member.get("kind") == "friend":
                        continue
                    self.add(f"{name}::{member.findtext('name')}", KINDS.get(member.get("kind"), "name"), self.address(member), member)
                    for value in member.iter("enumvalue"):
                        full = f"{name}::{member.findtext('name')}::{value.findtext('name')}"
                        self.add(full, "value", self.address(value), value)
                        if not text_of(value.find("briefdescription")) and not text_of(value.find("detaileddescription")):
                            self.enumerators.append(full)

    def add(self, name, kind, address, element):
        short = name.removeprefix("intent::")
        self.entries.append((short, kind, address, text_of(element.find("briefdescription")) or text_of(element.find("detaileddescription"))))
        self.addresses.setdefault(short, address)

    @staticmethod
    def address(element):
        page, _, anchor = element.get("id").rpartition("_1")
        return f"{page}.html#{anchor}"

    def undocumented_enumerators(self):
        return [f"enumerator {name} is not documented." for name in self.enumerators]

    def finish(self):
        self.repair_tree()
        for file in sorted(self.folder.glob("*.html")):
            prose = file.stem in self.guides
            text = self.finished(file.read_text(), prose, other_library=file.stem.startswith("from-"))
            file.write_text(text)
            if prose:
                self.index_guide(file.name, text)
        index = [{"title": title, "kind": kind, "address": address, "text": text} for title, kind, address, text in self.entries]
        (self.folder / "search.js").write_text("searchIndex(" + json.dumps(index, ensure_ascii=False, separators=(",", ":")) + ");\n")

    def repair_tree(self):
        """In the tree, Doxygen looks for the members of a namespace on the page of their header, where they are not."""
        places = {}
        for file in self.folder.glob("namespace*.html"):
            places.update((anchor, file.name) for anchor in re.findall(r'\bid="(a[0-9a-f]{32,})"', file.read_text()))
        for file in [*self.folder.glob("*_8hpp.js"), self.folder / "navtreedata.js"]:
            # Below the tree stand the first keys of the files that find a page in it: they must stay as they are.
            tree_itself, mark, keys = file.read_text().partition("var NAVTREEINDEX")
            tree_itself = re.sub(r'"\w+_8hpp\.html#(\w+)"', lambda match: f'"{places[match[1]]}#{match[1]}"' if match[1] in places else match[0],
                                 tree_itself)
            file.write_text(tree_itself + mark + keys)

    def finished(self, text, prose, other_library):
        text = re.sub(r"<!DOCTYPE[^>]*>\s*<html[^>]*>", '<!DOCTYPE html>\n<html lang="en">', text, count=1)
        text = text.replace('<div id="top">', '<div id="top" role="banner">', 1)
        text = text.replace('<div id="side-nav"', '<div id="side-nav" role="navigation" aria-label="Pages"', 1)
        text = text.replace('<div id="doc-content">', '<div id="doc-content" role="main" tabindex="-1">', 1)
        text = text.replace('<div id="nav-path" class="navpath">', '<div id="nav-path" class="navpath" role="contentinfo">', 1)
        text = re.sub(r'<img class="footer"[^>]*>', "Doxygen", text)  # the logo is illegible at this size
        # One heading of the first level, the title; those of the text are below it.
        head, mark, body = text.partition('<div class="contents">')
        head = re.sub(r'<div class="title">(.*?)</div>', r'<h1 class="title">\1</h1>', head, flags=re.DOTALL)
        if prose:
            body = re.sub(r"<(/?)h([1-5])\b", lambda match: f"<{match[1]}h{int(match[2]) + 1}", body)
        body = re.sub(r"§(\d+)\b(?!\.)(?![^<]*</(?:a|code|h[1-6])>)", self.section, body)
        text = head + mark + body
        # Doxygen links the list of nested classes even if all are private.
        text = text.replace('<a href="#nested-classes">Classes</a> &#124;\n', "") if 'name="nested-classes"' not in text else text
        text = re.sub(r'<th class="markdownTableHead\w*">\s*</th>', "<td></td>", text)
        text = re.sub(r'header\.html\?([\w/.]+)', lambda match: self.headers.get(match[1], match[0]), text)
        if prose:
            # In the first column of these tables, the names are those of another library.
            parts = re.split(r'(<tr class="markdownTableRow\w+">\s*<td[^>]*>.*?</td>)', text) if other_library else [text]
            text = "".join(part if part.startswith("<tr") else re.sub(r"(<a [^>]*>)?<code>([^<]+)</code>", self.linked, part) for part in parts)
        else:
            text = re.sub(r"\bdocs/([\w-]+)\.md\b", lambda match: f'<a href="{match[1]}.html">{match[0]}</a>' if match[1] in self.guides else match[0], text)
        return text

    def linked(self, match):
        """Code in prose that is a public name leads to it: `Client::spawn`, `intent::Scope`, `client.user()`."""
        name = re.sub(r"\(.*\)$", "", html.unescape(match[2]).removeprefix("intent::"))
        variable, dot, member = name.partition(".")
        if dot and variable.isalpha():
            name = f"{VARIABLES.get(variable, variable.capitalize())}::{member}"
        code = f"{match[1] or ''}<code>{breakable(match[2])}</code>"
        if not match[1] and (name[:1].isupper() or "::" in name) and name in self.addresses:
            return f'<a class="name" href="{self.addresses[name]}">{code}</a>'
        return code

    def section(self, match):
        """A section of the protocol leads there; guides and comments name none of anything else."""
        place = self.sections.get(match[1])
        return f'<a href="{place}">{match[0]}</a>' if place else match[0]

    def index_guide(self, name, text):
        """Adds each section of a guide to the search."""
        title = plain(re.search(r"<title>(.*?)</title>", text, re.DOTALL)[1]).removeprefix("intent: ")
        contents = text.partition('<div class="contents">')[2].partition("<!-- contents -->")[0]
        sections = re.split(r'<h[2-6][^>]*><a class="anchor" id="([^"]+)"></a>', contents)
        self.entries.append((title, "guide", name, plain(sections[0])))
        for anchor, section in zip(sections[1::2], sections[2::2]):
            heading, _, rest = re.sub(r"</h[2-6]>", "\0", section, count=1).partition("\0")
            self.entries.append((f"{title}: {plain(heading)}", "guide", f"{name}#{anchor}", plain(rest)))

    def broken_links(self):
        """Returns a line for every link inside the site that leads nowhere. Links to other sites are not followed."""
        anchors = {}
        links = []
        for file in self.folder.iterdir():
            if file.suffix == ".html":
                text = file.read_text()
                anchors[file.name] = set(re.findall(r'\b(?:id|name)="([^"]+)"', text))
                links += [(file.name, html.unescape(link)) for link in re.findall(r'\b(?:href|src)="([^"]+)"', text)]
            elif file.suffix == ".js" and not file.name.startswith("navtreeindex"):  # that is no list of links
                anchors[file.name] = set()
                text = file.read_text().partition("var NAVTREEINDEX")[0]  # the keys below it are no links either
                links += [(file.name, link) for link in re.findall(r'"([\w-]+\.html(?:#[\w-]*)?)"', text)]
            else:
                anchors[file.name] = set()
        broken = set()
        for page, link in links:
            if re.match(r"[a-z]+:", link):
                continue
            target, _, anchor = link.partition("#")
            target = target or page
            if target not in anchors and not (self.folder / target).exists():
                broken.add(f"{page}: broken link to {link}")
            elif anchor and target.endswith(".html") and anchor not in anchors[target]:
                broken.add(f"{page}: {target} has no anchor {anchor}")
        return sorted(broken)
