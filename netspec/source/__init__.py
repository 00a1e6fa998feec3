r"""Text to plain data and places: `read_text`, `read_data`, and everything a text can have wrong.

One pass over libyaml's events gives data, places, YAML 1.2 scalars and limits at once. `yaml.load` was
rejected: it follows YAML 1.1, keeps the last of two equal keys in silence, and its limits come too late.

    scalars ─▶ traps ─▶ leaves ─▶ builder ─▶ reader ─▶ writer        text → Document, dict → Document
    events, lines ─▶ stop ─▶ flow_errors, block_errors ─▶ syntax ─▶ builder     what the parser could not read
    characters, flaws, document                                       bytes, findings, places
    project ─▶ bundle                                                 imported files: which, and their text
    comments                                                          `# netspec: allow NS902`

Rules, and the values that their findings carry. `received` is what was written, shortened to 60
characters; `replacement` is a sure fix for the finding's span; `suggestion` is text to propose, not sure.

    rule                 values                                          secondary span
    ───────────────────  ──────────────────────────────────────────────  ─────────────────────────
    the text as a whole
    empty                                                                 -
    limit                what, value, maximum; what is a field of         -
                         Limits, or `key` (YAML's 1,024 characters)
    encoding             received (utf-16, utf-32 or latin-1);            -
                         latin-1: byte (`0xE9`), character (`é` or ``)
    control-character    received (`U+0007`), name (`BEL`)                -
    line-separator       received (`U+2028`), name                        -
    directive            received (`%YAML 1.1`)                           -
    several-documents    received (`---` or `...`)                        after `...`: the next line
    syntax               problem (anchor-name, block-scalar-header or     -
                         unreadable), received

    scalars
    octal-integer        received, suggestion (`10`); octal (8) unless    -
                         the digits have an 8 or 9 (`08`)
    hex-integer          received; suggestion (decimal) if short          -
    binary-integer       received; suggestion (decimal) if short          -
    sexagesimal          received, suggestion (quoted); sexagesimal       -
                         (what YAML 1.1 reads, 210) if short
    underscore-integer   received, suggestion (without underscores)       -
    number-not-ascii     received, suggestion (ASCII digits and sign)     -
    not-finite           received (`.nan`, `.inf`, `1e999`)               -
    integer-too-long     received, digits, maximum                        -
    escape               received (`\d`)                                   -

    keys and structure
    duplicate-key        received                                         the first of them
    key-not-text         received (empty for `: x`), kind (null,          -
                         boolean, integer, float, number, list,
                         mapping); suggestion (quoted) for scalars
    merge-key            received (`<<`)                                  -
    tag                  received (`!!binary`)                            -
    undefined-alias      received (without `*`), known (anchor names      -
                         so far, empty above 50)
    alias-cycle          received (without `*`)                           -

    flow traps and missing characters
    comma-in-expression  received, character (the `,`, bracket or         -
                         colon that cuts it), replacement (quoted)
    missing-space        received (`conv:`), replacement (`conv: `)       -
    template             received (`{{ x }}`, `${x}`), replacement (`$x`) -
    lookalike-character  received, code (`U+201C`, its first),            -
                         replacement (ASCII)
    unclosed             received (`[`, `{`, a quote or `$(`), closing;   where the closer is missing
                         found (`]` or `}`) if another closer is there    (brackets only)
    unopened             received (`]` or `}`)                            -
    missing-colon        received (the line), suggestion                  -
    missing-comma        received (what follows; the span is empty)       -
    tuple                received (`(3, 3)`), replacement (`[3, 3]`)       replacement
    nested-colon         received (`b: c`), suggestion (quoted)           -
    stray-comma          received (`,`)                                   -
    reserved-character   received, character (`@`, backtick, `%`, `?`),   -
                         suggestion (quoted)
    trailing-text        received, after (the character before it, a      -
                         quote or bracket)
    dash-after-key       received (`- b`), suggestion (`[b]`)             -

    files
    foreign-file         format (`prototxt`, `INI`, `Python`), layers     -
                         (mappings, as far as they can be read)

    indentation
    tab-indentation      lines (how many begin so), leading (False for    -
                         a tab behind `-`)
    indentation          received (the line), column, expected (columns   -
                         at which it could begin)
    mixed-collection     received (the line), column, kind (`key` among   -
                         list items, or `list item` among keys), block
                         (the item above, when its value is missing)
"""

from netspec.source.bundle import Bundle
from netspec.source.comments import Comment, comments
from netspec.source.document import At, Document, Place, TextFault
from netspec.source.project import ImportFault, Project, Source
from netspec.source.reader import read_text
from netspec.source.writer import read_data

__all__ = [
    "At",
    "Bundle",
    "Comment",
    "Document",
    "ImportFault",
    "Place",
    "Project",
    "Source",
    "TextFault",
    "comments",
    "read_data",
    "read_text",
]
