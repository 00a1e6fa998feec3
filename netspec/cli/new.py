"""`netspec new`: a spec to start from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from netspec.elaborate import name_problem
from netspec.errors import UsageError
from netspec.files import write_file
from netspec.limits import Limits
from netspec.starting import shipped, start

EXAMPLES = (
    "Examples: `netspec new mynet` · `netspec new mynet --from resnet` · `netspec new --list`"
)


def run(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="Its name; NAME.yaml is written.")
    ] = None,
    source: Annotated[
        str | None, typer.Option("--from", metavar="SPEC", help="Copy a spec that netspec ships.")
    ] = None,
    listed: Annotated[bool, typer.Option("--list", help="List the specs that it ships.")] = False,
) -> None:
    """Write a spec to start from, or a copy of a shipped one. It builds as it is; no file is overwritten."""
    if listed:
        typer.echo("\n".join(shipped()))
        return
    if name is None:
        raise UsageError("NS506", "no name was given", help="netspec new mynet")
    name = name.removesuffix(".yaml")
    problem = name_problem(Path(name).name, Limits())
    if problem is not None:
        raise UsageError("NS506", f"`{Path(name).name}` cannot be a name: {problem}")
    file = Path(f"{name}.yaml")
    text = start(file.stem, source)
    if file.exists() or file.is_symlink():
        raise UsageError("NS505", f"`{file}` is there already", help="give another name")
    write_file(file, text)
    typer.echo(f"wrote {file}; netspec build {file}")
