"""Whether an output is that of a classifier: by the names that its author gave, or by a softmax.

A vector of ten numbers behind a relu is a mistake when they are the logits of ten classes, and right when they
are features, counts, or a vector that an autoencoder gives back. The graph is the same, so numbers cannot tell:
rejected are the width (an embedding can have ten, ImageNet has a thousand), a width equal to that of the input,
and pooling behind the activation (a body ends so too). Names can: a width that is written as `$num_classes`,
a layer called `classifier`, an output called `logits`.
"""

from __future__ import annotations

import re

from netspec.elaborate.mentions import names_in
from netspec.elaborate.origin import Origin
from netspec.graph import Node, Output
from netspec.limits import Limits
from netspec.source import At

_ENDINGS = ("class", "classes", "label", "labels", "category", "categories", "logits", "classifier")


def speaks_of_classes(name: str) -> bool:
    """Whether a name has a word for classes in it.

    >>> [
    ...     speaks_of_classes(name)
    ...     for name in ("num_classes", "logits2", "head.classifier", "glass", "fc")
    ... ]
    [True, True, True, False, False]
    """
    parts = re.split(r"[\W\d_]+", name.lower())
    return any(part in _ENDINGS or part.endswith(("classes", "labels")) for part in parts)


def is_named_classifier(node: Node, output: Output, limits: Limits) -> bool:
    """Whether the layer that makes an output, the output or its width is called one of classes."""
    assert isinstance(node.origin, Origin)  # noqa: S101 - every node of a spec has one
    names = {node.path, output.name, *_read_names(node.origin, limits)}
    return any(map(speaks_of_classes, names))


def _read_names(origin: Origin, limits: Limits) -> set[str]:
    """The names that a layer reads, and those that its block was given for them, outward."""
    names = names_in([origin.at], limits)
    here = origin.parent
    while here is not None:
        if here.definition is not None:
            names |= names_in(_arguments(here.at, names), limits)
        here = here.parent
    return names


def _arguments(item: At, names: set[str]) -> list[At]:
    """What the use of a block gives for some of its parameters: in fields, or bare."""
    if not isinstance(item.data, dict):
        return []
    (block,) = item.data
    fields = item / block
    if not isinstance(fields.data, dict):
        return [fields]
    return [fields / name for name in names if name in fields.data]
