"""One mistake is one error: what follows from it stays quiet.

Each case changes one word or line of a spec that has every section, and the slip must be all that is told.
"""

from __future__ import annotations

import pytest

from tests.elaborate.speaking import errors, net

SPEC = """
netspec: 1
name: net
params: {width: 8, deep: true}
let: {wide: $(2 * width)}
input: [3, 32, 32]
defaults:
  conv: {kernel_size: 3, padding: same}
  stage: {growth: $width}
blocks:
  stage:
    params: {channels: int, growth: int}
    let: {sum: $(channels + growth)}
    defaults:
      max_pool: {kernel_size: 2}
    layers:
      - conv: $sum
      - conv: {out_channels: $sum, kernel_size: 1}
      - max_pool
layers:
  - conv: {name: stem, out_channels: $width}
  - residual: {layers: [conv: $width]}
  - add: {name: joined, from: [previous, stem]}
  - conv: {name: top, when: $deep, out_channels: $wide}
  - conv: {name: top, when: $(not deep), out_channels: $width}
  - stage: {name: stages, channels: $wide, repeat: 2, first: {growth: 3}}
  - add: {branches: [[stage: $wide], [conv: {out_channels: $(wide + width), stride: 2}]]}
  - gap
  - flatten
  - linear: {name: scores, out_features: $wide}
outputs: [scores]
"""

SLIPS = {
    "a block of defaults is misspelt": ("  conv: {kernel_size: 3, p", "  cnov: {kernel_size: 3, p"),
    "a block of defaults is of others": (
        "  conv: {kernel_size: 3, p",
        "  Conv2d: {kernel_size: 3, p",
    ),
    "a block of defaults is of others with their fields": (
        "  conv: {kernel_size: 3, padding: same}",
        "  Conv2d: {kernel: 3, padding: same}",
    ),
    "a block of defaults is nothing known": ("  conv: {kernel_size", "  xyzzy: {kernel_size"),
    "a field of defaults is misspelt": ("conv: {kernel_size: 3, p", "conv: {kernle_size: 3, p"),
    "defaults are a list": (
        "  conv: {kernel_size: 3, padding: same}\n  stage",
        "  - conv: {kernel_size: 3, padding: same}\n  - stage",
    ),
    "defaults are text": (
        "defaults:\n  conv: {kernel_size: 3, padding: same}\n  stage: {growth: $width}",
        "defaults: conv",
    ),
    "fields of defaults are not indented": (
        "  conv: {kernel_size: 3, padding: same}",
        "  conv:\n  kernel_size: 3\n  padding: same",
    ),
    "defaults are not indented": (
        "  conv: {kernel_size: 3, padding: same}\n  stage",
        "conv: {kernel_size: 3, padding: same}\nstage",
    ),
    "the defaults of a block are a list": ("      max_pool: {", "      - max_pool: {"),
    "a block in the defaults of a block is misspelt": ("      max_pool: {", "      max_pol: {"),
    "params are null": ("{width: 8, deep: true}", ""),
    "params are a list": ("{width: 8, deep: true}", "[width: 8, deep: true]"),
    "params are not indented": ("params: {width: 8, deep: true}", "params:\nwidth: 8\ndeep: true"),
    "params are in a section of another name": ("params: {width", "xyzzy: {width"),
    "let is text": ("let: {wide: $(2 * width)}", "let: wide"),
    "let is in a section of another name": ("let: {wide", "xyzzy: {wide"),
    "blocks are in a section of another name": ("blocks:", "xyzzy:"),
    "the params of a block are a list": (
        "params: {channels: int, growth: int}",
        "params: [channels, growth]",
    ),
    "the let of a block is text": ("let: {sum: $(channels + growth)}", "let: sum"),
    "when is misspelt": ("when: $deep", "wen: $deep"),
    "when is nothing known": ("when: $(not deep)", "xyzzy: $(not deep)"),
    "repeat is misspelt": ("repeat: 2", "repat: 2"),
    "repeat is nothing known": ("repeat: 2", "xyzzy: 2"),
    "a field that is needed has another name": ("channels: $wide, repeat", "xyzzy: $wide, repeat"),
    "a field of a block that is needed has another name": ("kernel_size: 1}", "xyzzy: 1}"),
    "a name is another one's": ("name: joined", "name: stem"),
    "inputs have another key and form": ("input: [3, 32, 32]", "inputs: [left, right]"),
    "outputs have another key and form": ("outputs: [scores]", "output: scores"),
    "init is in a section of another name": ("outputs: [scores]", "xyzzy: {conv: {weight: zeros}}"),
    "the fields of an own block are a list": (
        "stage: {name: stages, channels: $wide, repeat: 2, first: {growth: 3}}",
        "stage: [channels: $wide, growth: 8]",
    ),
    "a name is a number": ("name: stem", "name: 3"),
    "a name is an expression": ("name: stem", "name: $deep"),
}


def test_the_spec_is_right() -> None:
    assert net(SPEC).warnings == ()


@pytest.mark.parametrize("slip", SLIPS)
def test_one_slip_is_one_error(slip: str) -> None:
    right, wrong = SLIPS[slip]
    assert SPEC.count(right) == 1
    assert len(errors(SPEC.replace(right, wrong))) == 1
