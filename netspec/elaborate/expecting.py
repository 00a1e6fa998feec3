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
        self.skipped = 0
        """Literal expectations that were not checked, because parameters or the input differ."""

    def layer(self, at: At, env: Env, outputs: Values, before: Totals, after: Totals) -> None:
        """Check a layer's `expect:`; nothing when the layer failed."""
        if any(value.poisoned for value in outputs):
            return
        found: dict[str, object] = {
            "params": after.params - before.params,
            "macs": after.macs - before.macs,
        }
        if len(outputs) == 1:
            found["shape"] = list(outputs[0].shape)
        self._compare(at, env, found, LAYER_KEYS)

    def network(self, at: At, env: Env, graph: Graph) -> None:
        """Check the network's `expect:`."""
        shapes = {out.name: list(out.value.shape) for out in graph.outputs}
        found: dict[str, object] = {
            "params": graph.parameter_count,
            "macs": graph.macs,
            "shapes": shapes,
        }
        main = graph.inference_outputs
        if len(main) == 1:
            found["shape"] = list(main[0].value.shape)
        self._compare(at, env, found, NETWORK_KEYS)

    def _compare(self, at: At, env: Env, found: Mapping[str, object], known: Sequence[str]) -> None:
        if not isinstance(at.data, dict):
            self._sink.report("not-a-mapping", at.span, what="expect", received=at.data)
            return
        for key in at.data:
            place = at / key
            if key not in known:
                self._sink.report(
                    "unknown-key", place.key_span, received=key, where="expect", known=known
                )
            elif key not in found:
                self._sink.report("expect-one-output", place.key_span, key=key)
            elif self._overridden and not _has_expression(place.data):
                self.skipped += 1
            else:
                self._check(key, place, env, found[key])

    def _check(self, key: str, at: At, env: Env, found: object) -> None:
        try:
            expected = self._evaluator.plain(at, env).value
        except Poisoned:
            return
        if isinstance(expected, dict) and isinstance(found, dict):
            found = {name: found.get(name) for name in expected}
        if expected != found or isinstance(expected, bool):
            self._sink.report("expectation", at.span, key=key, expected=expected, found=found)


def _has_expression(data: object) -> bool:
    if isinstance(data, list):
        return any(_has_expression(entry) for entry in data)
    if isinstance(data, dict):
        return any(_has_expression(entry) for entry in data.values())
    return isinstance(data, str) and is_expression(data)
