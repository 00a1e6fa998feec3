"""Where a node comes from: the line of its layer, and the chain of uses that led there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from netspec.diagnostics import Label
from netspec.records import record
from netspec.source import At


@record()
class Origin:
    """A layer as written: `at` is its item, `path` its address; `parent` is the use around it.

    `definition` is the name of a YAML-defined block when this layer is such a use; `copy` counts the
    copies of a repeated one.
    """

    at: At
    path: str
    parent: Origin | None = None
    definition: str | None = None
    copy: int | None = None
    row: bool = False
    """The copy is one of `for_each`: another one may have other values."""
    arguments: Mapping[str, object] = field(default_factory=dict)

    def __repr__(self) -> str:
        """`<Origin net.yaml:8>`."""
        file, line = self.line
        return f"<Origin {file}:{line}>"

    @property
    def line(self) -> tuple[str, int]:
        """File name and line of the layer."""
        span = self.at.span
        return (span.file.name, span.line)

    def uses(self) -> tuple[Label, ...]:
        """A label for each use that leads here from outside: `blocks:` that were entered, copies."""
        labels = []
        here: Origin | None = self
        while here is not None:
            text = here.use()
            if text and (here is not self or here.copy is not None):
                labels.append(Label(here.at.span, text))
            here = here.parent
        return tuple(labels)

    def complete_copies(self) -> int | None:
        """How many copies of the outermost repeat are whole before this one; None outside repeats.

        Rows have values of their own, so that none counts for another.
        """
        around = self.parent.complete_copies() if self.parent is not None else None
        own = 0 if self.row else self.copy
        return own if around is None else around

    def use(self) -> str:
        """What this use adds to a message: the block that was entered, the copy."""
        parts = []
        if self.definition is not None:
            settings = _settings(self.arguments)
            parts.append(
                f"in `{self.definition}` used here" + (f" with {settings}" * bool(settings))
            )
        if self.copy is not None:
            where = f"in copy {self.copy}" + f", `{self.path}`" * bool(self.path)
            if self.definition is None and self.arguments:
                where += f" with {_settings(self.arguments)}"
            parts.append(where)
        return ", ".join(parts)


def _settings(arguments: Mapping[str, object]) -> str:
    return ", ".join(f"{name}={value}" for name, value in arguments.items())
