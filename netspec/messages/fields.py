"""NS202 to NS207: the fields of blocks, and their values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from netspec.blocks import BLOCKS
from netspec.diagnostics.printable import printable
from netspec.messages import ranges, translation
from netspec.messages.conditions import when_not_bool
from netspec.messages.copies import as_form, rows
from netspec.messages.declaring import example
from netspec.messages.foreign_values import is_stray, meant
from netspec.messages.forms import (
    block_value,
    list_length,
    list_type,
    mapping_type,
    outputs_type,
)
from netspec.messages.page import Page, Said, page, spec
from netspec.messages.sizes import flat_padding, keeps_all, one_of, padding, scale, scale_range
from netspec.messages.splitting import into_form, split_sizes_form
from netspec.messages.types import (
    axes,
    bool_type,
    float_type,
    int_type,
    size,
    sizes,
    string_type,
    text_type,
    whole_number,
    widths,
)
from netspec.messages.unknown import unknown_field, unknown_key
from netspec.messages.words import choices, code, did_you_mean, flow, join, only_guess, written

_KEY_HELP: Mapping[str, str] = {
    "netspec": "add `netspec: 1`, the version of the language",
    "name": "add `name: my_network`, which names files and the class",
    "input": "add the shape of one sample, without the batch: `input: [3, 224, 224]`",
    "layers": "add `layers:`, and below it a line for each layer: `- conv: {...}`",
}


def unknown_parameter(
    *,
    name: str,
    known: Sequence[str],
    value: object = None,
    keys: Sequence[str] = (),
    variants: Sequence[str] = (),
    **_: object,
) -> Said:
    """A value for a parameter that is not declared; in `variants` other `keys` could stand besides."""
    listed = f"its parameters are {choices(known, 'and')}; or " if known else ""
    declared = f"{listed}declare it: {written(f'params: {{{name}: {flow(value)}}}')}"
    if keys and not is_stray(value):
        declared = "a variant gives values to parameters: let the layers read one where it differs"
    return Said(
        message=f"the spec has no parameter {code(name)}",
        label="unknown parameter",
        notes=(f"in the variants {choices(variants[:6], 'and')}",) if len(variants) > 1 else (),
        help=did_you_mean(name, (*known, *keys)) or (declared,),
        fix=only_guess(name, (*known, *keys)),
    )


def unknown_variant(*, name: str, known: Sequence[str], **_: object) -> Said:
    """A variant that the file does not have."""
    listed = f"its variants are {choices(known, 'and')}" if known else "it has none"
    return Said(
        message=f"the spec has no variant {code(name)}",
        label="unknown variant",
        help=did_you_mean(name, known) or (listed,),
        fix=only_guess(name, known),
    )


def missing_field(
    *,
    block: str,
    field: str | Sequence[str],
    doc: str | Sequence[str] = "",
    alone: bool = False,
    types: Mapping[str, str] | None = None,
    role: object = "",
    **_: object,
) -> Said:
    """Fields without a default that were not given; the name can stand `alone`, or as the value of `role`."""
    fields = [field] if isinstance(field, str) else list(field)
    docs = [doc] if isinstance(doc, str) else list(doc)
    values = {name: example(block, name, (types or {}).get(name, "")) for name in fields}
    listed = ", ".join(f"{name}: {flow(value)}" for name, value in values.items())
    verb = "is" if len(fields) == 1 else "are"
    start = "for example, " if "..." not in values.values() else ""
    add = f"write {code(f'- {block}: {{{listed}}}')}" if alone else f"add {code(listed)} here"
    once = written(f"defaults: {{{block}: {{{listed}}}}}")
    return Said(
        message=f"{code(block)} needs {choices(fields, 'and')}",
        label=f"{choices(fields, 'and')} {verb} missing",
        notes=tuple(
            _doc_note(name, text) for name, text in zip(fields, docs, strict=False) if text
        ),
        help=("write `none` for no activation",)
        if role == "activation" and meant("activation", block) == "none"
        else (f"{start}{add}, or once for the file: {once}",),
    )


def _doc_note(field: str, doc: str) -> str:
    """The first line of a field's doc as a part of a sentence."""
    words = doc.strip().split("\n")[0].rstrip(".")
    lowered = words if words[:2].isupper() else words[:1].lower() + words[1:]
    return f"{code(field)}: {printable(lowered)}"


def missing_key(*, missing: str | Sequence[str], **_: object) -> Said:
    """A spec without some of its four keys."""
    keys = [missing] if isinstance(missing, str) else list(missing)
    verb = "is" if len(keys) == 1 else "are"
    return Said(
        message=f"the spec has no {choices([f'{key}:' for key in keys])}",
        label=f"{choices(keys, 'and')} {verb} missing",
        help=tuple(_KEY_HELP[key] for key in keys if key in _KEY_HELP),
    )


def parameter_not_given(
    *, name: str, variants: Sequence[str] = (), chosen: bool = False, **_: object
) -> Said:
    """A required parameter of the file without a value; with `chosen` it is a variant's network."""
    choose = (
        f"choose a variant that has one: {code(f'--variant {variants[0]}')}" if variants else ""
    )
    if chosen:
        choose = f"give it in the variant: {code(f'{name}: ...')}"
    return Said(
        message=f"the parameter {code(name)} has no value",
        label="required",
        help=(
            choose,
            "or " * chosen
            + f"give it from outside: {code(f'--set {name}=...')}, or give it a default here",
        ),
    )


def null(
    *, block: bool = False, field: str = "", empty: bool = False, inside: str = "", **_: object
) -> Said:
    """A field with null or nothing as its value, or an entry of a list that stands `inside` a field."""
    if inside in ("output_size", "adaptive_avg_pool", "adaptive_max_pool"):
        return Said(
            message="this entry is `null`, and that is not a value",
            label="null",
            help=("write `keep` to leave this axis as it is",),
            fix="keep",
        )
    name = code(field) if field else "this entry"
    return Said(
        message=f"{name} has no value" if empty else f"{name} is `null`, and that is not a value",
        label="nothing here" if empty else "null",
        help=("write `none` to switch it off",)
        if block
        else ("write a value, or delete the field to get its default",),
        fix="none" if block else None,
    )


def layer_without_value(
    *,
    block: str,
    in_defaults: bool = False,
    below: Mapping[str, object] | None = None,
    **_: object,
) -> Said:
    """`- gap:`, or a block among the defaults; `below` are fields that are not indented enough."""
    required = translation.required(block) if block in BLOCKS else []
    fields = flow({name: example(block, name) for name in required}) if required else "{...}"
    line = written(f"- {block}: {fields}")
    advice = f"write {written('- ' + block)} without a colon, or give fields: {line}"
    if required and not below:
        advice = f"give its fields: {line}, for example"
    if below:
        line = written(f"{block}: {flow(below)}")
        advice = f"indent {join([code(key) for key in below])} deeper than {code(block)}, or write {line}"
    elif in_defaults:
        advice = f"give fields, {written(f'{block}: {{...}}')}, or leave the line out"
    return Said(
        message=f"{code(block)} has a colon and no value",
        label="nothing behind the colon",
        help=(advice,),
    )


def field_of_other_mode(*, field: str, mode: str, only: str, block: str = "", **_: object) -> Said:
    """`dilation` on an average pool."""
    return Said(
        message=f"{code(field)} needs `mode: {only}`, and this {code(block)} has `mode: {mode}`",
        label=f"only with `mode: {only}`",
        help=(f"delete {code(field)}, or write `mode: {only}`",),
    )


PAGES: tuple[Page, ...] = (
    page(
        "NS202",
        "an unknown field or key",
        """
        Every mapping of a spec has known keys, and others are refused: a misspelt field that is ignored
        in silence gives another network. Field names are those of PyTorch. The channels and features of
        an input are never written; they are inferred.
        """,
        wrong=spec("- conv: {out_channels: 8, kernel: 3}"),
        right=spec("- conv: {out_channels: 8, kernel_size: 3}"),
        rules={
            "unknown-field": unknown_field,
            "unknown-key": unknown_key,
            "unknown-parameter": unknown_parameter,
            "unknown-variant": unknown_variant,
        },
    ),
    page(
        "NS203",
        "a required field is missing",
        """
        A field without a default must be given: in the layer, under `defaults:` for every use of the
        block in the file, or in a preset. `netspec blocks NAME` shows which fields are required. A spec
        itself needs `netspec`, `name`, `input` and `layers`.
        """,
        wrong=spec("- conv: {kernel_size: 3}"),
        right=spec("- conv: {out_channels: 8, kernel_size: 3}"),
        rules={
            "missing-field": missing_field,
            "missing-key": missing_key,
            "parameter-not-given": parameter_not_given,
        },
    ),
    page(
        "NS204",
        "a value of the wrong type",
        """
        Types are strict: `"64"`, `64.0` and `true` are not the number 64, and `1` is not true. What
        would be converted in silence is refused, with what to write instead.
        """,
        wrong=spec('- conv: {out_channels: "64", kernel_size: 3}'),
        right=spec("- conv: {out_channels: 64, kernel_size: 3}"),
        rules={
            "int-type": int_type,
            "float-type": float_type,
            "bool-type": bool_type,
            "string-type": string_type,
            "list-type": list_type,
            "too-short": list_length,
            "too-many-entries": list_length,
            "size": size,
            "padding": padding,
            "flat-padding": flat_padding,
            "keeps-all": keeps_all,
            "scale": scale,
            "widths": widths,
            "axes": axes,
            "sizes": sizes,
            "split-sizes-form": split_sizes_form,
            "into-form": into_form,
            "rows": rows,
            "as-form": as_form,
            "block-value": block_value,
            "not-a-mapping": mapping_type,
            "not-text": text_type,
            "not-outputs": outputs_type,
            "not-a-count": whole_number,
            "when-not-bool": when_not_bool,
        },
    ),
    page(
        "NS205",
        "a value outside what is allowed",
        """
        The value has the right type, but lies outside the range of the field, or is a word that is not
        among its choices. Channels are from 1 to 1,000,000, kernels, strides and paddings up to 1,024,
        probabilities from 0 to 1.
        """,
        wrong=spec("- conv: {out_channels: 0, kernel_size: 3}"),
        right=spec("- conv: {out_channels: 8, kernel_size: 3}"),
        rules={
            "greater-than-equal": ranges.at_least,
            "less-than-equal": ranges.at_most,
            "greater-than": ranges.above,
            "less-than": ranges.below,
            "size-range": ranges.size_range,
            "scale-range": scale_range,
            "literal-error": ranges.literal_error,
            "limits-out-of-order": ranges.limits_out_of_order,
            "axis-twice": ranges.axis_twice,
            "two-unknown-sizes": ranges.two_unknown_sizes,
        },
    ),
    page(
        "NS206",
        "null, or a field without a value",
        """
        `null` and an empty value could mean "the default", "nothing" or "not yet", so they are refused.
        Delete a field to get its default; write `none` to switch a norm or an activation off.
        """,
        wrong=spec("- conv: {out_channels: 8, kernel_size: 3, activation: null}"),
        right=spec("- conv: {out_channels: 8, kernel_size: 3, activation: none}"),
        rules={"null": null, "layer-without-value": layer_without_value},
    ),
    page(
        "NS207",
        "a field that this mode does not have",
        """
        Some fields of `pool` belong to one mode: only a maximum can be dilated, only a mean counts its
        padding or has a divisor. `max_pool` and `avg_pool` are `pool` with its mode. `upsample` has
        `align_corners` in its linear and cubic modes, and either a `scale_factor` or a `size`.
        """,
        wrong=spec("- avg_pool: {kernel_size: 2, dilation: 2}"),
        right=spec("- max_pool: {kernel_size: 2, dilation: 2}"),
        rules={"field-of-other-mode": field_of_other_mode, "one-of": one_of},
    ),
)
