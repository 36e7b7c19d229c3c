"""Prepares the public headers for Doxygen.

The headers leave out what their code already says, and so that the reference is complete, this adds it:

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
# A member function of the implementation, defined outside its class.
OUTSIDE = re.compile(r"^(template <[^\n]*>\n)?[^\n /]*[^\n]*\bdetail::[^\n(]*::[^\n]*\{\n([^}\n][^\n]*\n|\n)*\}\n", re.MULTILINE)
FUNCTION = re.compile(r"(?<![\w.>])(operator\(\)|operator\W{1,3}|~?\w+)\s*\(")


def function_name(line):
    """The name of the function that a line declares, or None."""
    if not re.match(r"\s*(template|requires|\[\[|friend|static|explicit|inline|constexpr|virtual|[\w:<>,&* ]+\()", line):
        return None
    match = FUNCTION.search(re.sub(r"^\s*requires .*?> ", "", line))
    return match.group(1) if match else None


def prepare(text):
    """Returns the lines for Doxygen as (line, number of the line in the header)."""
    lines = OUTSIDE.sub(lambda match: "\n" * match.group().count("\n"), text).split("\n")
    out = []
    comment = []       # the doc comment above the present declaration
    documented = None  # (name, comment) of the function whose declaration ended just above
    current = None     # the same, while its declaration or body goes on
    depth = 0
    number = 0

    # The description of the file.
    while number < len(lines) and lines[number].startswith("// "):
        out.append(("/// " + ("@file\n/// " if number == 0 else "") + lines[number][3:], number + 1))
        number += 1

    for number in range(number, len(lines)):
        line = lines[number]
        code = line.strip()
        if DOC.match(line):
            comment.append(line)
            documented = current = None
        elif not code or code in ("public:", "protected:", "private:"):
            comment, documented, current = [], None, None
        elif not code.startswith("//"):
            at_start = current is None
            if at_start:
                name = function_name(line) if not code.startswith(("template", "requires std::is", "[[")) else None
                if not comment and not TRAILING_DOC.search(line):
                    special = next((text for pattern, text in SPECIAL if pattern.search(line)), None)
                    if special:
                        out.append((f"/// {special}", number + 1))
                    elif documented and name_below(lines, number) == documented[0]:
                        out.extend((text, number + 1) for text in documented[1])
                        comment = documented[1]
                if name is None:
                    name = name_below(lines, number)
                current = (name, comment) if comment and name else (None, [])
                depth = 0
            depth += code.count("{") + code.count("(") - code.count("}") - code.count(")")
            if depth <= 0 and re.search(r"[;}]\s*(//.*)?$", code):
                documented = current if current and current[0] else None
                current, comment = None, []
            elif depth > 0 and re.match(r"(class|struct|enum|namespace)\b", code):
                documented, current, comment = None, None, []  # the members of a type begin
        out.append((line, number + 1))
    return [(part, source) for line, source in out for part in line.split("\n")]


def name_below(lines, number):
    """The name of the function declared from this line on, behind its template and requires clauses."""
    for line in lines[number:number + 4]:
        if re.match(r"\s*(template|\[\[)", line) and not line.rstrip().endswith(";"):
            continue
        name = function_name(line)
        if name not in (None, "requires"):
            return name
        if not re.match(r"\s*requires\b", line):
            return None
    return None
