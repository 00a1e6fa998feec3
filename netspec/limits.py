"""Every limit in one place, so that a message can show its value and a caller can raise it.

Limits protect the reader of a stranger's spec. Only the command line and the API may change them,
never the spec itself.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits of one run; `dataclasses.replace` makes another."""

    file_bytes: int = 1 << 20
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
