"""The boxes of a view as numbers: every box and frame in the order of the flow, with its place.

Numbers in preorder make every later question cheap: the order of two items, the last item inside a frame,
the way up to a common frame. Rejected: asking by id (boxes and frames may share one).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from netspec.layout.boxes import Box, Frame


@dataclass(frozen=True)
class Tree:
    """Items numbered in preorder; 0 is the root. `slot` is an item's index among its siblings.

    `last` is the highest number inside an item, `leaves` maps the id of a box to its number.
    """

    items: tuple[Box | Frame, ...]
    parent: tuple[int, ...]
    slot: tuple[int, ...]
    depth: tuple[int, ...]
    last: tuple[int, ...]
    children: tuple[tuple[int, ...], ...]
    leaves: dict[str, int]

    @classmethod
    def of(cls, root: Frame) -> Tree:
        """Number everything inside `root`."""
        draft = _Draft()
        draft.add(root, 0, 0, 0)
        return cls(
            tuple(draft.items),
            tuple(draft.parent),
            tuple(draft.slot),
            tuple(draft.depth),
            tuple(draft.last),
            tuple(map(tuple, draft.children)),
            {item.id: number for number, item in enumerate(draft.items) if isinstance(item, Box)},
        )

    def boxes(self) -> Iterator[Box]:
        """The boxes, in order of the flow."""
        return (item for item in self.items if isinstance(item, Box))

    def ways(self, source: int, target: int) -> tuple[list[int], list[int], int]:
        """Source and its frames, outward; target and its frames, inward; the frame around both.

        Neither list holds the common frame, so that both end or begin with siblings.
        """
        up, down = [], []
        while source != target:
            if self.depth[source] >= self.depth[target]:
                up.append(source)
                source = self.parent[source]
            else:
                down.append(target)
                target = self.parent[target]
        return up, down[::-1], source


class _Draft:
    """The columns of a tree while they grow."""

    def __init__(self) -> None:
        self.items: list[Box | Frame] = []
        self.parent: list[int] = []
        self.slot: list[int] = []
        self.depth: list[int] = []
        self.last: list[int] = []
        self.children: list[Sequence[int]] = []

    def add(self, item: Box | Frame, parent: int, slot: int, depth: int) -> int:
        number = len(self.items)
        self.items.append(item)
        self.parent.append(parent)
        self.slot.append(slot)
        self.depth.append(depth)
        self.last.append(number)
        self.children.append(())
        if isinstance(item, Frame):
            self.children[number] = [
                self.add(child, number, index, depth + 1)
                for index, child in enumerate(item.children)
            ]
            self.last[number] = len(self.items) - 1
        return number
