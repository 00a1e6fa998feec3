"""Two networks compared, for the API and the command line: what is different, as text, data and picture."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Unpack

from netspec.analysis.difference import Difference, difference
from netspec.emit.comparison import comparison_record, comparison_text
from netspec.network import Network, load
from netspec.pictures import Drawing, Options, picture
from netspec.view import Level


@dataclass(frozen=True)
class Comparison:
    """What is different between two networks; `names` are what they are called.

    Example:
        >>> from netspec import loads
        >>> spec = {"netspec": 1, "name": "a", "input": [3, 8, 8], "layers": ["gap", "flatten"]}
        >>> found = diff(loads(spec), loads({**spec, "layers": ["gap", "flatten", {"linear": 2}]}))
        >>> [entry.after.path for entry in found.difference.walk() if entry.before is None]
        ['linear_1']
    """

    before: Network
    after: Network
    names: tuple[str, str]

    def __repr__(self) -> str:
        """`<Comparison of a.yaml and b.yaml>`; printed, it is its text."""
        return f"<Comparison of {self.names[0]} and {self.names[1]}>"

    def __str__(self) -> str:
        return self.text()

    @cached_property
    def difference(self) -> Difference:
        """The layers of both, in pairs."""
        return difference(self.before.graph, self.after.graph)

    @property
    def is_empty(self) -> bool:
        """Whether the two are the same network."""
        return self.difference.is_empty

    def text(self, *, everything: bool = False) -> str:
        """Totals and layers, 80 columns wide; with `everything` also the layers that only follow."""
        return comparison_text(self.difference, self.names, everything=everything)

    def record(self) -> dict[str, object]:
        """All of it as plain data."""
        return comparison_record(self.difference, self.names)

    def draw(self, **options: Unpack[Options]) -> Drawing:
        """One picture of both; the options are those of `Network.draw`.

        What is new is green, what is gone red and dashed, what was written otherwise amber. The level is
        `overview`, in which layers that hold changes are opened, unless another is asked for.

        Raises:
            UsageError: an option has a wrong value (NS506).
        """
        chosen: Options = {"level": Level.OVERVIEW.value, **options}
        return Drawing(self.after.graph, picture(chosen), difference=self.difference)

    def _repr_html_(self) -> str:
        """The picture of both, for notebooks."""
        return self.draw()._repr_html_()

    def _repr_svg_(self) -> str:
        """The picture of both, for what a notebook is converted to."""
        return self.draw().to_svg()


def diff(before: Network | str | Path, after: Network | str | Path) -> Comparison:
    """Compare two networks, or the spec files of two.

    Raises:
        SpecError: with every error of a spec.
        UsageError: a file cannot be read (NS501).
    """
    old, new = (each if isinstance(each, Network) else load(each) for each in (before, after))
    names = (_named(before, old), _named(after, new))
    return Comparison(old, new, names)


def _named(given: Network | str | Path, found: Network) -> str:
    return found.name if isinstance(given, Network) else str(given)
