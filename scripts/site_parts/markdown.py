"""Turns the repository's Markdown pages into those that Doxygen reads.

What differs: anchors of headings are those of GitHub, with the page's name in front because Doxygen's are global; links
lead to the pages of the site; pictures are HTML; code is not indented; a page's name is the label of its heading. Code
of another library followed by ours stands beside it.
"""

import html
import os
import pathlib
import re

SPAN_OR_LINK = re.compile(r"(`+)[\s\S]*?\1(?!`)|(?P<image>!?)\[(?P<text>(?:[^\[\]]|\[[^\]]*\])*)\]\((?P<url>[^()\s]+)\)")
HEADING = re.compile(r"^(#{1,6}) +(.+?) *$")
PICTURE = re.compile(r"<picture>\s*<source [^>]*srcset=\"([^\"]+)\"[^>]*>\s*<img ([^>]*)src=\"([^\"]+)\"([^>]*)>\s*</picture>")
IMAGE = re.compile(r"^<img ([^>]*)src=\"([^\"]+)\"([^>]*)>$", re.MULTILINE)
DARK = re.compile(r"@media \(prefers-color-scheme: dark\) \{\s*svg(\.[\w-]+) \{([^}]*)\}\s*\}")

LANGUAGES = {"": "unparsed", "c++": "cpp"}
OTHERS = ("js", "py", "c++")  # languages of snippets of other libraries; ours are `cpp`

# Pages outside docs/, and what they are called.
NAMES = {
    "README.md": "index",
    "CHANGELOG.md": "changelog",
    "CONTRIBUTING.md": "contributing",
    "SECURITY.md": "security-policy",
    "examples/README.md": "example-bots",
    "docs/decisions/README.md": "decisions",
}


class BrokenLink(Exception):
    pass


def slug(text):
    """The anchor that GitHub makes of a heading."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text).replace("`", "")
    return re.sub(r"[^\w\- ]", "", text.strip().lower()).replace(" ", "-")


def plain(text):
    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text).replace("`", "")


class Pages:
    """The pages of the site: their names, titles, and the files that they link to."""

    def __init__(self, root):
        self.root = root
        self.titles = {}    # path of a page -> its title
        self.sources = {}   # path of a source that a page links to -> its page's name
        self.pictures = set()
        for path in sorted([*root.glob("docs/*.md"), *root.glob("docs/decisions/*.md"), *(root / name for name in NAMES)]):
            if path.is_file():
                heading = re.search(r"^# (.+)$", path.read_text(), re.MULTILINE)
                self.titles[str(path.relative_to(root))] = plain(heading.group(1))

    def name(self, path):
        """The name of a page in the site, without `.html`."""
        if path in NAMES:
            return NAMES[path]
        stem = pathlib.PurePath(path).stem
        return f"decision-{stem}" if stem[0].isdigit() else stem

    def convert(self, path):
        """Returns a page for Doxygen."""
        name = self.name(path)
        folder = pathlib.PurePath(path).parent
        out = []
        prose = []
        fence = None
        beside = False  # whether the block above waits for ours
        seen = {}
        for line in (self.root / path).read_text().split("\n"):
            if fence is not None:
                if line.strip() == "```":
                    language, code = fence
                    if language in OTHERS:
                        out.append('\\htmlonly[block]\n<div class="side-by-side">\n\\endhtmlonly')
                    out += [f"```{{.{LANGUAGES.get(language, language)}}}", *dedent(code), "```"]
                    if language == "cpp" and beside:
                        out.append("\\htmlonly[block]\n</div>\n\\endhtmlonly")
                    beside = language in OTHERS
                    fence = None
                else:
                    fence[1].append(line)
                continue
            if line.startswith("```"):
                out.append(self.prose("\n".join(prose), folder, path))
                prose = []
                fence = (line[3:].strip(), [])
                continue
            heading = HEADING.match(line)
            if heading:
                anchor = slug(heading.group(2))
                count = seen[anchor] = seen.get(anchor, -1) + 1
                label = f"{name}-{anchor}" + (f"-{count}" if count else "")
                if heading.group(1) == "#":
                    label = "mainpage" if name == "index" else name
                    line = f"# {plain(heading.group(2))}"
                line = f"{line} {{#{label}}}"
            prose.append(line)
        out.append(self.prose("\n".join(prose), folder, path))
        return "\n".join(out)

    def prose(self, text, folder, path):
        def replaced(match):
            if match["url"] is None:
                return match.group()
            if match["image"]:
                return self.picture(folder, match["url"], f'alt="{html.escape(match["text"])}"')
            try:
                text = match["text"].replace("@", "\\@")  # of a package of npm: no command of Doxygen
                return f"[{text}]({self.target(folder, match['url'], path)})"
            except BrokenLink as broken:
                raise BrokenLink(f"{path}: {broken}") from None

        text = SPAN_OR_LINK.sub(replaced, text)
        text = PICTURE.sub(lambda match: self.picture(folder, match[3], match[2] + match[4], match[1]), text)
        return IMAGE.sub(lambda match: self.picture(folder, match[2], match[1] + match[3]), text)

    def target(self, folder, url, page):
        """Where a link leads in the site."""
        if re.match(r"[a-z]+:", url):
            return url
        file, _, anchor = url.partition("#")
        path = os.path.normpath(folder / file) if file else page
        if path in self.titles:
            if anchor == slug(self.titles[path]):  # that of the page's own heading
                anchor = ""
            return f"{self.name(path)}.html" + (f"#{self.name(path)}-{anchor}" if anchor else "")
        if path.startswith("include/"):
            return f"header.html?{path.removeprefix('include/')}"  # scripts/site_parts/html.py knows the page
        if (self.root / path).is_dir() and f"{path}/README.md" in self.titles:
            return f"{self.name(f'{path}/README.md')}.html"
        if not (self.root / path).exists():
            raise BrokenLink(f"links to {url}, which does not exist")
        self.sources[path] = "source-" + re.sub(r"[^a-z0-9]+", "-", path.lower())
        return f"{self.sources[path]}.html"

    def source(self, path):
        """A page that shows a source, or the files of a folder."""
        file = self.root / path
        label = f"# {path} {{#{self.sources[path]}}}\n\n"
        if file.is_dir():
            names = sorted(str(each.relative_to(self.root)) for each in file.glob("*.[ch]pp"))
            return label + "\n".join(f"- [{name}]({self.target(pathlib.PurePath(), name, path)})" for name in names)
        language = {".cpp": "cpp", ".hpp": "cpp"}.get(file.suffix, "unparsed")
        return label + f"```{{.{language}}}\n{file.read_text()}```\n"

    def picture(self, folder, file, attributes, dark=None):
        """A picture, or one for each theme. SVG is put into the page, so that it follows the page's theme."""
        path = os.path.normpath(folder / file)
        for each in [path] + ([os.path.normpath(folder / dark)] if dark else []):
            if not (self.root / each).is_file():
                raise BrokenLink(f"shows {each}, which does not exist")
        if path.endswith(".svg"):
            drawing = re.sub(r"<\?xml.*?\?>\s*", "", (self.root / path).read_text())
            drawing = DARK.sub(r"html.dark-mode svg\1 {\2}", drawing)
            return f"\\htmlonly[block]\n<div class=\"drawing\">{drawing}</div>\n\\endhtmlonly"
        shown = [(path, "light-only" if dark else "")] + ([(os.path.normpath(folder / dark), "dark-only")] if dark else [])
        self.pictures.update(path for path, _ in shown)
        images = "".join(f'<img class="{kind}" src="{pathlib.PurePath(path).name}" {attributes.strip()}/>' for path, kind in shown)
        return f"\\htmlonly[block]\n{images}\n\\endhtmlonly"


def dedent(lines):
    left = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return [line[left:] for line in lines]


def navigation(file, pages):
    """Reads the groups of docs/navigation.txt: [(title, [path])]."""
    groups = []
    rest = None  # the group of the pages that it does not list
    for line in file.read_text().split("\n"):
        name = line.strip()
        if not name or line.startswith("#"):
            continue
        if not line.startswith(" "):
            groups.append((name, []))
        elif name == "*":
            rest = groups[-1][1]
        elif name in pages.titles:
            groups[-1][1].append(name)
        else:
            raise BrokenLink(f"{file.name}: {name} does not exist")
    listed = {path for _, paths in groups for path in paths}
    rest.extend(path for path in sorted(pages.titles)
                if path not in listed and path != "README.md" and not path.startswith("docs/decisions/"))
    return groups
