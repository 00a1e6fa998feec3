"""NS201, NS507 to NS509: which block a name means, and the blocks of plug-ins."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from netspec.blocks import BLOCKS
from netspec.diagnostics.printable import printable
from netspec.messages import foreign, translation
from netspec.messages.calls import called, split_call
from netspec.messages.foreign_values import is_plain, meant
from netspec.messages.page import Page, Said, page, spec
from netspec.messages.suggest import suggest
from netspec.messages.words import choices, code, did_you_mean, flow, only_guess, value, written

_LONGEST = 300


def unknown_block(
    *,
    received: str,
    known: Sequence[str],
    given: object = None,
    part: bool = False,
    in_defaults: bool = False,
    plugins: Sequence[str] = (),
    order: Sequence[str] = (),
    **_: object,
) -> Said:
    """`cnov`, `nn.Conv2d`, `Dense`, or a block of a plug-in that is not enabled.

    `given` are its fields or bare value; it is a value (`part`) or stands `in_defaults`; `order` has the
    parameters of an own block.
    """
    if plugins:
        return _not_enabled(received, plugins)
    if received.lower() in ("none", "null", "~") and part:
        return Said(
            message=f"there is no block {code(received)}",
            label="unknown block",
            help=("write `none` to switch it off",),
            fix="none",
            sure=True,
        )
    found = _meant(received, given, known, part=part, in_defaults=in_defaults)
    if call := called(*split_call(received), order) if order else None:
        found = (f"give each field its name: {written('- ' + call)}", call)
    found = found or _without_colon(received, known) or _near(received, known)
    note = "a spec names blocks; it never imports or runs code"
    return Said(
        message=f"there is no block {code(received)}",
        label="unknown block",
        notes=(note,) * ("." in received or received.startswith("__")),
        help=found[:1],
        fix=found[1],
        sure=True,
    )


def _without_colon(received: str, known: Sequence[str]) -> tuple[str, None] | None:
    """Help for `conv 16`."""
    name, _, given = received.partition(" ")
    if name not in known or not is_plain(given):
        return None
    return f"put a colon behind {code(name)}: {written(f'- {name}: {given}')}", None


def _near(received: str, known: Sequence[str]) -> tuple[str, str | None]:
    """Help and fix for a misspelt name; arguments behind it would be lost."""
    fix = None if "(" in received else only_guess(received, known)
    return (did_you_mean(received, known) or (_LIST,))[0], fix


_LIST = "`netspec blocks` lists what there is; one of your own is defined under `blocks:`"


def _meant(
    received: str, given: object, known: Sequence[str], *, part: bool, in_defaults: bool
) -> tuple[str, str | None] | None:
    """Help and fix for what others call so, or where the block is the value: `activation: relu`."""
    translate = translation.part if part else translation.layer
    dash = "" if part or in_defaults else "- "
    own, layer = foreign.block(received, known), translate(received, given, known)
    if layer is None and (inside := _inside(given, known)) is not None:
        return f"write {written(dash + inside)}", None
    if (
        own is None
        and layer is not None
        and not suggest(received, [one for one in known if one not in BLOCKS])
    ):
        why = "a layer begins with its block, and `name` is one of its fields"
        return f"{why}: write {written(dash + layer)}", None if given is not None else layer
    if own is None:
        return _no_block(received, given, in_defaults=in_defaults)
    if layer is None and isinstance(given, Mapping) and own in BLOCKS:
        behind = _activation_behind(received, own, given, known)
        if behind is not None:
            return behind, own
    if layer is None and own in foreign.WITH_LAYERS and _has_layers(given):
        own = foreign.WITH_LAYERS[own]
        layer = translate(own, given, known)
    is_renamed = layer is None or (layer == own and given is None)
    advice = _translated(received, own, None if is_renamed else f"{dash}{layer}")
    if layer is None and own not in BLOCKS:
        advice = f"write {code(f'{dash}{own}: {{...}}')} with its fields by name"
    if given is None:
        return advice, layer or (None if "(" in received else own)
    return advice, own if _keeps_value(received, own, layer, given) else None


def _activation_behind(
    received: str, own: str, given: Mapping[object, object], known: Sequence[str]
) -> str | None:
    """Help for a layer with an activation, where ours has none: `Dense: {units: 10, activation: relu}`."""
    kinds = translation.kinds(own)
    word = next((key for key in given if foreign.field(str(key), ["activation"])), "activation")
    if "activation" in kinds or not isinstance(given.get(word), str):
        return None
    layer = translation.layer(received, {k: v for k, v in given.items() if k != word}, known)
    last = translation.layer(str(given[word]), None, known)
    if layer is not None and meant("activation", given[word]) == "none":
        return _translated(received, own, f"- {layer}")
    if layer is None or last is None:
        return None
    return f"{code(own)} has no activation: write {written('- ' + last)} behind {written('- ' + layer)}"


def _no_block(received: str, given: object, *, in_defaults: bool) -> tuple[str, None] | None:
    """Help about a word that no block can be: a field among defaults, a layer that is not needed."""
    owners = [other for other in BLOCKS if received in translation.kinds(other)]
    if in_defaults and owners:
        line = f"defaults: {{{owners[0]}: {{{received}: {flow(given)}}}}}"
        return f"defaults are given block by block: {written(line)}", None
    if (summed := re.fullmatch(r"\w+( ?([+*]) ?\w+)+", received)) is not None:
        names = re.findall(r"\w+", received)
        line = f"- {'add' if summed[2] == '+' else 'mul'}: {{from: [{', '.join(names)}]}}"
        return f"a merge reads layers by name: write {written(line)}", None
    if received.startswith("for "):
        return "copies are made by `repeat: 3` in a layer, or by `for_each`", None
    reason = foreign.ABSENT.get(foreign.key(received))
    return None if reason is None else (reason, None)


def _inside(given: object, known: Sequence[str]) -> str | None:
    """The layer that stands behind a word which is no block: `layer: {type: conv}`, `activation: relu`."""
    if isinstance(given, Mapping):
        return translation.typed(given, known, foreign_only=True)
    return translation.layer(given, None, known) if isinstance(given, str) else None


def _has_layers(given: object) -> bool:
    """Whether what stands behind a name are layers."""
    return isinstance(given, list) or (isinstance(given, Mapping) and "layers" in given)


def _keeps_value(received: str, own: str, layer: str | None, given: object) -> bool:
    """Whether another name is enough: a bare value stays as it is; fields are told by themselves."""
    if isinstance(given, Mapping):
        return foreign.window(received)[1] is None
    return layer == f"{own}: {flow(given)}"


def _translated(received: str, own: str, line: str | None) -> str:
    """`Dense` of Keras is `linear` here: write `- linear: 10`."""
    library = foreign.library(received)
    whose = f"{code(received)} of {library}" if library else code(received)
    is_own = foreign.key(received) == foreign.key(own)
    if line is None:
        return f"write {code(own)}" if is_own else f"{whose} is {code(own)} here"
    write = f"write {written(line)}"
    return write if is_own else f"{whose} is {code(own)} here: {write}"


def _not_enabled(received: str, plugins: Sequence[str]) -> Said:
    """A block that an installed plug-in has."""
    options = [f"--plugin {plugin}" for plugin in plugins]
    in_python = f'plugins=["{plugins[0]}"]'
    each = "it" if len(plugins) == 1 else "one of them"
    verb = "has" if len(plugins) == 1 else "have"
    return Said(
        message=f"there is no block {code(received)} without its plug-in",
        label="a block of a plug-in that is not enabled",
        notes=(
            f"the installed {choices(plugins, 'and')} {verb} a block of that name",
            "a spec cannot enable plug-ins, because they are code",
        ),
        help=(f"{choices(options)} enables {each}; in Python, {written(in_python)}",),
    )


def plugin_failed(*, plugin: str, block: str, said: str, place: str = "", **_: object) -> Said:
    """A plug-in's code raised what it should not."""
    words = printable(said).replace("`", "'")[:_LONGEST]
    where = f", in {place}" if place else ""
    return Said(
        message=f"the block {code(block)} of the plug-in {code(plugin)} failed",
        label="used here",
        notes=(f"what went wrong: {code(words, _LONGEST)}{where}",),
        help=(f"tell the authors of {code(plugin)}; a plug-in's error is a bug of the plug-in",),
    )


def plugin_value(
    *,
    block: str,
    plugin: str,
    why: str,
    field: str = "",
    received: object = None,
    **_: object,
) -> Said:
    """A value that a plug-in refuses in its own words."""
    if not field:
        return _refused(block, plugin, f"{code(block)} cannot have these fields", why)
    what = f"{code(field)} of {code(block)} cannot be {value(received)}"
    return _refused(block, plugin, what, why)


def does_not_fit(*, block: str, plugin: str, why: str, **_: object) -> Said:
    """An input, or fields and an input, that a plug-in's block refuses in its own words."""
    return _refused(block, plugin, f"{code(block)} does not fit its input", why)


def _refused(block: str, plugin: str, what: str, why: str) -> Said:
    words = " ".join(printable(why).split()).removesuffix(".")[:_LONGEST]
    page_of = written(f"netspec blocks {block} --plugin {plugin}")
    return Said(
        message=f"{what}: {words}",
        label="refused by the plug-in",
        help=(f"{page_of} shows its fields and an example",),
    )


PAGES: tuple[Page, ...] = (
    page(
        "NS201",
        "an unknown block",
        """
        A layer names a block: a built-in one (`netspec blocks` lists them), one that the file defines
        under `blocks:`, or one of a plug-in that you enabled by `--plugin`. Blocks are words of the
        language; a spec cannot name Python classes, and nothing is imported.
        """,
        wrong=spec("- cnov: {out_channels: 8, kernel_size: 3}"),
        right=spec("- conv: {out_channels: 8, kernel_size: 3}"),
        rules={"unknown-block": unknown_block},
    ),
    page(
        "NS507",
        "a plug-in that cannot be used",
        """
        `--plugin NAME` enables the blocks of an installed package; NAME is what pip installs. The package
        is missing, cannot be imported, or its entry points in the group `netspec.blocks` do not name
        blocks: one entry point for each block, with the block's name, and the class as its value. A block
        has a name that no built-in block and no other enabled plug-in has.
        `netspec blocks --installed` lists what there is, and imports nothing.
        """,
        wrong="netspec check net.yaml --plugin netspec-missing",
        right="netspec blocks --installed",
    ),
    page(
        "NS508",
        "a block of a plug-in that fails",
        """
        The code of a plug-in raised an exception while its block was built: a bug of the plug-in, found
        at this layer. In Python the exception is the cause of the `SpecError`, with its traceback; on the
        command line NETSPEC_TRACEBACK=1 prints it.
        """,
        wrong="netspec check net.yaml --plugin netspec-broken",
        right="pip install --upgrade netspec-broken",
        rules={"plugin-failed": plugin_failed},
    ),
    page(
        "NS509",
        "a block of a plug-in that refuses its fields or its input",
        """
        Blocks of plug-ins follow the rules of all blocks, with their codes. What netspec has no rule for
        they say in their own words: a value that a field does not take, or an input that does not go with
        the fields.
        """,
        wrong="netspec check net.yaml --plugin netspec-strict",
        right="netspec blocks NAME --plugin netspec-strict",
        rules={"plugin-value": plugin_value, "does-not-fit": does_not_fit},
    ),
)
