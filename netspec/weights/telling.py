"""Sentences about weights that do not fit: the first of them with its numbers, how many more, and a way on."""

from __future__ import annotations

from collections.abc import Mapping

from netspec.errors import UsageError
from netspec.messages import words
from netspec.shape import Shape
from netspec.weights.refusing import shard_help
from netspec.weights.report import Report, WeightsError
from netspec.weights.sources import Source
from netspec.weights.tensors import spelled
from netspec.weights.transfer import Outcome, Transfer

_FEW = 10  # where fewer than one name in ten is alike, the network was named by somebody else


def misfit(report: Report, source: Source, *, partial: bool) -> WeightsError:
    """What does not fit, the report, and what to do."""
    first = next(
        one
        for kind in (Outcome.UNFIT, Outcome.MISSING, Outcome.UNEXPECTED)
        for one in report.of(kind)
    )
    more = len(report.left) - 1
    rest = f" (and {more:,} more)" if more else ""
    help_ = _help(report, source, partial=partial)
    return WeightsError(f"{_first(report, first)}{rest}", report, help=help_)


def _first(report: Report, one: Transfer) -> str:
    model, source = words.code(report.model), words.code(report.source)
    key, other = words.code(one.key or ""), words.code(one.source_key or "")
    if one.outcome is Outcome.MISSING:
        return f"{source} has nothing for {key} ({spelled(one.shape or ())}) of {model}"
    if one.outcome is Outcome.UNEXPECTED:
        return f"{other} ({spelled(one.source_shape or ())}) of {source} has no place in {model}"
    place = model if one.key == one.source_key else f"{key} of {model}"
    return f"{other} of {source} does not fit {place}: {one.reason}"


def _help(report: Report, source: Source, *, partial: bool) -> str:
    """The way on that is the likeliest: a prefix, another pairing, or a part of the weights."""
    fits = len(report.loaded)
    if not fits and (wrapper := _common_prefix(report, source)):
        return f'every key of the source begins so: give `--prefix {wrapper}`, `prefix="{wrapper}"`'
    alike = fits + len(report.of(Outcome.UNFIT))
    if report.by == "name" and alike * _FEW <= report.wanted:
        told = f"{alike:,} of {report.wanted:,} names are" if alike else "no name is"
        if source.module is not None:
            return f'{told} alike: pair as layers run, by `--by order`, `by="order"`'
        return (
            f"{told} alike: say which is which in a key map, `--key-map`, `key_map=`, or load them into "
            'their own module and give that with `by="order"`'
        )
    if source.is_file and not fits:
        return f"`netspec weights {source.name}` shows what is in it, and what it was saved from"
    if source.is_file and (way := shard_help(source.name)):
        return way
    if partial or not fits:
        return "`netspec summary` shows what the network has"
    return (
        f"nothing was loaded; `--partial`, `partial=True` loads the {fits:,} of {report.wanted:,} "
        "tensors that fit, and reports the rest"
    )


def _common_prefix(report: Report, source: Source) -> str:
    """What stands before every key of the source, such as `module.`, when the rest is what is missing."""
    first = source.tensors[0].key.partition(".")[0] + "." if source.tensors else ""
    missing = {one.key for one in report.of(Outcome.MISSING)}
    keys = [one.key for one in source.tensors]
    if all(key.startswith(first) for key in keys):
        inner = {key.removeprefix(first) for key in keys}
        return first if missing & inner else ""
    return ""


def other_module(
    model: str, path: str, wanted: Mapping[str, Shape] | None, found: Mapping[str, Shape] | None
) -> UsageError:
    """That a module is not one of this network."""
    here = "nothing" if wanted is None else _spelled(wanted)
    there = "nothing" if found is None else _spelled(found)
    return UsageError(
        "NS511",
        f"this module is not one of `{model}`: `{path}` has {there}, the network's has {here}",
        help="load into what `compile` of the same network gave",
    )


def _spelled(shapes: Mapping[str, Shape]) -> str:
    return ", ".join(f"{name} {spelled(shape)}" for name, shape in shapes.items())
