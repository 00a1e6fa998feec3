"""Small networks for the golden pictures, and words that mean something to XML, HTML or Graphviz."""

from __future__ import annotations

from pathlib import Path

import netspec
from netspec.layout.boxes import Box, Edge, Frame, View

ROOT = Path(__file__).parent.parent.parent

INCEPTION = """
netspec: 1
name: inception
doc: One module, a pool and a head.
input: [8, 16, 16]
defaults: {conv: {activation: relu}}
layers:
  - inception: {name: mix, conv1x1: 4, conv3x3: [4, 8], conv5x5: [2, 4], pool_proj: 4}
  - max_pool: 2
  - aux_head: {name: aux, loss_weight: 0.3, layers: [gap, flatten, linear: 3]}
  - gap
  - flatten
  - linear: 5
"""

RESIDUAL = """
netspec: 1
name: residual
doc: A projection, then three equal blocks.
input: [8, 16, 16]
defaults:
  conv: {kernel_size: 3, padding: same, norm: batch_norm, activation: relu}
blocks:
  projection: {conv: {kernel_size: 1, activation: none}}
  basic:
    params: {planes: int, stride: 1}
    layers:
      - residual:
          layers:
            - conv: {out_channels: $planes, stride: $stride}
            - conv: {out_channels: $planes, activation: none}
          shortcut:
            - projection: {when: $(stride > 1), out_channels: $planes, stride: $stride}
          activation: relu
layers:
  - basic: {name: first, planes: 16, stride: 2}
  - basic: {name: rest, planes: 16, repeat: 3}
outputs: [first, rest]
"""


COMPARED = (
    """\
netspec: 1
name: small
input: [3, 64, 64]
defaults: {conv: {kernel_size: 3, padding: same, activation: relu}}
layers:
  - conv: 32
  - max_pool: 2
  - conv: 64
  - lrn: 5
  - inception: {name: mix, conv1x1: 16, conv3x3: [8, 16], conv5x5: [4, 8], pool_proj: 8}
  - residual: {name: res, layers: [conv: 48, conv: {out_channels: 48, activation: none}], activation: relu}
  - gap
  - flatten
  - linear: {name: classifier, out_features: 10}
""",
    """\
netspec: 1
name: small
input: [3, 64, 64]
defaults: {conv: {kernel_size: 3, padding: same, activation: relu}}
layers:
  - conv: 32
  - conv: 32
  - max_pool: 2
  - conv: {out_channels: 64, norm: batch_norm}
  - inception: {name: mix, conv1x1: 16, conv3x3: [8, 24], conv5x5: [4, 8], pool_proj: 8}
  - residual: {name: res, layers: [conv: 56, conv: {out_channels: 56, activation: none}], activation: relu}
  - gap
  - flatten
  - dropout: 0.4
  - linear: {name: classifier, out_features: 10}
""",
)
"""A network before and after: a layer more, one less, a norm, and other widths inside two composites."""


def networks() -> dict[str, netspec.Network]:
    return {
        "lenet5": netspec.load(ROOT / "specs/lenet5.yaml"),
        "inception": netspec.loads(INCEPTION),
        "residual": netspec.loads(RESIDUAL),
    }


HOSTILE = (
    "<b>bold</b>",
    '"]; x [label="owned',
    "ends with a backslash\\",
    "\\N \\G \\L \\n \\l",
    "&amp; &#38; &lt;b&gt; & &nbsp;",
    "]]> <!-- --> <![CDATA[",
    "javascript:alert(1)",
    "{a|b}|<port>c",
    "'single' \"double\" `tick`",
    "</title><script>alert(1)</script>",
    "url(#x);} * {display:none} /*",
    "%s {} $x ${y}",
)


def hostile(words: str) -> View:
    """A picture whose every text is `words`."""
    first = Box(f"a{words}", "conv", words, words, words)
    second = Box(f"b{words}", "merge", words, words, words)
    inner = Frame(f"f{words}", (first, second), words, words, words, copies=2)
    third = Box(f"c{words}", "output", words, "", "")
    return View(
        "figure",
        words,
        words,
        Frame("", (inner, third)),
        (Edge(first.id, second.id), Edge(second.id, third.id)),
    )
