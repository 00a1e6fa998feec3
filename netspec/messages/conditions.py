"""Sentences about `when:`: what is no truth value, and the phases that are none of a spec's business."""

from __future__ import annotations

import re

from netspec.messages.page import Said
from netspec.messages.types import bool_type
from netspec.messages.words import code, written

_COMPARISON = re.compile(r"\w+\s*(?:[<>]=?|[=!]=)\s*\w+")
PHASES = ("training", "train", "eval", "evaluation", "test", "testing", "inference", "predict")

PHASE = (
    "leave it out: dropout and norms follow `train()` and `eval()` of the module, and a head for training "
    "alone is `- aux_head: {name: aux, layers: [...]}`"
)


def when_not_bool(*, received: object, **_: object) -> Said:
    """A `when:` that is no truth value."""
    said = bool_type(received=received, field="when")
    advice: tuple[str, ...] = (f"compare it with something: {written('$(depth > 2)')}",)
    fix = None
    if isinstance(received, str):
        advice, fix = said.help, said.fix
        if _COMPARISON.fullmatch(received):
            fix = f"$({received})"
            advice = (f"write {written(fix)}",)
        elif received.lower() in PHASES:
            advice = (PHASE,)
        elif received.isidentifier() and fix is None:
            declared = written(f"params: {{{received}: true}}")
            advice = (
                f"for a parameter, declare it by {declared}, and write {code('$' + received)}",
            )
    return Said(message=said.message, label=said.label, help=advice, fix=fix)
