"""Starting a spec: a commented one that builds, or a copy of a shipped one.

The shipped specs are package data, so that they are there after an installation from a wheel too.
"""

from __future__ import annotations

import re
from importlib.resources import files

from netspec.errors import UsageError
from netspec.messages.suggest import suggest

_NAME = re.compile(r"^name: .*$", re.MULTILINE)

START = """\
netspec: 1                      # the version of the language
name: {name}
doc: One line about this network; it goes into tables, source and pictures.

params:                         # what may change: `--set num_classes=5`; read as $num_classes
  num_classes: 10
  width: {{type: int, default: 16, min: 1, doc: Channels of stage 1.}}

variants:                       # named sets of values: `--variant {name}_wide`
  {name}_wide: {{width: 64}}

input: [3, 32, 32]              # channels, height, width; the batch is implied

defaults:                       # fields that would otherwise stand in every line
  conv: {{kernel_size: 3, padding: same, norm: batch_norm, activation: relu}}

blocks:                         # blocks of your own; `import:` brings them from other files
  stage:
    doc: Two convolutions around a shortcut, then half the size.
    params: {{channels: int}}
    layers:
      - residual:
          layers: [conv: $channels, conv: {{out_channels: $channels, activation: none}}]
          shortcut: [conv: {{out_channels: $channels, kernel_size: 1, activation: none}}]
          activation: relu
      - max_pool: 2

layers:                         # from top to bottom; input channels are never written
  - conv: $width
  - stage: {{name: stage1, channels: $width}}
  - stage: {{name: stage2, channels: $(2 * width)}}
  - gap
  - flatten
  - linear: {{name: classifier, out_features: $num_classes}}

expect:                         # what you know; a difference is an error at its line
  shape: [$num_classes]
"""
"""A starting point that shows most of the language and builds as it is."""


def shipped() -> dict[str, str]:
    """Name -> text of the specs that come with netspec."""
    folder = files("netspec") / "specs"
    return {name: (folder / f"{name}.yaml").read_text("utf-8") for name in shipped_names()}


def shipped_names() -> list[str]:
    """The names of the specs that come with netspec."""
    entries = (entry.name for entry in (files("netspec") / "specs").iterdir())
    return sorted(name.removesuffix(".yaml") for name in entries if name.endswith(".yaml"))


def start(name: str, source: str | None = None) -> str:
    """The text of a new spec called `name`; with `source` a copy of that shipped one under this name.

    Raises:
        UsageError: there is no such spec (NS506).
    """
    if source is None:
        return START.format(name=name)
    specs = shipped()
    known = source.removesuffix(".yaml")
    if known not in specs:
        stem = known.rpartition("/")[2]
        near = (stem,) if stem in specs else suggest(stem, tuple(specs))
        hint = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(specs)}"
        raise UsageError("NS506", f"netspec ships no spec `{source}`", help=hint)
    return _NAME.sub(f"name: {name}", specs[known], count=1)
