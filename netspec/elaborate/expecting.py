"""`expect:`: what the author knows about shapes, parameters and MACs, checked at its line."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from netspec.blocks import Values
from netspec.elaborate.checkpoints import Checkpoints, Step, biases
from netspec.elaborate.environment import Env
from netspec.elaborate.evaluate import Evaluator
from netspec.elaborate.reporting import Sink
from netspec.elaborate.traces import Traces
from netspec.expressions import is_expression
from netspec.graph import Graph, Node, Poisoned, Value
from netspec.records import record
from netspec.source import At

Why = Callable[[str], Mapping[str, object]]
"""Key -> what is known of where a difference lies."""

_TENSOR_NODES = 3  # a layer of more ops is told by the layers inside it

LAYER_KEYS = ("shape", "params", "macs")
NETWORK_KEYS = ("shape", "shapes", "params", "macs")


@record()
class Found:
    """A layer that was built: its numbers and values, the layers inside since `start`, and its nodes."""

    step: Step
    outputs: Values
    start: int
    nodes: tuple[Node, ...]


class Expecter:
    """Compares expectations with what was found; differences go to the sink, with where they must lie."""

    def __init__(
        self,
        sink: Sink,
        evaluator: Evaluator,
        traces: Traces,
        checkpoints: Checkpoints,
        overridden: bool,
    ) -> None:
        self._sink = sink
        self._evaluator = evaluator
        self._traces = traces
        self._checkpoints = checkpoints
        self._overridden = overridden
        self.variant: str | None = None
        """The variant whose network is compared with expectations that the whole file has."""
        self.skipped: set[At] = set()
        """Literal expectations that were not checked, because parameters or the input differ."""

    def layer(self, at: At, env: Env, found: Found) -> None:
        """Check a layer's `expect:`; of a layer that failed only the keys."""
        places = self._places(at, LAYER_KEYS)
        if any(value.poisoned for value in found.outputs):
            return
        step = found.step
        numbers: dict[str, object] = {"params": step.params, "macs": step.macs}
        if step.shape is not None:
            numbers["shape"] = list(step.shape)

        def why(key: str) -> dict[str, object]:
            if key == "shape":
                return self._way(found.outputs[0])
            return self._parts(key, found.nodes, found.start)

        for key in self._compare(places, env, numbers, why):
            self._checkpoints.hold(key, step.path)

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
        heads = {out.head for out in graph.outputs if out.train_only and out.head is not None}

        def why(key: str) -> dict[str, object]:
            if key == "shape":
                return self._way(main[0].value)
            if key == "shapes":
                return {}
            return self._parts(key, graph.nodes, 0, heads if key == "macs" else ())

        self._compare(places, env, found, why)

    def _way(self, value: Value) -> dict[str, object]:
        """How a shape came about, since the last layer whose own shape was expected and found."""
        way = self._traces.way(value)
        since = self._checkpoints.since(way[:-1])
        held = bool(since)
        return {"way": (*since, way[-1]) if held else tuple(way), "held": held}

    def _parts(
        self, key: str, nodes: Sequence[Node], start: int, without: Collection[str] = ()
    ) -> dict[str, object]:
        """The layers in which a number can differ; of a layer without any, its tensors."""
        parts = [(s.path, s.number(key)) for s in self._checkpoints.open(key, start, without)]
        facts: dict[str, object] = {"parts": tuple(parts)}
        if key == "params":
            facts["biases"] = biases(nodes)
            facts["tensors"] = tuple(
                (parameter.name, parameter.shape)
                for node in nodes[: _TENSOR_NODES + 1]
                for parameter in node.op.parameters()
            ) if len(nodes) <= _TENSOR_NODES else ()  # fmt: skip
        return facts

    def _places(self, at: At, known: Sequence[str]) -> dict[str, At]:
        """What is expected, by key; unknown keys are reported."""
        if not isinstance(at.data, dict):
            self._sink.report("not-a-mapping", at.span, what="expect", received=at.data)
            return {}
        for key in at.data:
            if key not in known:
                span = (at / key).key_span
                facts = {"received": key, "where": "expect", "value": at.data[key]}
                self._sink.report("unknown-key", span, known=known, **facts)
        return {key: at / key for key in at.data if key in known}

    def _compare(
        self, places: Mapping[str, At], env: Env, found: Mapping[str, object], why: Why
    ) -> list[str]:
        """The keys whose expectation holds; a difference is reported with what `why` knows of it."""
        held = []
        for key, place in places.items():
            if key not in found:
                self._sink.report("expect-one-output", place.key_span, key=key)
            elif self._overridden and not _has_expression(place.data):
                self.skipped.add(place)
            elif self._holds(key, place, env, found[key], why):
                held.append(key)
        return held

    def _holds(self, key: str, at: At, env: Env, found: object, why: Why) -> bool:
        try:
            expected = self._evaluator.plain(at, env).value
        except Poisoned:
            return False
        if isinstance(expected, dict) and isinstance(found, dict):
            found = {name: found.get(name) for name in expected}
        if _same(expected, found):
            return True
        facts = {"key": key, "expected": expected, "found": found, "variant": self.variant}
        self._sink.report("expectation", at.span, **facts, **why(key))
        return False


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
