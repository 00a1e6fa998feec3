"""Names of layers: lookup is lexical, outward to the wall of a block, earlier lines only."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from netspec.graph import Value
from netspec.limits import Limits
from netspec.source import At

RESERVED = frozenset({"input", "previous"})

# What `nn.Module` has: a child of that name would hide it. Compared with torch in a test.
MODULE_ATTRIBUTES = frozenset(
    [
        "T_destination",
        "add_module",
        "apply",
        "bfloat16",
        "buffers",
        "call_super_init",
        "children",
        "compile",
        "cpu",
        "cuda",
        "double",
        "dump_patches",
        "eval",
        "extra_repr",
        "float",
        "forward",
        "get_buffer",
        "get_extra_state",
        "get_parameter",
        "get_submodule",
        "half",
        "ipu",
        "load_state_dict",
        "modules",
        "mtia",
        "named_buffers",
        "named_children",
        "named_modules",
        "named_parameters",
        "parameters",
        "register_backward_hook",
        "register_buffer",
        "register_forward_hook",
        "register_forward_pre_hook",
        "register_full_backward_hook",
        "register_full_backward_pre_hook",
        "register_load_state_dict_post_hook",
        "register_load_state_dict_pre_hook",
        "register_module",
        "register_parameter",
        "register_state_dict_post_hook",
        "register_state_dict_pre_hook",
        "requires_grad_",
        "set_extra_state",
        "set_submodule",
        "share_memory",
        "state_dict",
        "to",
        "to_empty",
        "train",
        "training",
        "type",
        "xpu",
        "zero_grad",
        "loss_weights",
        "append",
        "extend",
        "insert",
        "pop",
        "keys",
        "items",
        "values",
    ]
)

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_MEANING = {"input": "block's input", "previous": "value of the layer before"}
SIZES = frozenset({"in_channels", "in_features", "in_height", "in_width", "index"})


def spelling_problem(name: str, limits: Limits) -> str | None:
    """Why `name` cannot be a name of anything, in words; None when it can."""
    if len(name) > limits.name_length:
        return f"it has {len(name)} characters, at most {limits.name_length} are allowed"
    if not _NAME.fullmatch(name):
        return "a name is a letter, then letters, digits and underscores (ASCII)"
    return None


def name_problem(name: str, limits: Limits) -> str | None:
    """Why `name` cannot be a layer's name, in words; None when it can."""
    problem = spelling_problem(name, limits)
    if problem is not None:
        return problem
    if keyword.iskeyword(name) or keyword.issoftkeyword(name):
        return "it is a word of Python"
    if name in RESERVED:
        return f"`{name}` already means the {_MEANING[name]}"
    if name in MODULE_ATTRIBUTES:
        return "every `nn.Module` has an attribute of that name"
    return None


def block_name_problem(name: str, limits: Limits) -> str | None:
    """Why `name` cannot be the name of a block under `blocks:`; None when it can."""
    if name == "none":
        return "`none` already means no block at all"
    return spelling_problem(name, limits)


def value_name_problem(name: str, limits: Limits) -> str | None:
    """Why `name` cannot be that of a parameter or of a `let`; None when it can."""
    if name in SIZES:
        return f"`${name}` already has a meaning everywhere"
    return spelling_problem(name, limits)


@dataclass(slots=True)
class Named:
    """A layer that can be read: what it gives, where it stands, and the names inside."""

    values: tuple[Value, ...]
    at: At
    inside: Names | None = None
    head: bool = False

    @property
    def failed(self) -> bool:
        """Whether the whole layer failed, so that nothing can be said about what is inside."""
        return self.inside is None and all(value.poisoned for value in self.values)


@dataclass(slots=True)
class Names:
    """The names of one scope. `parent` is the scope around, None at the wall of a block."""

    parent: Names | None = None
    entries: dict[str, Named] = field(default_factory=dict)
    later: dict[str, At] = field(default_factory=dict)
    """Names that the text gives to layers, read ahead: to tell a forward reference from a typo."""
    removed: dict[str, At] = field(default_factory=dict)
    """Names of layers whose `when` is false."""
    incomplete: bool = False
    """A layer here has a name that cannot be read, which has been reported: one not found may be its."""

    @property
    def uncertain(self) -> bool:
        """Whether a name that is not found from here may yet have been given."""
        return self.incomplete or (self.parent is not None and self.parent.uncertain)

    def find(self, name: str) -> Named | None:
        """The layer of a name here or further out."""
        scope: Names | None = self
        while scope is not None:
            if name in scope.entries:
                return scope.entries[name]
            scope = scope.parent
        return None

    def find_path(self, path: str) -> Named | None:
        """The layer of a dotted path: the first part by `find`, the rest inside it."""
        first, *rest = path.split(".")
        found = self.find(first)
        for part in rest:
            if found is None or found.failed:
                return found
            found = found.inside.entries.get(part) if found.inside is not None else None
        return found

    def dead_end(self, path: str) -> tuple[Names, str]:
        """Where the lookup of a path stops: the scope, and the part that it does not have."""
        scope = self
        first, *rest = path.split(".")
        found = self.find(first)
        for part in rest:
            if found is None:
                break
            scope, first = found.inside or Names(), part
            found = scope.entries.get(part)
        return scope, first

    def visible(self) -> Iterator[str]:
        """All names that can be read here, nearest first."""
        scope: Names | None = self
        while scope is not None:
            yield from scope.entries
            scope = scope.parent

    def paths_to(self, name: str) -> Iterator[str]:
        """The dotted paths on which a name can be read that stands inside a named scope."""
        scope: Names | None = self
        seen: set[int] = set()
        while scope is not None:
            yield from scope.within(name, seen)
            scope = scope.parent

    def within(self, name: str, seen: set[int]) -> Iterator[str]:
        """The same from this scope inward; what can be read on several paths (the last copy) counts once."""
        for entry, named in self.entries.items():
            if named.inside is not None and id(named.inside) not in seen:
                seen.add(id(named.inside))
                if name in named.inside.entries:
                    yield f"{entry}.{name}"
                yield from (f"{entry}.{path}" for path in named.inside.within(name, seen))

    def place_of_later(self, name: str) -> At | None:
        """Where a name that cannot be read yet is given, if the text has it."""
        scope: Names | None = self
        while scope is not None:
            if name in scope.later:
                return scope.later[name]
            scope = scope.parent
        return None

    def place_of_removed(self, name: str) -> At | None:
        """Where a name stands whose layer `when` took away."""
        scope: Names | None = self
        while scope is not None:
            if name in scope.removed:
                return scope.removed[name]
            scope = scope.parent
        return None
