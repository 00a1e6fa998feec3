"""libyaml's event stream, and PyYAML's own as fallback, behind one shape.

`yaml.compose` and `yaml.load` were rejected: a limit that acts after composing comes too late (the C
composer overflows the stack on 25,000 brackets, aliases multiply unseen). Both parsers raise differing
words at equal places; `ParseError` keeps the place and what is needed to tell the cases apart, and no
sentence of theirs is shown to anybody.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import yaml
from yaml.parser import Parser
from yaml.reader import Reader
from yaml.scanner import Scanner

from netspec.errors import Fact


class ParseError(Fact):
    """The parser stopped at `offset`, in a construct that `began` before; the words are the parser's."""

    def __init__(self, context: str, problem: str, offset: int, began: int | None) -> None:
        super().__init__("syntax")
        self.context = context
        self.problem = problem
        self.offset = offset
        self.began = offset if began is None else began


class TooDeep(Exception):  # noqa: N818 - a signal to the reader, never shown
    """libyaml gave up on 1,000 levels of flow nesting, which it scans before it tells of the first."""


class Events(Protocol):
    """A parser that hands out one event after the other, None at the end."""

    def get_event(self) -> yaml.Event | None:
        """The next event."""


class _PurePython(Reader, Scanner, Parser):
    """PyYAML's parser without its composer, constructor and resolver."""

    def __init__(self, text: str) -> None:
        Reader.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)


def python_events(text: str) -> Events:
    """Events from PyYAML's own parser: an order of magnitude slower, everywhere available."""
    return _PurePython(text)


def libyaml_events(text: str) -> Events:
    """Events from libyaml. Raises ImportError where PyYAML was built without it."""
    from yaml._yaml import CParser

    return CParser(text)


OpenParser = Callable[[str], Events]


def best_parser() -> OpenParser:
    """The parser of libyaml where PyYAML has it."""
    return libyaml_events if yaml.__with_libyaml__ else python_events


class EventReader:
    """One event after the other, the parser's errors as `ParseError`."""

    def __init__(self, text: str, parser: OpenParser) -> None:
        self._parser = parser(text)

    def next(self) -> yaml.Event | None:
        """The next event; None at the end of the stream."""
        try:
            return self._parser.get_event()
        except yaml.MarkedYAMLError as error:
            if error.problem == "exceeded maximum nesting depth":
                raise TooDeep from None
            began = error.context_mark.index if error.context_mark else None
            place = error.problem_mark.index if error.problem_mark else began or 0
            raise ParseError(error.context or "", error.problem or "", place, began) from None
        except (ValueError, OverflowError):  # the pure parser's chr() of an escape beyond Unicode
            offset = self._parser.index if isinstance(self._parser, _PurePython) else 0
            raise ParseError("quoted scalar", "escape", offset, 0) from None


def begin_of(event: yaml.Event) -> int:
    """The offset at which an event begins, in characters."""
    mark = event.start_mark
    return mark.index if mark is not None else 0


def end_of(event: yaml.Event) -> int:
    """The offset at which an event ends, in characters."""
    mark = event.end_mark
    return mark.index if mark is not None else 0
