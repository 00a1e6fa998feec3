"""Graph -> ClassPlan: which classes the generated file has, as a value that is tested by itself.

Bottom-up: scopes with the same block, children and wiring (`keys`) become one class; what differs between
them becomes its constructor's parameters (`parameters`). Chains become `nn.Sequential`, copies and
groups that occur once are written in place. Rejected: a class per scope, which repeats an inception
module nine times; and comparing shapes, which would tell equal blocks apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from netspec.emit.body import Bodies, Body, Call, is_function
from netspec.emit.class_names import STRUCTURE, class_names
from netspec.emit.keys import family, grouped
from netspec.emit.modules import (
    Argument,
    Chain,
    Choice,
    Make,
    Module,
    copies_of,
    make_op,
    rebuild,
    sized,
    units,
)
from netspec.emit.names import unique_name
from netspec.emit.parameters import resolve
from netspec.emit.resolution import Instance, Parameter, Resolution
from netspec.graph import Graph, Role, Scope

_SEQUENTIAL_METHODS = frozenset({"append", "extend", "insert", "pop"})


@dataclass(frozen=True, slots=True)
class ClassDef:
    """One class of the file.

    `base` is its superclass. `computed` are the numbers that its constructor computes from its
    parameters. `inherits` says that the superclass's constructor serves as it is.
    `bodies` are those of all its instances; `children` hold for each of them.
    """

    name: str
    base: str
    argument_names: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    children: tuple[tuple[str, Module], ...]
    steps_in_place: frozenset[int]
    widths: Mapping[int, Parameter]
    computed: tuple[Parameter, ...]
    bodies: tuple[Body, ...]
    inherits: bool = False

    @property
    def body(self) -> Body:
        """The body that stands for all."""
        return self.bodies[0]


@dataclass(frozen=True, slots=True)
class ClassPlan:
    """All classes in the order of the file: each uses only earlier ones, the root is the last."""

    graph: Graph
    classes: tuple[ClassDef, ...]

    @property
    def root(self) -> ClassDef:
        """The class of the network."""
        return self.classes[-1]


def plan(graph: Graph) -> ClassPlan:
    """The classes of a graph."""
    planner = _Planner(graph)
    for scopes in _by_height(graph.root, planner.bodies):
        planner.add(scopes)
    return planner.finish()


def _by_height(root: Scope, bodies: Bodies) -> list[list[Scope]]:
    """The scopes below the root that are more than one module of torch, innermost first."""
    levels: list[list[Scope]] = []

    def height(scope: Scope) -> int:
        inner = [child for child in scope.children if isinstance(child, Scope)]
        own = 1 + max((height(child) for child in inner), default=-1)
        if scope is not root and bodies.plain_module(scope) is None:
            levels.extend([] for _ in range(own + 1 - len(levels)))
            levels[own].append(scope)
        return own

    height(root)
    return levels


@dataclass(frozen=True, slots=True)
class _Group:
    """The instances of one class; its place in the list of groups is its target until it has a name."""

    base: str
    instances: tuple[Instance, ...]
    argument_names: tuple[str, ...]
    resolution: Resolution
    inherits: bool


class _Planner:
    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.bodies = Bodies(graph)
        self.groups: list[_Group] = []
        self.families: dict[str | int, object] = {}
        self.modules: dict[str, Module] = {}

    def add(self, scopes: Sequence[Scope]) -> None:
        """Plan all scopes of one height."""
        found: list[Instance] = []
        for scope in scopes:
            body = self.bodies.of(scope)
            if not body.steps or is_function(scope):
                continue  # nothing inside, or part of the class around it
            instance = Instance(body, self._children(body))
            if _is_written_in_place(body):
                self.modules[scope.path] = _chain(instance)
            else:
                found.append(instance)
        for instances in grouped(found, self.families):
            self._add_group(instances)

    def finish(self) -> ClassPlan:
        """The plan, with every class named."""
        body = self.bodies.of(self.graph.root)
        instance = Instance(body, self._children(body))
        whole = Resolution((), instance.children, {})
        root = _Group("nn.Module", (instance,), ("x",), whole, inherits=False)
        bodies = [[one.body for one in group.instances] for group in self.groups]
        found = [group.resolution for group in self.groups]
        parameters = {one.name for own in found for one in (*own.parameters, *own.computed)}
        names = class_names(self.graph, bodies, parameters)
        groups = (*self.groups, root)
        classes = [_define(group, name, names) for group, name in zip(groups, names, strict=True)]
        return ClassPlan(self.graph, tuple(classes))

    def _children(self, body: Body) -> tuple[tuple[str, Module], ...]:
        """The modules that the steps call, by name; the own op stands under the empty name."""
        found: list[tuple[str, Module]] = []
        for step, member in zip(body.steps, body.members, strict=True):
            if step.call is Call.EXPRESSION:
                continue
            module = self.modules.get(member.path) if isinstance(member, Scope) else None
            if module is None and step.op is not None:
                made = make_op(step.op, in_place=step.in_place)
                if made is None:
                    raise AssertionError(f"{member.path}: neither module nor expression")
                reads, gives = body.values[step.inputs[0]], body.values[step.outputs[0]]
                module = sized(made, reads.channels, gives.channels)
            if module is None:
                raise AssertionError(f"{member.path}: planned after the scope around it")
            found.append(("" if step.call is Call.OWN else step.name, module))
        return tuple(found)

    def _add_group(self, instances: list[Instance]) -> None:
        """A class of equal structures; none for a group that occurs once, or whose copies differ each."""
        body = instances[0].body
        names = _argument_names([instance.body for instance in instances])
        resolution = resolve(instances, names)
        listed = any(parameter.name.endswith("_") for parameter in resolution.parameters)
        is_list = body.scope.block in STRUCTURE and _is_sequential(body)
        if is_list and (len(instances) == 1 or listed):
            for instance in instances:
                self.modules[instance.body.scope.path] = Chain(instance.children)
            return
        number = len(self.groups)
        inherits = [name for name, _ in instances[0].children] == [""]
        base = _base(instances[0])
        self.groups.append(_Group(base, tuple(instances), names, resolution, inherits))
        for place, instance in enumerate(instances):
            made = (
                _inherited(instance.children[0][1], number)
                if inherits
                else Make(number, _arguments(resolution.parameters, place))
            )
            if place == 0 and (kin := family(instance, made)) is not None:
                self.families[number] = kin
            values, one = instance.body.values, instance.body
            gives = values[one.results[-1]].channels
            self.modules[one.scope.path] = sized(made, values[0].channels if values else 0, gives)


def _arguments(parameters: Sequence[Parameter], place: int) -> tuple[Argument, ...]:
    """The arguments of one instance: widths without a default by position, the others by name."""
    return tuple(
        Argument(
            parameter.name,
            parameter.vector[place][1],
            parameter.kind,
            parameter.default,
            parameter.by_position,
        )
        for parameter in parameters
    )


def _inherited(module: Module, target: int) -> Make:
    return Make(target, next(make for _, make in units("", module)).arguments)


def _is_sequential(body: Body) -> bool:
    """Whether `nn.Sequential` does just this: a chain of modules with possible names."""
    return (
        body.in_line
        and all(step.call is Call.MODULE and not step.prepares for step in body.steps)
        and not _SEQUENTIAL_METHODS.intersection(step.name for step in body.steps)
        and (
            not any(step.name.isdigit() for step in body.steps)
            or all(step.name == str(place) for place, step in enumerate(body.steps))
        )
    )


def _is_written_in_place(body: Body) -> bool:
    """Whether a class would say less than the `nn.Sequential` itself: copies, a group of one layer."""
    alone = len(body.steps) == 1 and body.scope.block in STRUCTURE
    return (alone or body.scope.role is Role.COPIES) and _is_sequential(body)


def _chain(instance: Instance) -> Chain:
    """The `nn.Sequential` that is written in place."""
    body = instance.body
    if body.scope.role is not Role.COPIES:
        return Chain(instance.children)
    reads, gives = body.values[0], body.values[body.results[0]]
    return copies_of(instance.children, same_shape=reads.shape == gives.shape)


def _base(instance: Instance) -> str:
    """The superclass: torch's own module, a chain, a list of copies, or `nn.Module`."""
    body = instance.body
    for name, module in instance.children:
        if name == "" and isinstance(module, Make):
            return str(module.target)
    if any(step.name.isdigit() for step in body.steps):
        return "nn.ModuleList"
    return "nn.Sequential" if _is_sequential(body) and not body.is_unit else "nn.Module"


def _argument_names(bodies: Sequence[Body]) -> tuple[str, ...]:
    """Names of the arguments of `forward`: `x` for the first, for the others what made them.

    Where the instances disagree, a further value is a skip.
    """
    names = ["x"]
    for place in range(1, bodies[0].arguments):
        made = {body.names[place] for body in bodies}
        rest = "skip" if bodies[0].arguments == 2 else f"skip{place}"
        wanted = made.pop() if len(made) == 1 else rest
        names.append(unique_name(wanted, names))
    return tuple(names[: bodies[0].arguments])


def _define(group: _Group, name: str, names: Sequence[str]) -> ClassDef:
    """The class `name` of a group; `names` are those of the classes that it may use, by number."""

    def name_of(value: object) -> object:
        if isinstance(value, Choice) and isinstance(value.target, int):
            return Choice(names[value.target])
        return value

    def named(make: Make) -> Make:
        target = names[make.target] if isinstance(make.target, int) else make.target
        arguments = (replace(one, value=name_of(one.value)) for one in make.arguments)
        return replace(make, target=target, arguments=tuple(arguments))

    first = group.instances[0].body
    return ClassDef(
        name=name,
        base=group.base,
        argument_names=group.argument_names,
        parameters=() if group.inherits else group.resolution.parameters,
        children=tuple((child, rebuild(made, named)) for child, made in group.resolution.children),
        steps_in_place=frozenset(
            place
            for place in range(len(first.steps))
            if all(instance.body.steps[place].in_place for instance in group.instances)
        ),
        widths=group.resolution.widths,
        computed=group.resolution.computed,
        bodies=tuple(instance.body for instance in group.instances),
        inherits=group.inherits,
    )
