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
    """The limits of one run: whole numbers from 1; `dataclasses.replace` makes another.

    Raises:
        UsageError: a limit is no whole number above 0, or above its ceiling (NS506).

    >>> Limits(repeat=5_000).repeat
    5000
    """

    file_bytes: int = 1 << 20
    import_bytes: int = 8 << 20
    import_files: int = 64
    import_depth: int = 16
    yaml_depth: int = 64
    yaml_nodes: int = 250_000
    alias_nodes: int = 50_000
    scalar_bytes: int = 1 << 16
    name_length: int = 64
    integer_digits: int = 18
    expression_length: int = 256
    expression_depth: int = 32
    expression_value: int = 10**9
    channels: int = 1_000_000
    features: int = 1 << 31
    window: int = 1_024
    input_size: int = 65_536
    variants: int = 100
    repeat: int = 1_000
    layers: int = 50_000
    block_depth: int = 20
    merge_inputs: int = 256
    tensor_elements: int = 1 << 40
    build_parameters: int = 1 << 31
    diagram_nodes: int = 2_000
    diagram_edges: int = 3_000
    dot_seconds: int = 20
    printed_errors: int = 50

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
