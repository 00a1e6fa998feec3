"""NS208 to NS214: the form of layers and sections, and initialisation."""

from __future__ import annotations

from collections.abc import Sequence

from netspec.blocks import BLOCKS
from netspec.messages import foreign, translation
from netspec.messages.declaring import type_name
from netspec.messages.layers import (
    branch,
    branches,
    branches_are_names,
    fields_as_list,
    list_of_layers,
    loose_branches,
    not_a_layer,
    two_keys_in_item,
)
from netspec.messages.page import Page, Said, page, spec
from netspec.messages.words import choices, code, did_you_mean, flow, got, only_guess, written


def no_bare_field(
    *,
    block: str,
    known: Sequence[str],
    required: Sequence[str] = (),
    received: object = None,
    inputs: int | None = 1,
    read_inside: Sequence[str] = (),
    **_: object,
) -> Said:
    """`- relu: 0.1`, `- batch_norm: 64`, `- transpose: [1, 2]`, or `[a, b]` for a block with two inputs."""
    values = received if isinstance(received, list) else [received]
    is_width = bool(known) and not required and len(values) == 1 and type(values[0]) is int
    if inputs is not None and inputs > 1 and len(values) == inputs and foreign.are_names(values):
        line = f"- {block}: {flow({'from': values})}"
        advice = [f"to read layers by name, write {written(line)}"]
    elif not known and len(read_inside) == 1:  # its body reads what nobody declares
        declared = written(f"params: {{{read_inside[0]}: {type_name(values[0])}}}")
        advice = [f"declare what it reads, in {code(block)}: {declared}"]
    elif required:
        advice = [f"give each field its name: {written('- ' + _named(block, values, required))}"]
    else:
        why = "the channels of its input are inferred: " if is_width else ""
        advice = [f"{why}write {written('- ' + block)}"]
        others = [o for o in BLOCKS if o.endswith(f"_{block}") and translation.bare_field(o)]
        if isinstance(received, str) and received.isidentifier():
            advice.append(f"or, to read that layer, {written(f'- {block}: {{from: {received}}}')}")
        if isinstance(received, float):
            advice += [f"or write {written(f'- {other}: {flow(received)}')}" for other in others]
        if known and not is_width:
            advice.append(f"or name the field of the value: {choices(known)}")
    return Said(
        message=f"{code(block)} takes no bare value",
        label="a value for which field?" if known and not is_width else "it needs no value",
        help=tuple(advice),
    )


def _named(block: str, values: Sequence[object], required: Sequence[str]) -> str:
    """A layer with its values under the names of its fields, as far as these are known."""
    fields = translation.in_order(block, values) if block in BLOCKS else None
    layer = translation.fields_in_order(block, values) if fields else None
    if layer is not None and set(required) <= set(fields or ()):
        return layer
    given = values if len(values) == len(required) else ["..."] * len(required)
    return f"{block}: {flow(dict(zip(required, given, strict=True)))}"


def no_layers(**_: object) -> Said:
    """`layers: []`."""
    return Said(
        message="the spec has no layers",
        label="empty",
        help=("add a line for each layer, such as `- conv: {out_channels: 64, kernel_size: 3}`",),
    )


def block_without_body(*, name: str, received: object, **_: object) -> Said:
    """An entry under `blocks:` that is neither a block nor a preset."""
    label, advice = f"got {got(received)}", ""
    if isinstance(received, list):
        label, advice = "got a list", f"write {written(f'{name}: {{layers: {flow(received)}}}')}"
    elif isinstance(received, dict) and received:
        label = f"got keys {choices(received, 'and')}"
        if all(key in BLOCKS for key in received):
            layers = [key if value is None else {key: value} for key, value in received.items()]
            advice = (
                f"begin each layer with a dash: {written(f'{name}: {{layers: {flow(layers)}}}')}"
            )
    elif isinstance(received, str):
        advice = f"for another name of {code(received)}, write {written(f'{name}: {{{received}: {{}}}}')}"
    return Said(
        message=f"the block {code(name)} has neither `layers` nor one block to stand for",
        label=label,
        help=(
            advice
            or f"give it a body, {written(f'{name}: {{layers: [...]}}')}, or one block with fields, "
            + written(f"{name}: {{conv: {{kernel_size: 1}}}}"),
        ),
    )


def language_version(*, received: object, known: int, **_: object) -> Said:
    """`netspec: 2`."""
    return Said(
        message=f"the language version is {known}, got {got(received)}",
        label="unknown version",
        help=(f"write `netspec: {known}`",),
        fix=str(known),
    )


def not_yet(*, what: str, received: object = None, **_: object) -> Said:
    """A part of the language that is reserved: several inputs, which one with all channels can stand for."""
    shapes = list(received.values()) if isinstance(received, dict) else []
    advice = ""
    if len(shapes) == 1:
        advice = f"write {written(f'input: {flow(shapes[0])}')}"
    elif shapes and all(
        isinstance(one, list) and one and one[1:] == shapes[0][1:] for one in shapes
    ):
        sizes = [one[0] for one in shapes]
        if isinstance(received, dict) and all(type(size) is int for size in sizes):
            whole = written(f"input: {flow([sum(sizes), *shapes[0][1:]])}")
            line = flow({"name": "inputs", "sizes": sizes, "into": list(received)})
            first = code(f"inputs.{next(iter(received))}")
            advice = f"join them along the channels, {whole}, and take them apart: "
            advice += f"{written(f'- split: {line}')}; then {code('from')} reads {first}"
    return Said(
        message=f"{what} is reserved for a later version of netspec",
        label="not yet",
        help=(advice,) if advice else (),
    )


def override_without_repeat(*, key: str, **_: object) -> Said:
    """`first:` on a layer without `repeat`."""
    return Said(
        message=f"{code(key)} needs `repeat`",
        label="there is only one copy",
        help=(f"add `repeat: n`, or write the fields of {code(key)} as fields of the layer",),
    )


def unknown_init(*, received: str, known: Sequence[str], **_: object) -> Said:
    """`init:` for something that has no weights."""
    return Said(
        message=f"nothing to initialise is called {code(received)}",
        label="unknown",
        help=did_you_mean(received, known) or (f"known are {choices(known, 'and')}",),
        fix=only_guess(received, known),
    )


def unknown_scheme(*, received: object, known: Sequence[str], **_: object) -> Said:
    """`xavier`."""
    word = received if isinstance(received, str) else ""
    own = foreign.SCHEMES.get(word)
    fuller = [name for name in known if word and name.startswith(word)]
    advice = (f"did you mean {choices(fuller)}?",) if fuller else did_you_mean(word, known)
    advice = (f"write {written(own)}",) if own else advice
    return Said(
        message=f"there is no initialisation {code(word) if word else got(received)}",
        label="unknown scheme",
        help=advice or (f"schemes are {choices(known, 'and')}",),
        fix=own or (only_guess(word, known) if word and not fuller else None),
    )


def scheme_needs_matrix(*, scheme: str, **_: object) -> Said:
    """`bias: xavier_uniform`."""
    return Said(
        message=f"{code(scheme)} needs a matrix, and a bias is a vector",
        label="for weights only",
        help=("write `zeros`, `constant: 0.1`, `uniform` or `normal`",),
    )


def init_argument(
    *, scheme: str, received: object, known: Sequence[str], words: Sequence[str] = (), **_: object
) -> Said:
    """An argument that the scheme does not take, or not with this value."""
    takes = f"takes {choices(known, 'and')}" if known else "takes no arguments"
    name, given = next(iter(received.items())) if isinstance(received, dict) else ("", received)
    if name in known:
        wanted = choices(words) if words else "a number above 0" if name == "std" else "a number"
        word = given if isinstance(given, str) else ""
        return Said(
            message=f"{code(name)} of {code(scheme)} must be {wanted}, got {got(given)}",
            label=f"expected {wanted}",
            help=did_you_mean(word, words),
            fix=only_guess(word, words),
        )
    if received is None:
        return Said(
            message=f"{code(scheme)} needs {choices(known)}",
            label=f"{choices(known)} is missing",
            help=(f"write {written(f'{scheme}: {{{known[0]}: 0.1}}')}",),
        )
    shown = code(flow(received).removeprefix("{").removesuffix("}"))
    return Said(
        message=f"{code(scheme)} cannot have {shown}",
        label=takes,
        help=did_you_mean(name, known),
        fix=only_guess(name, known),
    )


PAGES: tuple[Page, ...] = (
    page(
        "NS208",
        "an item that is not one layer",
        """
        An item of a list of layers is a block name (`- gap`), a block with its fields
        (`- conv: {...}`), or a block with its one bare field (`- dropout: 0.4`). Fields on lines of
        their own are indented deeper than the name of the block; at the same column they would be keys
        of the item.
        """,
        wrong=spec("- conv:", "  out_channels: 8", "  kernel_size: 3"),
        right=spec("- conv:", "    out_channels: 8", "    kernel_size: 3"),
        rules={
            "not-a-layer": not_a_layer,
            "two-keys-in-item": two_keys_in_item,
            "no-bare-field": no_bare_field,
        },
    ),
    page(
        "NS209",
        "not a list of layers",
        """
        `layers` is a list; every line of it begins with a dash. Branches are a list of such lists, bare or
        named, and `[]` is the branch that changes nothing.
        """,
        wrong=spec("- concat: [conv: {out_channels: 8, kernel_size: 1}, []]"),
        right=spec("- concat: [[conv: {out_channels: 8, kernel_size: 1}], []]"),
        rules={
            "not-layers": list_of_layers,
            "fields-as-list": fields_as_list,
            "layer-list": list_of_layers,
            "no-layers": no_layers,
            "not-branches": branches,
            "branch-list": branches,
            "branch-not-a-list": branch,
            "branches-are-names": branches_are_names,
            "loose-branches": loose_branches,
        },
    ),
    page(
        "NS210",
        "a definition that is neither a block nor a preset",
        """
        An entry under `blocks:` has a body (`layers`, and perhaps `params`, `let`, `doc`), or it is a
        preset: one block with some of its fields.
        """,
        wrong=spec("- pointwise: 8", sections="blocks: {pointwise: {kernel_size: 1, stride: 1}}"),
        right=spec("- pointwise: 8", sections="blocks: {pointwise: {conv: {kernel_size: 1}}}"),
        rules={"block-without-body": block_without_body},
    ),
    page(
        "NS211",
        "another version of the language",
        """
        `netspec: 1` is the version of the language that a file is written in; what it means never
        changes. Some keys are reserved for later and refused until then, so that nothing is ignored.
        """,
        wrong="netspec: 2\nname: example\ninput: [3, 32, 32]\nlayers:\n  - gap",
        right=spec("- gap"),
        rules={"language-version": language_version, "not-yet": not_yet},
    ),
    page(
        "NS213",
        "`first` or `last` without copies",
        """
        `first` and `last` change fields in the first or last copy of a repeated layer; without `repeat`
        there are no copies.
        """,
        wrong=spec("- conv: {out_channels: 8, kernel_size: 3, first: {stride: 2}}"),
        right=spec("- conv: {out_channels: 8, kernel_size: 3, repeat: 2, first: {stride: 2}}"),
        rules={"override-without-repeat": override_without_repeat},
    ),
    page(
        "NS214",
        "an initialisation that cannot be",
        """
        `init:` maps ops that have weights (`conv`, `linear`, `batch_norm`, ...) to schemes for `weight`
        and `bias`; on a layer it may name `weight` and `bias` alone. Schemes are those of `torch.nn.init`
        with their arguments; those that count inputs and outputs need a matrix and cannot fill a bias.
        """,
        wrong=spec("- linear: 10", input_="[8]", sections="init: {linear: {bias: xavier_uniform}}"),
        right=spec("- linear: 10", input_="[8]", sections="init: {linear: {bias: zeros}}"),
        rules={
            "unknown-init": unknown_init,
            "unknown-scheme": unknown_scheme,
            "scheme-needs-matrix": scheme_needs_matrix,
            "init-argument": init_argument,
        },
    ),
)
