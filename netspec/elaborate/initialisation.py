"""`init:`: schemes for weight and bias, by op type for the network, or on a layer for what is inside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from netspec.elaborate.environment import Env
from netspec.elaborate.evaluate import Evaluator
from netspec.elaborate.reporting import Reported, Sink
from netspec.graph import Init, Poisoned
from netspec.ops import OPS, Category, Op
from netspec.source import At

_NUMBER = (int, float)
SCHEMES: Mapping[str, Mapping[str, tuple[type, ...]]] = MappingProxyType(
    {
        "zeros": {},
        "ones": {},
        "constant": {"val": _NUMBER},
        "uniform": {"a": _NUMBER, "b": _NUMBER},
        "normal": {"mean": _NUMBER, "std": _NUMBER},
        "trunc_normal": {"mean": _NUMBER, "std": _NUMBER, "a": _NUMBER, "b": _NUMBER},
        "xavier_uniform": {"gain": _NUMBER},
        "xavier_normal": {"gain": _NUMBER},
        "kaiming_uniform": {"a": _NUMBER, "mode": (str,), "nonlinearity": (str,)},
        "kaiming_normal": {"a": _NUMBER, "mode": (str,), "nonlinearity": (str,)},
        "orthogonal": {"gain": _NUMBER},
    }
)
"""Schemes of `torch.nn.init` and the arguments that they take."""

BARE_ARGUMENT = {"constant": "val", "normal": "std", "trunc_normal": "std"}
"""`constant: 0.2` is `constant: {val: 0.2}`."""

_WORDS = {
    "mode": ("fan_in", "fan_out"),
    "nonlinearity": ("linear", "relu", "leaky_relu", "sigmoid", "tanh", "selu", "conv2d"),
}
_MATRIX_SCHEMES = ("xavier", "kaiming", "orthogonal")
PARAMETERS = ("weight", "bias")
KINDS = tuple(sorted(op.kind for op in OPS if op.parameters is not Op.parameters))
PLAIN_TARGETS = ("conv", "linear")
_MATRICES = tuple(op.kind for op in OPS if op.category in {Category.CONV, Category.LINEAR})
"""Kinds whose weight has fans: a number of inputs and of outputs."""


@dataclass(frozen=True, slots=True)
class Inits:
    """One `init:` section, read: op kind -> parameter -> scheme."""

    schemes: Mapping[str, Mapping[str, Init]] = field(default_factory=dict)


def inits_for(op: Op, sections: tuple[Inits, ...]) -> dict[str, Init]:
    """What applies to an op: the innermost section that says something about each parameter."""
    found: dict[str, Init] = {}
    for section in sections:
        found |= section.schemes.get(op.kind, {})
    if not found:
        return found
    names = {parameter.name for parameter in op.parameters()}
    return {name: scheme for name, scheme in found.items() if name in names}


class InitReader:
    """Reads `init:` sections; errors go to the sink."""

    def __init__(self, sink: Sink, evaluator: Evaluator) -> None:
        self._sink = sink
        self._evaluator = evaluator

    def read(self, at: At, env: Env) -> Inits:
        """A section: `{conv: {weight: scheme}}`, or on a layer also `{weight: scheme}`.

        Without a kind it means the weights of conv and linear, never those of norms; what is said of a
        kind is stronger.

        Raises:
            Reported: it has errors; all of them have been reported.
        """
        schemes: dict[str, dict[str, Init]] = {}
        failed = False
        try:
            bare = self._schemes(at, env, PLAIN_TARGETS, (*KINDS, *PARAMETERS))
            schemes = {kind: dict(bare) for kind in PLAIN_TARGETS if bare}
        except Poisoned:
            failed = True
        for kind in at.data if isinstance(at.data, dict) else ():
            if kind not in KINDS:
                continue
            try:
                own = self._schemes(at / kind, env, (kind,), PARAMETERS)
                schemes.setdefault(kind, {}).update(own)
            except Poisoned:
                failed = True
        if failed:
            raise Reported
        return Inits(schemes)

    def _schemes(
        self, at: At, env: Env, kinds: tuple[str, ...], known: tuple[str, ...]
    ) -> dict[str, Init]:
        """The schemes for weight and bias in a mapping whose keys are `known`."""
        if not isinstance(at.data, dict):
            raise self._sink.report("not-a-mapping", at.span, what="init", received=at.data)
        found: dict[str, Init] = {}
        failed = False
        for key in at.data:
            try:
                if key not in known:
                    span = (at / key).key_span
                    raise self._sink.report("unknown-init", span, received=key, known=known)
                if key in PARAMETERS:
                    is_matrix = key == "weight" and set(kinds).issubset(_MATRICES)
                    found[key] = self._scheme(at / key, env, is_matrix=is_matrix)
            except Poisoned:
                failed = True
        if failed:
            raise Reported
        return found

    def _scheme(self, at: At, env: Env, *, is_matrix: bool) -> Init:
        """`zeros`, `constant: 0.2`, `kaiming_normal: {mode: fan_out}`."""
        data = at.data
        if isinstance(data, dict) and len(data) == 1:
            (name,) = data
            place = at / name
            settings = self._evaluator.plain(place, env).value
        else:
            name, place, settings = self._evaluator.plain(at, env).value, at, {}
        if not isinstance(name, str) or name not in SCHEMES:
            span = place.key_span if place is not at else at.span
            raise self._sink.report("unknown-scheme", span, received=name, known=tuple(SCHEMES))
        if not is_matrix and name.startswith(_MATRIX_SCHEMES):
            span = place.key_span if place is not at else at.span
            raise self._sink.report("scheme-needs-matrix", span, scheme=name)
        if not isinstance(settings, dict):
            bare = BARE_ARGUMENT.get(name)
            if bare is None:
                known = tuple(SCHEMES[name])
                raise self._sink.report(
                    "init-argument", place.span, scheme=name, received=settings, known=known
                )
            settings = {bare: settings}
        return Init(name, tuple(self._arguments(name, place, settings).items()))

    def _arguments(self, scheme: str, at: At, settings: dict[str, object]) -> dict[str, object]:
        known = SCHEMES[scheme]
        for key, value in settings.items():
            place = at.get(key) or at
            if key not in known or not _fits(key, value, known[key]):
                span = place.span if key in known else place.key_span
                values = {
                    "received": {key: value},
                    "known": tuple(known),
                    "words": _WORDS.get(key, ()),
                }
                raise self._sink.report("init-argument", span, scheme=scheme, **values)
        if scheme == "constant" and "val" not in settings:
            raise self._sink.report(
                "init-argument", at.span, scheme=scheme, received=None, known=("val",)
            )
        return settings


def _fits(key: str, value: object, types: tuple[type, ...]) -> bool:
    """Whether an argument has the right type, is one of its words, and is no negative spread."""
    if isinstance(value, bool) or not isinstance(value, types):
        return False
    if key in _WORDS:
        return value in _WORDS[key]
    return key != "std" or (isinstance(value, int | float) and value > 0)
