"""`netspec explain`: what an error code means, or what a layer is."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from netspec.blocks import BLOCKS
from netspec.cli.opening import open_network
from netspec.cli.options import InputOption, LimitOption, PluginOption, SetOption, VariantOption
from netspec.cli.strays import SPECS
from netspec.emit.records import to_json
from netspec.errors import UsageError
from netspec.explaining import explained, record
from netspec.explanation import explanation
from netspec.messages import CODES
from netspec.messages.explain import explain, explain_all
from netspec.messages.suggest import suggest
from netspec.messages.words import join, written

EXAMPLES = (
    "Examples: `netspec explain NS402` · `netspec explain inception_3a specs/googlenet.yaml` "
    "· `netspec explain --all`"
)


class PageFormat(StrEnum):
    """How a layer is explained."""

    TEXT = "text"
    JSON = "json"


def run(
    name: Annotated[
        str | None,
        typer.Argument(metavar="CODE|LAYER", help="A code such as NS402, or a layer of SPEC."),
    ] = None,
    spec: Annotated[
        str | None, typer.Argument(metavar="SPEC", help="The spec that has the layer, or `-`.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="All pages of codes, as Markdown.")] = False,
    form: Annotated[
        PageFormat, typer.Option("--format", help="How a layer is written.")
    ] = PageFormat.TEXT,
    set_: SetOption = None,
    input_: InputOption = None,
    variant: VariantOption = None,
    limit: LimitOption = None,
    plugin: PluginOption = None,
) -> None:
    """Explain an error code, or a layer of a spec. With examples, or formulas."""
    if every:
        typer.echo(explain_all(), nl=False)
    elif name is None:
        raise UsageError("NS506", "no code was given", help="netspec explain NS402, or --all")
    elif spec is None:
        typer.echo(explain(_code(name)), nl=False)
    elif (hint := _misplaced(name, spec)) is not None:
        raise UsageError("NS506", f"{written(name)} is no layer", help=hint)
    else:
        network = open_network(spec, set_, input_, variant, limit, plugin)
        found = explained(network.graph, name)
        text = to_json(record(found)) if form is PageFormat.JSON else explanation(found)
        typer.echo(text, nl=False)


def _misplaced(name: str, spec: str) -> str | None:
    """What to write where a code is given together with a spec, or the spec before its layer."""
    if name.upper() in CODES:
        return f"a code is explained alone: netspec explain {name.upper()}"
    if name.endswith(SPECS) and not spec.endswith(SPECS):
        return f"the layer comes first: netspec explain {spec} {name}"
    return None


def _code(name: str) -> str:
    """A code as the pages have it.

    Raises:
        UsageError: there is none (NS506).
    """
    known = name.upper()
    if known in CODES:
        return known
    near = suggest(known, tuple(CODES))
    hint = f"did you mean {join(near, 'or')}?" if near else "netspec explain --all lists them"
    if name.endswith(SPECS):
        hint = f"name a layer of it too: netspec explain conv_1 {name}"
    elif name in BLOCKS:
        hint = f"that is a block: netspec blocks {name}"
    elif not near and not known.startswith("NS"):
        hint = f"for a layer give its spec too: netspec explain {name} net.yaml"
    raise UsageError("NS506", f"there is no code `{name}`", help=hint)
