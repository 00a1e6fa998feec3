"""NS301 to NS304, NS306: names, wiring, and blocks that contain themselves."""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections.abc import Sequence

from netspec.blocks import BLOCKS
from netspec.messages.lookalikes import latin
from netspec.messages.page import Page, Said, page, spec
from netspec.messages.words import (
    choices,
    code,
    did_you_mean,
    got,
    kind,
    only_guess,
    written,
)

_AUTOMATIC = re.compile(r"([a-z_]+)_\d+")
_FEW = 10
_NO_OUTPUTS = ("input", "previous")


def unknown_layer(
    *,
    name: str,
    known: Sequence[str],
    inside: Sequence[str] = (),
    path: Sequence[object] = (),
    **_: object,
) -> Said:
    """A name that no layer has; `inside` are the paths to layers of that name in other scopes."""
    notes: tuple[str, ...] = ()
    advice = did_you_mean(name, known)
    fix = only_guess(name, known)
    plain = name.removeprefix("$")
    block = plain if plain in BLOCKS else _AUTOMATIC.sub(r"\1", plain)
    if plain != name and plain in known:
        advice, fix = (f"write {code(plain)}: names of layers have no `$`",), plain
    elif inside:
        advice = (f"did you mean {choices(inside[:3])}?",)
        fix = inside[0] if len(inside) == 1 else None
    elif not advice and block in BLOCKS:
        notes = ("layers are read by the `name` that you give them, not by their block",)
        line = f"- {block}: {{name: my_{block}, ...}}"
        advice = (f"give the layer a name, such as {code(line)}, and read that",)
        if path[:1] == ("outputs",):
            advice = (*advice, "without `outputs:` the last layer is the output")
    elif not advice:
        advice, notes = _readable(name, known, path)
    return Said(
        message=f"there is no layer {code(name)} to read here",
        label="unknown name",
        notes=notes,
        help=advice,
        fix=fix,
        sure=True,
    )


def _readable(
    name: str, known: Sequence[str], path: Sequence[object]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Help and notes with what can be read instead, by an output and by a layer."""
    notes: tuple[str, ...] = ()
    if path[:1] == ("outputs",):
        advice: tuple[str, ...] = ("without `outputs:` the last layer is the output",)
        known = [one for one in known if one not in _NO_OUTPUTS]
        if not known and name not in _NO_OUTPUTS:
            advice = (f"give the layer that is meant {code(f'name: {name}')}", *advice)
    else:
        advice = ()
        if path[:1] == ("blocks",) and len(path) > 1:
            block = code(str(path[1]))
            notes = (f"the block {block} sees its own layers and inputs, none outside it",)
    if known:
        advice = (f"names that can be read here: {_few(known)}", *advice)
    return advice, notes


def _few(names: Sequence[str]) -> str:
    """The first ones of some names."""
    return choices(names[:_FEW], "and") + (" and others" if len(names) > _FEW else "")


def name_later(*, name: str, own: bool = False, **_: object) -> Said:
    """A name that is given at this line or further down."""
    if own:
        return Said(
            message=f"the layer {code(name)} reads itself",
            label="its own name",
            notes=("a layer reads earlier layers only, never itself or later ones",),
            help=("write `previous` to read the layer before, or the name of another one",),
            fix="previous",
        )
    return Said(
        message=f"the layer {code(name)} is read before it is there",
        label="not there yet",
        notes=("a layer reads earlier layers only, never itself or later ones",),
        help=(f"move this layer below {code(name)}, or read another one",),
    )


def name_removed(*, name: str, **_: object) -> Said:
    """A name whose layer `when` took away."""
    return Said(
        message=f"the layer {code(name)} is not there: its `when` is false",
        label="read here",
        notes=("a false `when` means as if the line were deleted",),
        help=("give this layer the same `when`, or read another layer",),
    )


def duplicate_name(
    *, name: str, automatic: bool = False, copies: bool = False, **_: object
) -> Said:
    """A name that is taken in its scope."""
    if copies:
        return Said(
            message=f"the name {code(name)} is taken by the copy before",
            label="given again in each copy",
            notes=("copies of a `for_each` without a name share the scope around",),
            help=("give the `for_each` a `name`: then each copy has names of its own",),
        )
    notes = ("a layer without a name is called so in this scope",) if automatic else ()
    return Said(
        message=f"the name {code(name)} is taken",
        label="given again",
        notes=notes,
        help=("names are addresses: choose another one",),
    )


def duplicate_output(*, name: str, **_: object) -> Said:
    """Two outputs with one name."""
    return Said(
        message=f"two outputs are called {code(name)}",
        label="taken by another output",
        help=("name outputs by a mapping: `outputs: {mask: decoder.head}`",),
    )


def bad_name(*, name: object, problem: str, **_: object) -> Said:
    """A name that no layer can have."""
    if not isinstance(name, str):
        return Said(
            message=f"a name is text, got {got(name)}",
            label="not text",
            help=(f"write letters first, for example {written(f'layer_{name}')}",)
            if isinstance(name, int) and not isinstance(name, bool)
            else (),
            fix=f"layer_{name}" if isinstance(name, int) and not isinstance(name, bool) else None,
        )
    if not name:
        return Said(
            message="a name cannot be empty",
            label="not a name",
            help=("delete it, or write one, such as `layer_1`",),
        )
    if (called := re.fullmatch(r"([A-Za-z]\w*)\((\w[\w, ]*)\)", name)) is not None:
        own = ", ".join(f"{one.strip()}: int" for one in called[2].split(","))
        return Said(
            message=f"{code(name)} cannot be a name: {problem}",
            label="not a name",
            help=(f"write {code(called[1] + ':')}, and below it {written(f'params: {{{own}}}')}",),
        )
    meant = _proposed(name)
    return Said(
        message=f"{code(name)} cannot be a name: {problem}",
        label="not a name",
        help=(f"write {written(meant)}, for example",) if meant else (),
        fix=meant or None,
    )


def _proposed(name: str) -> str:
    """A name that can be one, near to one that cannot; empty when nothing of it is left."""
    plain = unicodedata.normalize("NFKD", latin(name)).encode("ascii", "ignore").decode()
    meant = re.sub(r"[^A-Za-z0-9_]+", "_", plain).strip("_")[:60]
    if meant and not meant[0].isalpha():
        meant = f"layer_{meant}"
    is_word = meant == name or keyword.iskeyword(meant) or name.startswith("_")
    return f"{meant}_1" if meant and is_word else meant


def not_a_name(*, received: object, **_: object) -> Said:
    """An index, or something else, where a name must stand."""
    words = got(received) if not isinstance(received, list | dict) else kind(received)
    before = received == -1
    advice = "give the layer a `name`, and write that"
    return Said(
        message=f"expected the name of a layer, got {words}",
        label="the layer before" if before else "not a name",
        notes=("layers are read by name, never by index",) if isinstance(received, int) else (),
        help=("write `previous`: the layer before",) if before else (advice,),
        fix="previous" if before else None,
        sure=before,
    )


def read_from_head(*, name: str, **_: object) -> Said:
    """`from: aux1`."""
    return Said(
        message=f"{code(name)} is a head, and nothing can read it",
        label="read here",
        notes=("a head is an output of the network; the stream passes it by",),
        help=("read the layer before the head",),
    )


def head_inside(**_: object) -> Said:
    """`aux_head` inside a block."""
    return Said(
        message="a head can stand only at the top level",
        label="inside another block",
        help=("move it to the top level, or to a `sequential` there",),
    )


def recursion(*, path: Sequence[str], **_: object) -> Said:
    """A block that contains itself."""
    return Said(
        message=f"the block {code(path[0])} contains itself",
        label="never ends",
        notes=(f"the way around: {' -> '.join(map(code, path))}",),
        help=("a block can contain other blocks and copies (`repeat`), never itself",),
    )


PAGES: tuple[Page, ...] = (
    page(
        "NS301",
        "a name that cannot be read here",
        """
        `from` reads a layer by the `name` it was given, looked up in its own scope and outward to the
        wall of a block, earlier lines only. A dotted path enters a named scope: `encoder.stage2`.
        `previous` is the layer before, `input` the block's input. Automatic names (`conv_1`) cannot be
        read, and neither can a layer whose `when` is false.
        """,
        wrong=spec(
            "- conv: {name: stem, out_channels: 8, kernel_size: 1}",
            "- conv: {out_channels: 8, kernel_size: 1}",
            "- add: {from: [previous, stm]}",
        ),
        right=spec(
            "- conv: {name: stem, out_channels: 8, kernel_size: 1}",
            "- conv: {out_channels: 8, kernel_size: 1}",
            "- add: {from: [previous, stem]}",
        ),
        rules={
            "unknown-layer": unknown_layer,
            "name-later": name_later,
            "name-removed": name_removed,
        },
    ),
    page(
        "NS302",
        "a name given twice",
        """
        A name is the layer's address: its module path, its prefix in the state dict, its place in
        diagrams. So it is unique in its scope, and so are the names of outputs.
        """,
        wrong=spec("- relu: {name: act}", "- sigmoid: {name: act}"),
        right=spec("- relu: {name: act1}", "- sigmoid: {name: act2}"),
        rules={"duplicate-name": duplicate_name, "duplicate-output": duplicate_output},
    ),
    page(
        "NS303",
        "a name that cannot be one",
        """
        A name is a letter, then letters, digits and underscores, at most 64 of them. It becomes an
        attribute of a Python class, so it is no word of Python and no attribute of `nn.Module`
        (`forward`, `training`, `keys`); `input` and `previous` have a meaning already.
        """,
        wrong=spec("- relu: {name: forward}"),
        right=spec("- relu: {name: forward_act}"),
        rules={"bad-name": bad_name, "not-a-name": not_a_name},
    ),
    page(
        "NS304",
        "a head in the wrong place, or read by a layer",
        """
        `aux_head` makes an extra output of the network; the stream passes it by unchanged. It stands at
        the top level or in a top-level group, and no layer can read what it gives.
        """,
        wrong=spec(
            "- aux_head: {name: aux, layers: [gap, flatten, linear: 10]}",
            "- flatten",
            "- linear: 10",
            "- add: {from: [previous, aux]}",
        ),
        right=spec(
            "- aux_head: {name: aux, layers: [gap, flatten, linear: 10]}",
            "- flatten",
            "- linear: 10",
        ),
        rules={"read-from-head": read_from_head, "head-inside": head_inside},
    ),
    page(
        "NS306",
        "a block that contains itself",
        """
        Blocks under `blocks:` can use each other, but not in a circle: such a network would never end.
        Depth comes from `repeat`.
        """,
        wrong=spec("- fractal", sections="blocks: {fractal: {layers: [relu, fractal]}}"),
        right=spec(
            "- fractal: {repeat: 3}", sections="blocks: {fractal: {layers: [relu, sigmoid]}}"
        ),
        rules={"recursion": recursion},
    ),
)
