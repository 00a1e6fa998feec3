"""A command line that is wrong, answered with the one that was meant.

Typer finds what is wrong; the commands and their options say what could have been meant. Nothing is guessed and
run: `netspec net.yaml` builds nothing. Rejected: Typer's own answer, which names no way out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from netspec.errors import UsageError
from netspec.messages.suggest import suggest
from netspec.messages.words import count, join, written
from netspec.nearby import meant

HELP = "netspec --help shows the commands, netspec COMMAND --help its options"
SPECS = (".yaml", ".yml")

OTHER_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "compare": "diff",
        "compile": "build",
        "create": "new",
        "describe": "summary",
        "export": "emit",
        "flatten": "expand",
        "generate": "emit",
        "help": "--help",
        "init": "new",
        "inspect": "summary",
        "lint": "check",
        "plot": "draw",
        "render": "draw",
        "show": "summary",
        "table": "summary",
        "validate": "check",
        "variants": "list",
        "version": "--version",
        "visualize": "draw",
    }
)
"""What other programs call it -> what it is here."""


class Group(TyperGroup):
    """`netspec`: what is no command is answered with one."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command of that name, or an error."""
        name = args[0] if args else ""
        if args and not ctx.resilient_parsing and name not in self.commands and name[:1] != "-":
            raise UsageError(
                "NS506", f"netspec has no command {written(name)}", help=self._meant(name)
            )
        return super().resolve_command(ctx, args)

    def _meant(self, name: str) -> str:
        if name.endswith(SPECS) or Path(name).is_file():
            return f"to build it: netspec build {name}"
        if name.lower() in OTHER_NAMES:
            return f"that is netspec {OTHER_NAMES[name.lower()]}"
        near = suggest(name, tuple(self.commands))
        if near:
            return f"did you mean {join([f'netspec {one}' for one in near], 'or')}?"
        return meant(Path(name)) or HELP


class Command(TyperCommand):
    """One command: arguments that it does not take are answered with the option they belong to."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for parameter in self.params:
            if getattr(parameter, "is_flag", False):
                parameter.metavar = ""  # `--strict`, not `--strict <bool>`

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """The arguments that are left over: none, or an error."""
        ctx.allow_extra_args = True
        try:
            rest: list[str] = super().parse_args(ctx, args)
        except typer.TyperException as error:
            vars(error)["ctx"] = ctx  # some are raised without it
            raise
        if rest and not ctx.resilient_parsing:
            names = join([written(one) for one in rest])
            message = f"`netspec {self.name}` got {count(len(rest), 'argument')} too many: {names}"
            raise UsageError("NS506", message, help=self._place(rest[0]))
        return rest

    def _place(self, stray: str) -> str:
        """Where a stray argument belongs."""
        options = {name for parameter in self.params for name in parameter.opts}
        suffix = Path(stray).suffix.lower()
        if "=" in stray and "--set" in options:
            return f"a parameter is set by --set {stray}"
        if re.fullmatch(r"\d+([x×,]\d+)+", stray) and "--input" in options:
            return f"another input shape is given by --input {stray}"
        if "--from" in options and suffix == ".safetensors" and Path(stray).is_file():
            return f"to load it: --from {stray}"
        if suffix in SPECS or Path(stray).is_file():
            return "give one spec; netspec check takes several, and netspec diff compares two"
        if suffix and suffix in _outputs(self.name) and "--output" in options:
            return f"to write it there: -o {stray}"
        if re.fullmatch(r"[\w.-]+", stray) and "--variant" in options:
            return f"a variant is chosen by --variant {stray}"
        return f"netspec {self.name} --help shows what it takes"


def _outputs(command: str | None) -> Iterable[str]:
    """The ends of names that a command writes."""
    from netspec.pictures import FORMS

    return {"emit": (".py",), "weights": (".safetensors",)}.get(command or "", tuple(FORMS))


def in_our_words(error: typer.TyperException) -> UsageError | None:
    """What is wrong with the command line and what to write; None where help was asked for and shown."""
    said = re.sub(r"'([^']*)'", r"`\1`", error.format_message().strip()).removesuffix(".")
    said = said.replace("Value error, ", "").replace(": Input should", ": it should")
    said = said.replace(
        "be a valid integer, unable to parse string as an integer", "be a whole number"
    )
    if not said:
        return None
    context = getattr(error, "ctx", None)
    command = context.command if context is not None else None
    option = getattr(error, "option_name", "")
    help_ = HELP
    if option and "requires" not in said:
        near = getattr(error, "possibilities", None) or ()
        said = f"`netspec {_name(command)}".rstrip() + f"` has no option `{option}`"
        help_ = (
            _instead(option, command, near) or f"netspec {_name(command)}--help lists its options"
        )
    else:
        parameter = getattr(error, "param", None) or _parameter(command, option)
        if parameter is not None:
            help_ = _near_choice(said) or _usage(command, parameter, option)
    return UsageError("NS506", said[:1].lower() + said[1:], help=help_)


def _instead(option: str, command: Any, near: Iterable[str]) -> str:
    """The option that was meant by one that the command has not."""
    options = (
        {name for parameter in command.params for name in parameter.opts} if command else set()
    )
    form, value = (
        next((one for one in ("--error-format", "--format") if one in options), ""),
        option[2:],
    )
    if form and value in {"json", "csv", "md", "github", "sarif"}:
        return f"write {form} {value}"
    if option in ("-o", "--output"):
        return f"it prints; write netspec {_name(command)}... > FILE"
    if option.lower() == "-v" and "--version" in options:
        return "did you mean --version?"
    near = suggest(option, tuple(options)) or tuple(near)
    return f"did you mean {join(near, 'or')}?" if near else ""


def _parameter(command: Any, option: str) -> Any:
    """The parameter of an option."""
    found = (one for one in (command.params if command else ()) if option and option in one.opts)
    return next(found, None)


def _near_choice(said: str) -> str:
    """The choice that was meant by a word that is none."""
    found = re.search(r"`([^`]*)` is not one of (.*)", said)
    near = suggest(found[1], re.findall(r"`([^`]*)`", found[2])) if found else ()
    return f"did you mean {join(near, 'or')}?" if near else ""


def _usage(command: Any, parameter: Any, option: str) -> str:
    """How a parameter is written, and what it is."""
    about = parameter.help.removesuffix(".")
    if not about[1:2].isupper():
        about = about[:1].lower() + about[1:]
    value = parameter.metavar or parameter.name.strip("_").upper()
    name = option or next((one for one in parameter.opts if one.startswith("--")), "")
    written_as = f"{name} {value}" if name else f"netspec {_name(command)}{value}"
    return f"{written_as}: {about}"


def _name(command: Any) -> str:
    """`check `, or nothing for netspec itself."""
    name = getattr(command, "name", None)
    return f"{name} " if name and name != "netspec" else ""
