"""`expect:`: what the author knows about shapes, parameters and MACs, checked at its line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from netspec.blocks import Values
from netspec.elaborate.environment import Env
from netspec.elaborate.evaluate import Evaluator
from netspec.elaborate.reporting import Sink
from netspec.expressions import is_expression
from netspec.graph import Graph, Poisoned, Totals
from netspec.source import At

LAYER_KEYS = ("shape", "params", "macs")
NETWORK_KEYS = ("shape", "shapes", "params", "macs")


class Expecter:
    """Compares expectations with what was found; differences go to the sink."""

    def __init__(self, sink: Sink, evaluator: Evaluator, overridden: bool) -> None:
        self._sink = sink
        self._evaluator = evaluator
        self._overridden = overridden
        self.variant: str | None = None
        """The variant whose network is compared with expectations that the whole file has."""
        self.skipped: set[At] = set()
        """Literal expectations that were not checked, because parameters or the input differ."""

    def layer(self, at: At, env: Env, outputs: Values, before: Totals, after: Totals) -> None:
        """Check a layer's `expect:`; of a layer that failed only the keys."""
        places = self._places(at, LAYER_KEYS)
        if any(value.poisoned for value in outputs):
            return
        found: dict[str, object] = {
            "params": after.params - before.params,
            "macs": after.macs - before.macs,
        }
        if len(outputs) == 1:
            found["shape"] = list(outputs[0].shape)
        self._compare(places, env, found)

    def variant_of(self, own: At, env: Env, graph: Graph | None) -> None:
        """Check the `expect:` of the chosen variant."""
        self.variant = None
        self.network(own, env, graph)

    def network(self, at: At, env: Env, graph: Graph | None, replaced: Sequence[str] = ()) -> None:
        """Check the network's `expect:`; only the keys when there is no network.

        Literal expectations under the keys in `replaced` are not meant for this variant.
        """
        places = {
            key: place
            for key, place in self._places(at, NETWORK_KEYS).items()
            if key not in replaced or _has_expression(place.data)
        }
        if graph is None:
            return
        shapes = {out.name: list(out.value.shape) for out in graph.outputs}
        found: dict[str, object] = {
            "params": graph.parameter_count,
            "macs": graph.macs,
            "shapes": shapes,
        }
        main = graph.inference_outputs
        if len(main) == 1:
            found["shape"] = list(main[0].value.shape)
        self._compare(places, env, found)

    def _places(self, at: At, known: Sequence[str]) -> dict[str, At]:
        """What is expected, by key; unknown keys are reported."""
        if not isinstance(at.data, dict):
            self._sink.report("not-a-mapping", at.span, what="expect", received=at.data)
            return {}
        for key in at.data:
            if key not in known:
                span = (at / key).key_span
                self._sink.report("unknown-key", span, received=key, where="expect", known=known)
        return {key: at / key for key in at.data if key in known}

    def _compare(self, places: Mapping[str, At], env: Env, found: Mapping[str, object]) -> None:
        for key, place in places.items():
            if key not in found:
                self._sink.report("expect-one-output", place.key_span, key=key)
            elif self._overridden and not _has_expression(place.data):
                self.skipped.add(place)
            else:
                self._check(key, place, env, found[key])

    def _check(self, key: str, at: At, env: Env, found: object) -> None:
        try:
            expected = self._evaluator.plain(at, env).value
        except Poisoned:
            return
        if isinstance(expected, dict) and isinstance(found, dict):
            found = {name: found.get(name) for name in expected}
        if not _same(expected, found):
            facts = {"key": key, "expected": expected, "found": found, "variant": self.variant}
            self._sink.report("expectation", at.span, **facts)


def _same(expected: object, found: object) -> bool:
    """Equality in which 3.0 is not 3, as everywhere in a spec."""
    if isinstance(expected, list) and isinstance(found, list):
        pairs = zip(expected, found, strict=False)
        return len(expected) == len(found) and all(_same(one, other) for one, other in pairs)
    if isinstance(expected, dict) and isinstance(found, dict):
        return all(_same(entry, found.get(key)) for key, entry in expected.items())
    return type(expected) is type(found) and expected == found


def _has_expression(data: object) -> bool:
    if isinstance(data, list):
        return any(_has_expression(entry) for entry in data)
    if isinstance(data, dict):
        return any(_has_expression(entry) for entry in data.values())
    return isinstance(data, str) and is_expression(data)
