"""What holds for every picture: `audit(layout)` fails with the first thing that does not.

Written against coordinates alone, so it knows nothing of how the layout comes to them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise

from netspec.layout.boxes import Layout, Line, PlacedBox, PlacedEdge, PlacedFrame
from netspec.layout.text import width

SLACK = 0.11
"""Coordinates of edges are rounded to a tenth of a pixel."""


@dataclass(frozen=True)
class Rect:
    """`left`, `top`, `right`, `bottom`."""

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def of(cls, placed: PlacedBox | PlacedFrame) -> Rect:
        return cls(placed.x, placed.y, placed.x + placed.width, placed.y + placed.height)

    @classmethod
    def around(cls, line: Line) -> Rect:
        """The rectangle of a line of text: its width by the table, its capitals by its size."""
        wide = width(line.text, line.style)
        start = {"start": 0.0, "middle": wide / 2, "end": wide}[line.anchor]
        return cls(line.x - start, line.y - 0.72 * line.style.size, line.x - start + wide, line.y)

    def meets(self, other: Rect) -> bool:
        """Whether they share more than a border."""
        return (
            self.left < other.right - SLACK
            and other.left < self.right - SLACK
            and self.top < other.bottom - SLACK
            and other.top < self.bottom - SLACK
        )

    def holds(self, other: Rect) -> bool:
        return (
            self.left <= other.left + SLACK
            and other.right <= self.right + SLACK
            and self.top <= other.top + SLACK
            and other.bottom <= self.bottom + SLACK
        )


Segment = tuple[tuple[float, float], tuple[float, float]]


def segments(edge: PlacedEdge) -> list[Segment]:
    return list(pairwise(edge.points))


def thin(segment: Segment) -> Rect:
    """A segment as a rectangle that is hit by whatever it runs through, not by what it touches."""
    (x, y), (to_x, to_y) = segment
    grow = 2 * SLACK
    return Rect(min(x, to_x) - grow, min(y, to_y) - grow, max(x, to_x) + grow, max(y, to_y) + grow)


def inner(rect: Rect) -> Rect:
    """Without the border that lines may touch."""
    return Rect(rect.left + 1, rect.top + 1, rect.right - 1, rect.bottom - 1)


def audit(layout: Layout) -> None:
    """Everything that holds for every picture, of whatever network, in whatever direction."""
    everything_is_inside_and_apart(layout)
    text_stays_in_its_box(layout)
    edges_run_from_box_to_box(layout)
    nothing_crosses_a_box_a_title_or_a_frame_of_others(layout)
    edges_of_different_boxes_do_not_lie_on_each_other(layout)


def everything_is_inside_and_apart(layout: Layout) -> None:
    """Children are inside their frame, siblings do not overlap, all is inside the picture."""
    rects = {("frame", placed.frame.id): Rect.of(placed) for placed in layout.frames}
    rects[("frame", layout.view.root.id)] = Rect(0, 0, layout.width, layout.height)
    siblings: dict[str, list[tuple[str, Rect]]] = defaultdict(list)
    for placed in layout.frames:
        siblings[placed.parent].append((f"frame {placed.frame.id}", Rect.of(placed)))
    for box in layout.boxes:
        siblings[box.parent].append((f"box {box.box.id}", Rect.of(box)))
    for parent, children in siblings.items():
        for name, rect in children:
            assert rects["frame", parent].holds(rect), f"{name} is not inside {parent!r}"
        for (one, rect), (other, beside) in near(children):
            assert not rect.meets(beside), f"{one} overlaps {other}"


def near(children: list[tuple[str, Rect]]) -> Iterator[tuple[tuple[str, Rect], tuple[str, Rect]]]:
    """Pairs that could overlap: sorted by their tops, only what begins before the other ends."""
    children = sorted(children, key=lambda child: child[1].top)
    for at, one in enumerate(children):
        for other in children[at + 1 :]:
            if other[1].top >= one[1].bottom:
                break
            yield one, other


def text_stays_in_its_box(layout: Layout) -> None:
    for placed in (*layout.boxes, *layout.frames):
        lines = [Rect.around(line) for line in placed.lines if line.text]
        for line in lines:
            assert Rect.of(placed).holds(line), f"text leaves {placed}"
        for one, other in combinations(lines, 2):
            assert not one.meets(other), f"text on text in {placed}"


def edges_run_from_box_to_box(layout: Layout) -> None:
    """Orthogonal, from the border of the source to that of the target, one per edge of the view."""
    boxes = {placed.box.id: Rect.of(placed) for placed in layout.boxes}
    assert [placed.edge for placed in layout.edges] == list(layout.view.edges)
    for placed in layout.edges:
        assert len(placed.points) >= 2, placed
        for (x, y), (to_x, to_y) in segments(placed):
            assert (x == to_x) != (y == to_y), f"not orthogonal: {placed}"
        for point, end in (
            (placed.points[0], placed.edge.source),
            (placed.points[-1], placed.edge.target),
        ):
            assert on_border(point, boxes[end]), f"{placed} does not touch {end} at {boxes[end]}"


def on_border(point: tuple[float, float], rect: Rect) -> bool:
    x, y = point
    beside = abs(x - rect.left) <= SLACK or abs(x - rect.right) <= SLACK
    above = abs(y - rect.top) <= SLACK or abs(y - rect.bottom) <= SLACK
    return (above and rect.left < x < rect.right) or (beside and rect.top < y < rect.bottom)


def around(layout: Layout) -> dict[str, set[str]]:
    """Box -> the frames around it."""
    parents = {placed.frame.id: placed.parent for placed in layout.frames}
    found: dict[str, set[str]] = {}
    for placed in layout.boxes:
        frames, frame = set(), placed.parent
        while frame in parents:
            frames.add(frame)
            frame = parents[frame]
        found[placed.box.id] = frames
    return found


def nothing_crosses_a_box_a_title_or_a_frame_of_others(layout: Layout) -> None:
    frames = around(layout)
    walls = [("", inner(Rect.of(placed)), f"box {placed.box.id}") for placed in layout.boxes]
    for placed in layout.frames:
        walls.append((placed.frame.id, inner(Rect.of(placed)), f"frame {placed.frame.id}"))
        walls += [
            ("", Rect.around(line), f"title of {placed.frame.id}")
            for line in placed.lines
            if line.text
        ]
    walls.sort(key=lambda wall: wall[1].top)
    tops = [rect.top for _, rect, _ in walls]
    highest = max((rect.bottom - rect.top for _, rect, _ in walls if rect), default=0.0)
    for edge in layout.edges:
        own = frames[edge.edge.source] | frames[edge.edge.target]
        for segment in segments(edge):
            line = thin(segment)
            for frame, rect, name in _between(walls, tops, line, highest):
                crosses = rect.meets(line) and not (frame and frame in own)
                assert not crosses, f"{edge.edge} crosses {name}"


def _between(
    walls: list[tuple[str, Rect, str]], tops: list[float], line: Rect, highest: float
) -> list[tuple[str, Rect, str]]:
    from bisect import bisect_left, bisect_right

    return walls[bisect_left(tops, line.top - highest) : bisect_right(tops, line.bottom)]


def edges_of_different_boxes_do_not_lie_on_each_other(layout: Layout) -> None:
    """A stretch of line belongs to one source or to one target: elsewhere it could not be followed."""
    lines: dict[tuple[str, float], list[tuple[float, float, PlacedEdge]]] = defaultdict(list)
    for edge in layout.edges:
        for (x, y), (to_x, to_y) in segments(edge):
            if x == to_x:
                lines["x", x].append((min(y, to_y), max(y, to_y), edge))
            else:
                lines["y", y].append((min(x, to_x), max(x, to_x), edge))
    for found in lines.values():
        found.sort(key=lambda entry: entry[:2])
        for at, (_, stop, one) in enumerate(found):
            for start, _, other in found[at + 1 :]:
                if start >= stop - SLACK:
                    break
                shared = (
                    one.edge.source == other.edge.source or one.edge.target == other.edge.target
                )
                assert shared, f"{one.edge} lies on {other.edge}"
