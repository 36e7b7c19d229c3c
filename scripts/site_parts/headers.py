"""Prepares the public headers for Doxygen.

The headers leave out what their code already says, and so that the reference is complete, this adds it:

- The export macro and the inline namespace of the version are left out: they concern the linker.
- The first comment of a file describes the file.
- `operator==` and `<=>` that are defaulted, and constructors, assignments and destructors of the usual kinds, get the
  sentence that their declaration means.
- An overload that follows a documented function of the same name directly has the same comment.
"""

import re

DOC = re.compile(r"\s*///(?!<)")
TRAILING_DOC = re.compile(r"///<")
SPECIAL = [
    (re.compile(r"operator(==|<=>)\(.*\) (noexcept )?= default;"), "Compares every member."),
    (re.compile(r"^\s*(\w+)\(const \1(<\w+>)?&( \w+)?\).*= delete;"), "Cannot be copied."),
    (re.compile(r"^\s*(\w+)(<\w+>)?& operator=\(const \1(<\w+>)?&( \w+)?\).*= delete;"), "Cannot be copied."),
    (re.compile(r"^\s*(\w+)\(const \1(<\w+>)?&( \w+)?\)"), "Copies."),
    (re.compile(r"^\s*(\w+)(<\w+>)?& operator=\(const \1(<\w+>)?&( \w+)?\)"), "Copies."),
    (re.compile(r"^\s*(\w+)\(\1(<\w+>)?&&( \w+)?\)"), "Moves."),
    (re.compile(r"^\s*(\w+)(<\w+>)?& operator=\(\1(<\w+>)?&&( \w+)?\)"), "Moves."),
    (re.compile(r"^\s*(constexpr )?\w+\(\)( noexcept)? = default;"), "Every member has its default."),
    (re.compile(r"^\s*(virtual )?~\w+\(\)"), "Destroys."),
]
LINKER = re.compile(r"\bINTENT_API |::inline v\d+\b|\binline v\d+::")
# A member function of the implementation, defined outside its class.
OUTSIDE = re.compile(r"^(template <[^\n]*>\n)?[^\n /]*[^\n]*\bdetail::[^\n(]*::[^\n]*\{\n([^}\n][^\n]*\n|\n)*\}\n", re.MULTILINE)
FUNCTION = re.compile(r"(?<![\w.>])(operator\(\)|operator\W{1,3}|~?\w+)\s*\(")
REQUIRES = re.compile(r"^\s*requires .*?> ")
TYPE = re.compile(r"(class|struct|enum|namespace)\b")
END = re.compile(r"[;}]\s*(//.*)?$")


def name_at(lines, number):
    """The name of the function whose declaration begins at a line, or None."""
    for line in lines[number:number + 4]:
        if re.match(r"\s*(template\b|\[\[)", line) and not line.rstrip().endswith(";"):
            continue
        head = REQUIRES.sub("", line)
        match = FUNCTION.search(head)
        if match and "=" not in head[:match.start()]:  # otherwise a call, for the default of a field
            return match[1]
        if not re.match(r"\s*requires\b", line):
            return None
    return None


def implied(line):
    """The comment that a declaration of a usual kind has without one."""
    return next(([f"/// {text}"] for pattern, text in SPECIAL if pattern.search(line)), [])


def prepare(text):
    """Returns the lines for Doxygen as (line, number of the line in the header)."""
    text = LINKER.sub("", text)
    lines = OUTSIDE.sub(lambda match: "\n" * match.group().count("\n"), text).split("\n")
    out = []
    if lines[0].startswith("// "):
        out.append(("/// @file", 1))
    described = next(number for number, line in enumerate(lines) if not line.startswith("// "))
    out += [("/" + line, number + 1) for number, line in enumerate(lines[:described])]

    comment = []     # above the declaration that follows
    last = None      # (name, comment) of the declaration directly above
    inside = False   # a declaration or a body that goes on
    depth = 0
    for number in range(described, len(lines)):
        line = lines[number]
        code = line.strip()
        if not inside:
            if DOC.match(line):
                comment.append(line)
                last = None
            elif not code or code.startswith("#") or code in ("public:", "protected:", "private:"):
                comment, last = [], None
            elif not code.startswith("//"):
                name = name_at(lines, number)
                if not comment and not TRAILING_DOC.search(line):
                    if last and name and name == last[0]:
                        comment = last[1]
                    out += [(added, number + 1) for added in implied(line) or comment]
                last = (name, comment)
                comment, inside, depth = [], True, 0
        if inside:
            depth += code.count("{") + code.count("(") - code.count("}") - code.count(")")
            if depth > 0 and TYPE.match(code):  # its members follow
                inside, last = False, None
            elif depth <= 0 and END.search(code):
                inside = False
        out.append((line, number + 1))
    return out
