"""NS101 to NS106: text that is no YAML, from its bytes to its brackets."""

from __future__ import annotations

from collections.abc import Sequence

from netspec.messages.page import Page, Said, page, spec
from netspec.messages.words import code, count, join, written

quote = code  # for the one rule that has a value called `code`

_OPENING = {"]": "[", "}": "{"}


def encoding(*, received: str, byte: str = "", character: str = "", **_: object) -> Said:
    """Bytes that are not UTF-8."""
    name = {"latin-1": "Latin-1", "utf-16": "UTF-16", "utf-32": "UTF-32"}[received]
    if received != "latin-1":
        return Said(
            message=f"the file is {name}, and a spec is UTF-8",
            help=("save the file as UTF-8",),
        )
    return Said(
        message=f"byte {byte} is not UTF-8",
        label=f"byte {byte}",
        notes=(f"read as {name} it is {code(character)}",) if character else (),
        help=("save the file as UTF-8",),
    )


def control_character(*, received: str, name: str, **_: object) -> Said:
    """A control character or a lone surrogate."""
    return Said(
        message=f"the character {received} ({name}) cannot stand in a spec",
        label=name,
        help=("delete it",),
        fix="",
    )


def line_separator(*, received: str, name: str, **_: object) -> Said:
    """A character that some programs take for a line break."""
    return Said(
        message=f"the character {received} ({name}) cannot stand in a spec",
        label=name,
        notes=("YAML 1.1 ends a line here and editors do not, so line numbers would differ",),
        help=("write a line break or a space",),
    )


def lookalike_character(*, received: str, code: str, replacement: str, **_: object) -> Said:
    """A character that looks like YAML's syntax and is none."""
    single = len(received) == 1
    if not received.strip() or not replacement:
        instead = "a plain space" if len(replacement) == 1 else "plain spaces"
        return Said(
            message=f"{code} looks like a space, and YAML does not take it for one",
            label=f"{code} here",
            help=(f"write {instead}" if replacement else "delete it",),
            fix=replacement,
            sure=True,
        )
    shown = quote(received)
    return Said(
        message=f"{shown} ({code}) is not the {quote(replacement.strip())} of YAML"
        if single
        else f"{shown} is in quotes that YAML does not know ({code})",
        label="a look-alike" if single else "curly quotes",
        help=(f"write {quote(replacement.strip())}{' and a space' * replacement.endswith(' ')}",),
        fix=replacement,
        sure=True,
    )


def tab_indentation(*, lines: int, leading: bool = True, **_: object) -> Said:
    """A tab where YAML wants spaces."""
    more = f"; {count(lines, 'line')} of the file begin so" if lines > 1 else ""
    where = "indentation" if leading else "what follows a dash"
    return Said(
        message=f"a tab in {where}",
        label="a tab",
        notes=(f"YAML indents with spaces{more}",),
        help=("write two spaces for each level",),
    )


def indentation(*, column: int, expected: Sequence[int] = (), **_: object) -> Said:
    """A line that begins where nothing is open."""
    columns = join([str(entry) for entry in expected], "or")
    place = f"column {columns}" if len(expected) == 1 else f"one of the columns {columns}"
    return Said(
        message=f"this line begins at column {column}, where no list or mapping is open",
        label="indented to no level",
        help=(f"begin it at {place}",) if expected else ("indent it like the lines around it",),
    )


def mixed_collection(*, kind: str, column: int, block: str = "", **_: object) -> Said:
    """A list item among keys, or a key among list items; `block` is an item above without a value."""
    if kind == "key" and block:
        return Said(
            message=f"the fields of {code(block)} are not indented below it",
            label=f"a field of {code(block)}?",
            help=(f"begin its fields further in than {code(block)} itself",),
        )
    if kind == "key":
        return Said(
            message="a key among list items",
            label="a key, where a `- ` is expected",
            help=(
                "put `- ` before it if it is an item, or move it further out if the list is over",
            ),
        )
    return Said(
        message="a list item among keys",
        label="an item, where a key is expected",
        help=(f"indent it below its key, deeper than column {column}",),
    )


def unclosed(*, received: str, closing: str, found: str = "", **_: object) -> Said:
    """A bracket or quote without its partner."""
    if received in "\"'":
        mark = code(received)
        return Said(
            message=f"the quote {mark} is never closed",
            label="opened here",
            help=(f"put {mark} behind the text",),
        )
    instead = f", found {code(found)}" if found else ""
    return Said(
        message=f"{code(received)} is never closed{instead}",
        label="opened here",
        secondary=(f"{code(closing)} is missing before this" if not found else "not its partner",),
        help=(f"add {code(closing)}" if not found else f"write {written(closing)} there",),
    )


def unopened(*, received: str, **_: object) -> Said:
    """A closing bracket that closes nothing."""
    opening = code(_OPENING[received])
    return Said(
        message=f"{code(received)} closes nothing",
        label=f"there is no {opening} for it",
        help=(f"delete it, or add {opening} before",),
    )


def missing_colon(*, received: str, **_: object) -> Said:
    """A line among keys that is no key."""
    key, _space, rest = received.partition(" ")
    rest = rest.removeprefix("=").strip()
    return Said(
        message=f"{code(received)} is no `key: value`",
        label="a colon is missing",
        help=(f"write {written(f'{key}: {rest}' if rest else f'{key}: ...')}",),
    )


def missing_comma(*, received: str, **_: object) -> Said:
    """Two entries in brackets with nothing between them."""
    return Said(
        message=f"a comma is missing before {code(received)}",
        label="`,` is missing here",
        help=("entries in `{}` and `[]` are separated by commas",),
        fix=",",
    )


def missing_space(*, received: str, replacement: str, **_: object) -> Said:
    """`conv:{...}`."""
    return Said(
        message=f"a space is missing after {code(received)}",
        label="a colon ends a key only when a space follows",
        help=(f"write {written(replacement.rstrip() + ' ...')}",),
        fix=replacement,
        sure=True,
    )


def stray_comma(**_: object) -> Said:
    """A comma without an entry."""
    return Said(
        message="a comma with no entry before it",
        label="nothing to separate",
        help=("delete it",),
        fix="",
    )


def nested_colon(*, received: str, suggestion: str, **_: object) -> Said:
    """`a: b: c`."""
    inner = written("{" + received + "}")
    advice = (
        f"write the inner key in braces, {inner}, or on a line of its own",
        f"if it is text, quote it: {written(suggestion)}",
    )
    is_prose = " " in received.partition(":")[0]
    return Said(
        message=f"a second key in the value {code(received)}",
        label="this is the value of the key before it",
        help=advice[1:] if is_prose else advice,
    )


def dash_after_key(*, received: str, suggestion: str, **_: object) -> Said:
    """`a: - b`."""
    return Said(
        message="a list item on the line of its key",
        label="begins a list",
        help=(f"write {written(suggestion)}, or start a new line before {code(received)}",),
        fix=suggestion,
    )


def reserved_character(*, character: str, suggestion: str, **_: object) -> Said:
    """A value that starts with a character YAML keeps for itself."""
    tick = character == "`"  # which would end the quotation
    return Said(
        message=f"a value cannot start with {'a backtick' if tick else code(character)}",
        label="reserved in YAML",
        help=("put single quotes around it" if tick else f"quote it: {written(suggestion)}",),
        fix=suggestion,
    )


def text_after_value(*, received: str, after: str, **_: object) -> Said:
    """Something behind a closing quote or bracket."""
    return Said(
        message=f"{code(received)} follows a value that is over",
        label=f"the value ended at {code(after)}" if after.strip() else "behind the value",
        help=("put it inside the quotes or brackets, or on a line of its own",),
    )


def escape(*, received: str, **_: object) -> Said:
    """An unknown escape in double quotes."""
    return Said(
        message=f"{code(received)} is no escape of YAML",
        label="unknown escape",
        help=("use single quotes, where a backslash is a backslash, or write two backslashes",),
    )


def syntax(*, problem: str, received: str, **_: object) -> Said:
    """What is left: the parser stopped, and nothing better is known."""
    said = {
        "anchor-name": ("an anchor or alias needs a name", "write `&name` or `*name`"),
        "block-scalar-header": (
            f"{code(received)} is no beginning of a block of text",
            "write `|` or `>`, and the text on the lines below",
        ),
    }
    message, advice = said.get(problem, (f"YAML cannot be read at {code(received)}", ""))
    return Said(message=message, label="here", help=(advice,) if advice else ())


PAGES: tuple[Page, ...] = (
    page(
        "NS101",
        "a character that cannot stand in a spec",
        """
        A spec is UTF-8 text. Other encodings are not guessed, because a wrong guess changes names and
        docs in silence. Control characters, lone surrogates and the separators U+0085, U+2028 and
        U+2029 are refused wherever they stand, comments included: editors hide them, and programs
        disagree on where the line ends.
        """,
        wrong=spec("- gap  # mean of each\u2028channel"),
        right=spec("- gap  # mean of each channel"),
        rules={
            "encoding": encoding,
            "control-character": control_character,
            "line-separator": line_separator,
        },
    ),
    page(
        "NS102",
        "a character that only looks like YAML",
        """
        Word processors, web pages and input methods put in curly quotes, no-break spaces, full-width
        colons and commas. They look right and mean nothing to YAML: the colon would become a part of
        the name. The replacement is sure.
        """,
        wrong=spec("- conv: {out_channels： 8, kernel_size: 1}"),
        right=spec("- conv: {out_channels: 8, kernel_size: 1}"),
        rules={"lookalike-character": lookalike_character},
    ),
    page(
        "NS103",
        "indentation that fits no level",
        """
        Indentation is spaces, never tabs. Every entry of a list or mapping begins at the same column;
        a line further in belongs to the entry above, a line further out ends it. List items (`- `) and
        keys cannot be mixed at one column.
        """,
        wrong=spec("- conv:", "    out_channels: 8", "   kernel_size: 1"),
        right=spec("- conv:", "    out_channels: 8", "    kernel_size: 1"),
        rules={
            "tab-indentation": tab_indentation,
            "indentation": indentation,
            "mixed-collection": mixed_collection,
        },
    ),
    page(
        "NS104",
        "a bracket or quote without its partner",
        """
        Every `[`, `{` and quote is closed by its own kind. The place is where the bracket opens that has
        no partner before the lines around it go on; the second place is where it was missed.
        """,
        wrong=spec("- conv: {out_channels: 8, kernel_size: 1", "- gap"),
        right=spec("- conv: {out_channels: 8, kernel_size: 1}", "- gap"),
        rules={"unclosed": unclosed, "unopened": unopened},
    ),
    page(
        "NS105",
        "a colon, comma or dash too few or too many",
        """
        A key is followed by a colon and a space. Entries in `{}` and `[]` are separated by commas. A
        list starts on a line of its own, below its key. A value that contains `: ` is quoted.
        """,
        wrong=spec("- conv:{out_channels: 8, kernel_size: 1}"),
        right=spec("- conv: {out_channels: 8, kernel_size: 1}"),
        rules={
            "missing-colon": missing_colon,
            "missing-comma": missing_comma,
            "missing-space": missing_space,
            "stray-comma": stray_comma,
            "nested-colon": nested_colon,
            "dash-after-key": dash_after_key,
        },
    ),
    page(
        "NS106",
        "text that YAML reads differently or not at all",
        """
        Some characters begin something special when a value starts with them (`@`, a backtick, `%`);
        quote the value. In double quotes a backslash begins an escape. Nothing can follow a closing
        quote or bracket but a comment.
        """,
        wrong=spec("- gap", sections="doc: @todo describe it"),
        right=spec("- gap", sections="doc: '@todo describe it'"),
        rules={
            "reserved-character": reserved_character,
            "text-after-value": text_after_value,
            "escape": escape,
            "syntax": syntax,
        },
    ),
)
