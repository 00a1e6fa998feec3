"""`init:` as code: the body of the root's `reset_parameters`.

Modules of one torch class with one initialisation are found by their type; the exceptions are named
after that loop, because they fill the same parameters again. Where an exception leaves a parameter to
PyTorch, all modules of that type are named. Arguments go to `torch.nn.init` as they were given:
`trunc_normal: {std: 0.01}` cuts at -2 and 2, torch's defaults, not at two standard deviations.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from netspec.emit.wrap import Atom, Bracket, Doc, Prefixed, literal, statement
from netspec.graph import Graph, Init, Node

Schemes = tuple[tuple[str, Init], ...]
"""Parameter name and scheme, in the order of the op's parameters."""


@dataclass(frozen=True, slots=True)
class ByType:
    """All modules of some torch classes; `optional` parameters may be None."""

    targets: tuple[str, ...]
    schemes: Schemes
    optional: frozenset[str]


@dataclass(frozen=True, slots=True)
class ByName:
    """Some parameters, by path."""

    init: Init
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InitPlan:
    """What to fill after PyTorch's own initialisation."""

    loops: tuple[ByType, ...]
    named: tuple[ByName, ...]

    @property
    def is_empty(self) -> bool:
        """Whether PyTorch's default is all."""
        return not self.loops and not self.named


def plan_inits(graph: Graph) -> InitPlan:
    """Which loops and which named parameters do what the nodes of the graph say."""
    by_target: dict[str, list[Node]] = {}
    for node in graph.nodes:
        constructor = node.op.module
        if constructor is not None and node.op.parameters():
            by_target.setdefault(constructor.target, []).append(node)
    loops: dict[Schemes, ByType] = {}
    named: dict[Init, list[str]] = {}
    for target, nodes in by_target.items():
        usual = _usual(nodes)
        if usual:
            present = [{entry.name for entry in node.op.parameters()} for node in nodes]
            optional = frozenset(
                name
                for name in usual
                if (target.startswith("nn.Conv") and name == "bias")  # PyTorch: `Tensor | None`
                or any(name not in names for names in present)
            )
            schemes = tuple(usual.items())
            known = loops.get(schemes, ByType((), schemes, frozenset()))
            loops[schemes] = ByType((*known.targets, target), schemes, known.optional | optional)
        for node in nodes:
            for name, init in _schemes(node).items():
                if usual.get(name) != init:
                    named.setdefault(init, []).append(f"{node.path}.{name}")
    entries = tuple(ByName(init, tuple(paths)) for init, paths in named.items())
    return InitPlan(tuple(loops.values()), entries)


def _schemes(node: Node) -> dict[str, Init]:
    """The schemes of the parameters that the node has."""
    return {
        entry.name: node.inits[entry.name]
        for entry in node.op.parameters()
        if entry.name in node.inits
    }


def _usual(nodes: list[Node]) -> Mapping[str, Init]:
    """Per parameter, the scheme that most modules have, if every one that has it has a scheme."""
    usual: dict[str, Init] = {}
    names = dict.fromkeys(entry.name for node in nodes for entry in node.op.parameters())
    for name in names:
        having = [n for n in nodes if name in {entry.name for entry in n.op.parameters()}]
        found = Counter(node.inits[name] for node in having if name in node.inits)
        if found and found.total() == len(having):
            scheme, count = found.most_common(1)[0]
            if count > 1 or len(having) == 1:
                usual[name] = scheme
    return usual


def init_lines(plan: InitPlan) -> list[str]:
    """The statements of `reset_parameters`, inside a method of a class."""
    lines: list[str] = []
    if plan.loops:
        lines.append("        for module in self.modules():")
    for number, loop in enumerate(plan.loops):
        lines += _branch(loop, "elif" if number else "if")
    for entry in plan.named:
        lines += _named(entry)
    return lines


def _branch(loop: ByType, word: str) -> list[str]:
    """`if isinstance(module, nn.Conv2d):` and what to fill."""
    types = ", ".join(loop.targets)
    test = f"isinstance(module, {types if len(loop.targets) == 1 else f'({types})'})"
    checks = [
        f"module.{name} is not None" if name in loop.optional else "" for name, _ in loop.schemes
    ]
    if len(checks) == 1 and checks[0]:
        test, checks = f"{test} and {checks[0]}", [""]
    lines = [f"            {word} {test}:"]
    for check, (name, init) in zip(checks, loop.schemes, strict=True):
        if check:
            lines.append(f"                if {check}:")
        indent = 20 if check else 16
        lines += statement(indent, "", _call(init, Atom(f"module.{name}")))
    return lines


def _named(entry: ByName) -> list[str]:
    if len(entry.paths) == 1:
        return statement(8, "", _call(entry.init, _parameter(literal(entry.paths[0]))))
    paths = tuple(Atom(literal(path)) for path in entry.paths)
    loop = statement(8, "for path in ", Bracket("(", paths, ")"), ":")
    return [*loop, *statement(12, "", _call(entry.init, _parameter("path")))]


def _parameter(path: str) -> Doc:
    return Bracket("self.get_parameter(", (Atom(path),), ")")


def _call(init: Init, tensor: Doc) -> Bracket:
    entries = [Prefixed(f"{name}=", Atom(literal(value))) for name, value in init.arguments]
    return Bracket(f"nn.init.{init.scheme}_(", (tensor, *entries), ")")
