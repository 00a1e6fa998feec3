"""Graph -> the Python source of its module: the text that `compile` executes and `netspec emit` writes.

The file imports only torch and reads as a person would write it: one class per distinct block,
explicit numbers, names from the spec. `plan` decides what there is; here it is only printed.
"""

from __future__ import annotations

import ast
from collections.abc import Container, Sequence
from itertools import takewhile

from netspec.collector import waiting_collector
from netspec.emit.docstrings import (
    class_docstring,
    comment,
    file_docstring,
    layer_docs,
    told_by_classes,
)
from netspec.emit.forward import Forward, Line, forward
from netspec.emit.inits import init_lines, plan_inits
from netspec.emit.names import network_class
from netspec.emit.plan import ClassDef, ClassPlan, plan
from netspec.emit.resolution import Parameter
from netspec.emit.spelling import copies, module_doc, named_entries
from netspec.emit.wrap import WIDTH, Atom, Bracket, Doc, Prefixed, literal, parse, statement
from netspec.graph import Graph
from netspec.ops.base import NO_DEFAULT

_WEIGHTS = "ClassVar[dict[str, float]]"


def class_name(graph: Graph) -> str:
    """The name of the root class: `googlenet` -> `Googlenet`, `resnet_18` -> `Resnet18`."""
    return network_class(graph.name)


@waiting_collector()
def python_source(graph: Graph) -> str:
    """The complete file. The same graph gives the same bytes; `ruff format` leaves them alone.

    Example:
        >>> from netspec.graph import Builder, Output
        >>> from netspec.ops import Flatten
        >>> b = Builder("tiny", (3, 8, 8))
        >>> with b.scope("flatten", "flatten"):
        ...     (x,) = b.op(Flatten(), [b.input], "")
        >>> print(python_source(b.finish([Output("main", x)])).splitlines()[-1].strip())
        return self.flatten(x)
    """
    planned = plan(graph)
    told = told_by_classes(planned)
    reset = _reset(graph)
    defined = dict.fromkeys(node.op.definition.rstrip("\n") for node in graph.nodes)
    classes = [*filter(None, defined)]
    classes += ["\n".join(_class_lines(cls, planned, told, reset)) for cls in planned.classes]
    body = "\n\n\n".join(classes) + "\n"
    return "\n".join([*file_docstring(graph), "", *_imports(body), "", "", body])


def _imports(body: str) -> list[str]:
    """The imports that the classes use, standard library first."""
    used = {node.id for node in ast.walk(ast.parse(body)) if isinstance(node, ast.Name)}
    lines = ["from collections import OrderedDict"] if "OrderedDict" in used else []
    lines += ["from typing import ClassVar"] if "ClassVar" in used else []
    lines += [""] if lines else []
    if "torch" in used:
        lines.append("import torch")
    if "F" in used:
        lines.append("import torch.nn.functional as F")
    return [*lines, "from torch import Tensor, nn"]


def _class_lines(
    cls: ClassDef, planned: ClassPlan, told: Container[str], reset: list[str]
) -> list[str]:
    """A class; `reset` is the method of the root that fills the weights."""
    is_root = cls is planned.root
    mine = reset if is_root else []
    parts = [_loss_weights(planned.graph)] if is_root else []
    parts += [] if cls.inherits else [_constructor(cls, told, resets=bool(mine))]
    parts += [] if cls.base == "nn.Sequential" else [_forward(cls, planned)]
    parts += [mine]
    lines = [f"class {cls.name}({cls.base}):", *class_docstring(cls, planned)]
    for part in filter(None, parts):
        lines += ["", *part]
    return lines


def _loss_weights(graph: Graph) -> list[str]:
    """The weights of the losses of all outputs, where there are several."""
    if len(graph.outputs) < 2:
        return []
    entries = tuple(
        Prefixed(f"{literal(out.name)}: ", Atom(literal(out.loss_weight))) for out in graph.outputs
    )
    return statement(4, f"loss_weights: {_WEIGHTS} = ", Bracket("{", entries, "}"))


def _constructor(cls: ClassDef, told: Container[str], *, resets: bool) -> list[str]:
    """`__init__`, nothing when the superclass's serves; it `resets` the weights at its end."""
    if not cls.children:
        return []
    parameters = [Atom("self"), *map(_parameter, cls.parameters)]
    lines = _definition("__init__", parameters, "None")
    computed = [f"        {entry.name} = {entry.text}" for entry in cls.computed]
    if cls.base != "nn.Module":
        lines += computed
    if cls.base == "nn.Sequential":
        return [*lines, *statement(8, "", Bracket("super().__init__(", _entries(cls), ")"))]
    if cls.base == "nn.ModuleList":
        listed = Bracket("[", copies([made for _, made in cls.children]), "]", exploded=True)
        return [*lines, *statement(8, "", Bracket("super().__init__(", (listed,), ")"))]
    own = next((module_doc(made) for name, made in cls.children if not name), None)
    given = own.entries if isinstance(own, Bracket) else ()
    lines += statement(8, "", Bracket("super().__init__(", given, ")"))
    lines += computed if cls.base == "nn.Module" else []
    docs = layer_docs(cls, told)
    for name, made in cls.children:
        lines += comment(docs.get(name, ""), 8)
        lines += statement(8, f"self.{name} = ", module_doc(made)) if name else []
    return [*lines, "        self.reset_parameters()"] if resets else lines


def _entries(cls: ClassDef) -> tuple[Doc, ...]:
    """What `nn.Sequential` is made of: copies by position, the others by name."""
    if all(name.isdigit() for name, _ in cls.children):
        return copies([made for _, made in cls.children])
    return (named_entries(cls.children),)


def _parameter(parameter: Parameter) -> Doc:
    text = f"{parameter.name}: {parameter.annotation}"
    if parameter.default is NO_DEFAULT:
        return Atom(text)
    return Atom(f"{text} = {literal(parameter.default)}")


def _definition(name: str, parameters: Sequence[Doc], result: str) -> list[str]:
    return statement(4, "", Bracket(f"def {name}(", tuple(parameters), ")"), f" -> {result}:")


def _forward(cls: ClassDef, planned: ClassPlan) -> list[str]:
    is_root = cls is planned.root
    body = cls.body
    found = forward(body, cls.argument_names, cls.steps_in_place, one_per_line=is_root)
    heads = {value for step in body.steps if step.training for value in step.outputs}
    if is_root:
        result, returns = _root_returns(planned.graph, cls, found)
    else:
        result, returns = _returns(found, [value in heads for value in body.results])
    arguments = [Atom("self"), *(Atom(f"{name}: Tensor") for name in cls.argument_names)]
    lines = list(found.lines)
    ends = len(returns) == 1 and lines and not lines[-1].training
    if ends and returns[0] == f"        return {', '.join(lines[-1].targets)}":
        returns = statement(8, "return ", parse(lines.pop().expression))
    return [
        *_definition("forward", arguments, result),
        *_statements(lines, absent=not is_root),
        *returns,
    ]


def _statements(lines: Sequence[Line], *, absent: bool) -> list[str]:
    """The statements; `absent` gives None to what a group's head would give outside training."""
    printed: list[str] = []
    inside = False
    for place, line in enumerate(lines):
        if line.training and not inside:
            heads = takewhile(lambda later: later.training, lines[place:]) if absent else ()
            printed += [f"        {name} = None" for head in heads for name in head.targets]
            printed.append("        if self.training:")
        inside = line.training
        printed += _assignment(line, 12 if inside else 8)
    return printed


def _assignment(line: Line, indent: int) -> list[str]:
    if line.targets == (line.expression,):
        return []  # an identity gives its input, under the same name
    targets = ", ".join(line.targets)
    prefix = f"{targets} = " if targets else ""
    expression = parse(line.expression)
    head = expression.open if isinstance(expression, Bracket) else line.expression
    if len(line.targets) > 1 and indent + len(prefix) + len(head) > WIDTH:
        names = [f"{' ' * (indent + 4)}{name}," for name in line.targets]
        end = statement(indent, ") = ", expression)
        return [f"{' ' * indent}(", *names, *end]
    return statement(indent, prefix, expression)


def _returns(found: Forward, heads: Sequence[bool]) -> tuple[str, list[str]]:
    """The annotation of the result, and the return statement, of a class inside."""
    one = ["Tensor | None" if head else "Tensor" for head in heads]
    if len(one) == 1:
        return one[0], [f"        return {found.results[0]}"]
    short = len(one) <= 4
    annotation = ", ".join(one) if short else f"{max(one, key=len)}, ..."
    text = ", ".join(found.results)
    if len(text) + 15 <= WIDTH:
        return f"tuple[{annotation}]", [f"        return {text}"]
    entries = tuple(map(Atom, found.results))
    lines = statement(8, "return ", Bracket("(", entries, ")", exploded=True))
    return f"tuple[{annotation}]", lines


def _root_returns(graph: Graph, cls: ClassDef, found: Forward) -> tuple[str, list[str]]:
    """One output is a tensor; several, and heads in training, are a dict by name."""
    values = [cls.body.values[value] for value in cls.body.results]
    names = dict(zip(values, found.results, strict=True))

    def table(indent: int, outputs: Sequence[str]) -> list[str]:
        chosen = [out for out in graph.outputs if out.name in outputs]
        entries = [Prefixed(f"{literal(out.name)}: ", Atom(names[out.value])) for out in chosen]
        return statement(indent, "return ", Bracket("{", tuple(entries), "}"))

    everything = [out.name for out in graph.outputs]
    always = [out.name for out in graph.inference_outputs]
    made_here = {cls.body.values[v] for s in cls.body.steps if s.training for v in s.outputs}
    heads = [out.value for out in graph.outputs if out.train_only]
    guards = ["self.training"] if made_here.intersection(heads) else []
    guards += [f"{names[value]} is not None" for value in heads if value not in made_here]
    training = []
    if always != everything:
        training = [*statement(8, "if ", Atom(" and ".join(guards)), ":"), *table(12, everything)]
    if len(always) == 1:
        (output,) = graph.inference_outputs
        result = "Tensor | dict[str, Tensor]" if training else "Tensor"
        return result, [*training, f"        return {names[output.value]}"]
    return "dict[str, Tensor]", [*training, *table(8, always)]


def _reset(graph: Graph) -> list[str]:
    """The method that fills the weights as `init:` says, nothing when PyTorch's way is all."""
    planned = plan_inits(graph)
    if planned.is_empty:
        return []
    return [
        "    def reset_parameters(self) -> None:",
        '        """Fill the weights; those not named here keep PyTorch\'s own initialisation."""',
        *init_lines(planned),
    ]
