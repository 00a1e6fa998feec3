"""Options, defined once."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from netspec import __version__


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"netspec {__version__}")
        raise typer.Exit


version_option = Annotated[
    bool,
    typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version."),
]

SpecArgument = Annotated[
    str, typer.Argument(metavar="SPEC", help="A spec file, or `-` for standard input.")
]

SpecsArgument = Annotated[
    list[str], typer.Argument(metavar="SPEC...", help="Spec files, or `-` for standard input.")
]

PathsArgument = Annotated[
    list[str],
    typer.Argument(metavar="PATH...", help="Specs, folders of specs, or `-` for standard input."),
]

FixOption = Annotated[
    bool, typer.Option("--fix", help="Apply the sure fixes, and print them as a diff first.")
]

StrictOption = Annotated[
    bool, typer.Option("--strict", help="Warnings are errors: they end with 1.")
]

SetOption = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE", help="Set a parameter of the spec; repeatable."),
]

VariantOption = Annotated[
    str | None,
    typer.Option("--variant", metavar="NAME", help="One of the spec's variants; `netspec list`."),
]

LimitOption = Annotated[
    list[str] | None,
    typer.Option("--limit", metavar="NAME=N", help="Raise a limit, such as repeat=2000."),
]

PluginOption = Annotated[
    list[str] | None,
    typer.Option(
        "--plugin", metavar="NAME", help="Enable the blocks of an installed package; repeatable."
    ),
]

InputOption = Annotated[
    str | None,
    typer.Option("--input", metavar="CxHxW", help="Another input shape, such as 3x96x96."),
]

DepthOption = Annotated[
    int | None,
    typer.Option("--depth", metavar="N", min=1, help="Show rows down to this level; 1 is the top."),
]


class ErrorFormat(StrEnum):
    """How errors are printed."""

    FULL = "full"
    CONCISE = "concise"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"

    @property
    def for_programs(self) -> bool:
        """Whether standard output holds nothing else."""
        return self in (ErrorFormat.JSON, ErrorFormat.SARIF)


ErrorFormatOption = Annotated[
    ErrorFormat,
    typer.Option(
        "--error-format",
        metavar="FORM",
        help=f"How errors are printed: {', '.join(ErrorFormat)}.",
    ),
]
