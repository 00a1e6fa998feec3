"""NS107 to NS115 (numbers apart): readable YAML that a spec does not use, and limits."""

from __future__ import annotations

from collections.abc import Sequence

from netspec.blocks import BLOCKS
from netspec.messages.foreign_text import foreign_file
from netspec.messages.page import Page, Said, page, spec
from netspec.messages.words import code, did_you_mean, got, kind, only_guess, raised, written

_LIMITED = {
    "file_bytes": "bytes in one file",
    "yaml_depth": "levels of nesting",
    "yaml_nodes": "values and keys",
    "alias_nodes": "nodes made by aliases",
    "scalar_bytes": "bytes in one text",
    "key": "characters in one key",
    "repeat": "copies by one `repeat`",
    "nesting of blocks": "levels of blocks in blocks",
    "import_bytes": "bytes over all imported files",
    "import_files": "imported files",
    "import_depth": "levels of imports",
    "found_errors": "errors",
}
_LIMIT_OF = {
    "nesting of blocks": "block_depth",
    "layers after expansion": "layers",
    "layers after expansion in all variants": "layers",
    "elements of one tensor": "tensor_elements",
    "inputs of one": "merge_inputs",
}
"""What is counted -> the field of `Limits`, where the two differ."""

_AT_LEAST = frozenset(
    {
        "yaml_nodes",
        "alias_nodes",
        "file_bytes",
        "found_errors",
        "layers after expansion in all variants",
    }
)
"""What is counted no further than to the limit."""


def comma_in_expression(*, received: str, character: str, replacement: str, **_: object) -> Said:
    """`$(max(a, b))` in braces, cut into pieces by YAML."""
    what = {",": "comma", ":": "colon"}.get(character, "bracket")
    return Said(
        message=f"the {what} in {code(received)} cuts the expression into pieces",
        label=f"YAML takes the {code(character)} for its own",
        help=(f"inside braces and brackets, quote it: {written(replacement)}",),
        fix=replacement,
        sure=True,
    )


def python_tuple(*, received: str, replacement: str, **_: object) -> Said:
    """`(3, 3)`."""
    return Said(
        message=f"{code(received)} is a list as Python writes it, and YAML does not read it",
        label="round brackets",
        help=(f"write {written(replacement)}",),
        fix=replacement,
        sure=True,
    )


def template(*, received: str, replacement: str, **_: object) -> Said:
    """`{{ x }}` or `${x}`."""
    return Said(
        message=f"{code(received)} is the spelling of another language",
        label="not an expression of netspec",
        notes=("`$` reads parameters of the spec, never the environment",)
        if received.startswith("$")
        else (),
        help=(f"write {written(replacement)}",),
        fix=replacement,
        sure=True,
    )


def shell_style(*, name: str, **_: object) -> Said:
    """`${x}` where it reaches the expressions."""
    meant = f"${name}" if name.isidentifier() else f"$({name})"
    said = template(received=f"${{{name}}}", replacement=meant)
    return said if name else Said(message=said.message, label=said.label)


def duplicate_key(*, received: str, **_: object) -> Said:
    """The second of two equal keys; layers without dashes look so too."""
    dash = code(f"- {received}: ...")
    layers = f", or begin each line with a dash if they are layers: {dash}"
    layers = layers if received in BLOCKS else ""
    return Said(
        message=f"the key {code(received)} is given twice",
        label="given again",
        secondary=("first given here",),
        help=(f"keep one of them{layers}",),
    )


def key_not_text(*, received: str, kind: str, suggestion: str = "", **_: object) -> Said:
    """A key that YAML reads as something else than text."""
    if not received:
        return Said(
            message="a key is missing before the colon",
            label="no key",
            help=("write `key: value`",),
        )
    article = "an" if kind == "integer" else "a"
    words = "null" if kind == "null" else f"{article} {kind}"
    return Said(
        message=f"the key {code(received)} is {words}, and keys are text",
        label=words,
        help=(f"if it is a name, quote it: {written(suggestion)}",)
        if suggestion
        else ("write a name before the colon: `name: value`",),
        fix=suggestion or None,
    )


def tag(*, received: str, **_: object) -> Said:
    """`!!python/object`, `!x`."""
    return Said(
        message=f"the tag {code(received)} cannot be used",
        label="a YAML tag",
        notes=("a spec is plain data: it can neither make objects nor run code",),
        help=("delete the tag, or quote the value if the `!` belongs to it",),
    )


def merge_key(**_: object) -> Said:
    """`<<: *base`."""
    return Said(
        message="the merge key `<<` cannot be used",
        label="a merge key",
        help=("share fields by `defaults:`, or by a block of your own under `blocks:`",),
    )


def directive(*, received: str, **_: object) -> Said:
    """`%YAML 1.1`."""
    return Said(
        message=f"the directive {code(received)} cannot be used",
        label="a YAML directive",
        help=("delete the line",),
    )


def several_documents(*, received: str, **_: object) -> Said:
    """`---` in the middle of a file."""
    return Said(
        message="a second document in the same file",
        label=f"{code(received)} ends the first one",
        secondary=("the second begins here",),
        help=("put it into a file of its own",),
    )


def undefined_alias(*, received: str, known: Sequence[str] = (), **_: object) -> Said:
    """`*x` without `&x` before it."""
    guess = only_guess(received, known)
    return Said(
        message=f"the alias {code('*' + received)} has no anchor {code('&' + received)} before it",
        label="undefined alias",
        help=did_you_mean(received, known) or ("if it is text, quote it",),
        fix=f"*{guess}" if guess else None,
    )


def alias_cycle(*, received: str, **_: object) -> Said:
    """`&a [*a]`."""
    return Said(
        message=f"the alias {code('*' + received)} stands inside its own anchor",
        label="contains itself",
        help=("an anchor can be repeated only after its end",),
    )


def empty(**_: object) -> Said:
    """An empty file."""
    return Said(
        message="there is no spec in the file",
        label="empty",
        help=("start with `netspec: 1`, `name:`, `input:` and `layers:`",),
    )


def root_not_a_mapping(*, received: object, **_: object) -> Said:
    """A list or a scalar where a spec should be."""
    words = f"{kind(received)}" if isinstance(received, list) else got(received)
    return Said(
        message=f"a spec is a mapping of keys, got {words}",
        label="not `key: value`",
        help=("start with `netspec: 1`, `name:`, `input:` and `layers:`",),
    )


def limit(*, what: str, value: int, maximum: int, **_: object) -> Said:
    """Anything that is larger than a limit."""
    words = _LIMITED.get(what, what)
    name = _LIMIT_OF.get(what.partition(" `")[0], what)
    notes = ("this limit is YAML's own",) if what == "key" else raised(name)
    at_least = "at least " if what in _AT_LEAST else ""
    return Said(
        message=f"more than {maximum} {words}",
        label=f"found {at_least}{value}",
        notes=notes,
    )


PAGES: tuple[Page, ...] = (
    page(
        "NS107",
        "an expression that YAML cuts into pieces",
        """
        Inside `{}` and `[]` YAML takes commas, brackets and `: ` for its own before netspec sees the
        expression. Quote such an expression there; on a line of its own it needs no quotes. A list has
        square brackets, `[3, 3]`: the round ones of Python mean nothing in YAML.
        """,
        wrong=spec("- conv: {out_channels: $(max(8, 16)), kernel_size: 1}"),
        right=spec("- conv: {out_channels: '$(max(8, 16))', kernel_size: 1}"),
        rules={"comma-in-expression": comma_in_expression, "tuple": python_tuple},
    ),
    page(
        "NS108",
        "a variable as another language writes it",
        """
        A parameter is read with `$name`, an expression is `$(...)`. Shells write `${name}`, templates
        `{{ name }}`; a spec is not passed through either.
        """,
        wrong=spec("- linear: ${num_classes}", input_="[8]", sections="params: {num_classes: 10}"),
        right=spec("- linear: $num_classes", input_="[8]", sections="params: {num_classes: 10}"),
        rules={"template": template, "shell-style": shell_style},
    ),
    page(
        "NS109",
        "a key given twice",
        """
        YAML readers keep the last of two equal keys and say nothing about the first. Here the second is
        an error, in every mapping of the file.
        """,
        wrong=spec("- conv: {out_channels: 8, kernel_size: 1, out_channels: 16}"),
        right=spec("- conv: {out_channels: 16, kernel_size: 1}"),
        rules={"duplicate-key": duplicate_key},
    ),
    page(
        "NS110",
        "a key that is not text",
        """
        Keys are names. `1:`, `true:` and `? [a]` are read by YAML as a number, a truth value and a list;
        quote the key if it is meant to be a name.
        """,
        wrong=spec("- conv: {out_channels: 8, kernel_size: 1, 2: 3}"),
        right=spec("- conv: {out_channels: 8, kernel_size: 1, stride: 3}"),
        rules={"key-not-text": key_not_text},
    ),
    page(
        "NS112",
        "a feature of YAML that specs do not have",
        """
        A spec is one document of plain data. Tags (`!!python/object`), merge keys (`<<`), directives
        (`%YAML`) and further documents (`---`) are refused: the first can run code in other readers, the
        second hides where a field comes from.
        """,
        wrong=spec("- conv: {<<: {kernel_size: 1}, out_channels: 8}"),
        right=spec(
            "- conv: {out_channels: 8}",
            sections="defaults: {conv: {kernel_size: 1}}",
        ),
        rules={
            "tag": tag,
            "merge-key": merge_key,
            "directive": directive,
            "several-documents": several_documents,
        },
    ),
    page(
        "NS113",
        "an alias that repeats nothing",
        """
        `*name` repeats the value that was marked with `&name` on an earlier line. It cannot stand inside
        that value.
        """,
        wrong=spec("- conv: {out_channels: *width, kernel_size: 1}"),
        right=spec(
            "- conv: {out_channels: &width 8, kernel_size: 1}",
            "- conv: {out_channels: *width, kernel_size: 1}",
        ),
        rules={"undefined-alias": undefined_alias, "alias-cycle": alias_cycle},
    ),
    page(
        "NS114",
        "no spec in the file",
        """
        A spec is a mapping with at least `netspec`, `name`, `input` and `layers`. An empty file, a bare
        list of layers or a single value is none, and neither is a file of another program.
        """,
        wrong="- gap\n- flatten",
        right=spec("- gap", "- flatten"),
        rules={
            "empty": empty,
            "root-not-a-mapping": root_not_a_mapping,
            "foreign-file": foreign_file,
        },
    ),
    page(
        "NS115",
        "a limit is exceeded",
        """
        Specs come from strangers, and a few bytes can describe a network of any size. So everything that
        a spec can make large has a limit, checked before the work is done: bytes, nesting, copies,
        layers, elements of a tensor. The caller can raise them (`limits=` in the API); the spec cannot.
        """,
        wrong=spec("- relu: {repeat: 1000000000}"),
        right=spec("- relu: {repeat: 3}"),
        rules={"limit": limit},
    ),
)
