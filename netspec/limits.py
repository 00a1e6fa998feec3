"""Every limit in one place, so that a message can show its value and a caller can raise it.

Limits protect the reader of a stranger's spec. Only the command line and the API may change them,
never the spec itself.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from types import MappingProxyType

from netspec.errors import UsageError

CEILINGS = MappingProxyType(
    {"yaml_depth": 200, "expression_depth": 64, "block_depth": 64, "import_depth": 64}
)
"""Limits on nesting end where Python's own stack of 1,000 calls would: at half of it, for safety."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits of one run: whole numbers from 1, each with a default; `Limits(repeat=2000)` raises one.

    `netspec build --help` calls this `--limit repeat=2000`. They protect from a bad file, so raise one where a
    message (NS115) names it. `dataclasses.replace` makes another of one.

    Raises:
        UsageError: a limit is no whole number above 0, or above its ceiling (NS506).

    >>> Limits(repeat=5_000), Limits()
    (Limits(repeat=5000), Limits())
    """

    file_bytes: int = 1 << 20
    """Bytes of one file."""
    import_bytes: int = 8 << 20
    """Bytes of a spec and all the files that it imports."""
    import_files: int = 64
    """Imported files."""
    import_depth: int = 16
    """Imports of imports."""
    yaml_depth: int = 64
    """Levels of nesting in the YAML text."""
    yaml_nodes: int = 250_000
    """Keys, values and items of one file."""
    alias_nodes: int = 50_000
    """Nodes that aliases (`*name`) make."""
    scalar_bytes: int = 1 << 16
    """Bytes of one scalar."""
    name_length: int = 64
    """Characters of a name."""
    integer_digits: int = 18
    """Digits of an integer."""
    expression_length: int = 256
    """Characters of an expression."""
    expression_depth: int = 32
    """Levels of nesting in an expression."""
    expression_value: int = 10**9
    """Size of a number in an expression, either way."""
    channels: int = 1_000_000
    """Channels, and the like."""
    features: int = 1 << 31
    """Features of a vector."""
    window: int = 1_024
    """Kernel size, stride, padding or dilation."""
    input_size: int = 65_536
    """Sizes of the input, per axis."""
    variants: int = 100
    """Variants of one file."""
    repeat: int = 1_000
    """Copies of one `repeat`."""
    layers: int = 50_000
    """Layers after expansion, counted before expanding."""
    block_depth: int = 20
    """Blocks inside blocks."""
    merge_inputs: int = 256
    """Inputs of one merge."""
    tensor_elements: int = 1 << 40
    """Elements of one tensor."""
    build_parameters: int = 1 << 31
    """Parameters of a network that is built."""
    diagram_nodes: int = 2_000
    """Nodes of a diagram; above, it is collapsed further."""
    diagram_edges: int = 3_000
    """Edges of a diagram; above, it is collapsed further."""
    dot_seconds: int = 20
    """Seconds that Graphviz may take."""
    found_errors: int = 200
    """Errors of one network; with one more the search for others ends."""

    def __repr__(self) -> str:
        """`Limits(repeat=2000)`: those that are not as they are without a word."""
        given = ((field, getattr(self, field.name)) for field in fields(self))
        changed = [f"{field.name}={value}" for field, value in given if value != field.default]
        return f"Limits({', '.join(changed)})"

    def __post_init__(self) -> None:
        """Refuse what is no limit."""
        for field in fields(self):
            value: object = getattr(self, field.name)
            if not isinstance(value, int) or isinstance(value, bool) or value < 1:
                raise UsageError(
                    "NS506", f"the limit `{field.name}` is a whole number above 0, got `{value!r}`"
                )
            ceiling = CEILINGS.get(field.name, value)
            if value > ceiling:
                raise UsageError(
                    "NS506",
                    f"the limit `{field.name}` can be raised to {ceiling}, got {value}",
                    help="deeper nesting would not fit Python's own stack",
                )
