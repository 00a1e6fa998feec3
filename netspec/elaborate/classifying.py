"""Whether an output is that of a classifier: by the names that its author gave, or by what is often classified.

A vector behind a relu is a mistake when it holds the logits of classes, and right when it holds features,
counts, or what an autoencoder gives back. The graph is the same, so that most numbers cannot tell: rejected
are a width equal to that of the input, and pooling behind the activation (a body ends so too). Names can: a
width that is written as `$num_classes`, a layer called `classifier`, an output called `logits`. And so can an
image that becomes 10, 100 or 1,000 numbers, the classes of MNIST and CIFAR-10, CIFAR-100, and ImageNet:
vectors of features hardly have those widths.
"""

from __future__ import annotations

import re

from netspec.elaborate.mentions import names_in
from netspec.elaborate.origin import Origin
from netspec.graph import Node, Output
from netspec.limits import Limits
from netspec.shape import COLOURS, Shape, numel
from netspec.source import At

_ENDINGS = ("class", "classes", "label", "labels", "category", "categories", "logits", "classifier")

_CLASSES = (10, 100, 1000)


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


def is_image_to_classes(image: Shape, output: Shape) -> bool:
    """Whether a picture in colours or in grey becomes as many numbers as a known data set has classes.

    >>> is_image_to_classes((3, 32, 32), (10,)), is_image_to_classes((3, 32, 32), (64,))
    (True, False)
    """
    return len(image) == 3 and image[0] in COLOURS and numel(output) in _CLASSES


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
