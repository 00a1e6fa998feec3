"""NS116 and NS900: comments for netspec that cannot be followed, or have nothing to do."""

from __future__ import annotations

from collections.abc import Sequence

from netspec.messages.page import Page, Said, page, spec
from netspec.messages.suggest import suggest
from netspec.messages.words import choices, code


def unknown_comment(*, received: str, **_: object) -> Said:
    """`# netspec: ignore NS902`."""
    return Said(
        message=f"netspec does not know {code(received)} in a comment",
        label="only `allow` is known",
        help=("to silence a warning on its line, write `# netspec: allow NS902`",),
    )


def allow_nothing(*, received: str, **_: object) -> Said:
    """`# netspec: allow`, or a word behind it that is no code."""
    found = f"{code(received)} is no code" if received else "no code follows"
    return Said(
        message=f"`allow` needs the code of a warning, and {found}",
        label="allows nothing",
        help=("write the code that the warning shows: `# netspec: allow NS902`",),
    )


def allow_unknown(*, received: str, error: bool, known: Sequence[str], **_: object) -> Said:
    """`# netspec: allow NS402`: an error, or no code at all."""
    if error:
        return Said(
            message=f"{code(received)} is an error, and errors cannot be silenced",
            label="no warning",
            help=("mend it, and delete the comment",),
        )
    near = suggest(received, known)
    return Said(
        message=f"there is no warning {code(received)}",
        label="unknown code",
        help=(f"did you mean {choices(near)}?" if near else "`netspec explain --all` lists them",),
    )


def allow_unneeded(**_: object) -> Said:
    """`# netspec: allow NS900`."""
    return Said(
        message="`NS900` cannot be silenced: it is gone when the comment is",
        label="delete it",
        help=("delete the comment that allows what does not happen",),
    )


def allowance_unneeded(*, code: str, line: int, **_: object) -> Said:
    """A comment whose warning does not come."""
    return Said(
        message=f"nothing on line {line} gives the warning `{code}` that is allowed here",
        label="silences nothing",
        help=("delete it; a comment that stands alone is about the line below",),
    )


PAGES: tuple[Page, ...] = (
    page(
        "NS116",
        "a comment for netspec that cannot be followed",
        """
        `# netspec: allow NS902` silences the warning NS902 on its line; several codes have commas between
        them, and what follows the codes is for readers. A comment that stands alone is about the line below it.
        Only warnings, NS9xx, can be allowed: an error says that there is no network.
        """,
        wrong=spec("- dropout: 1.0  # netspec: allow NS402"),
        right=spec("- dropout: 1.0  # netspec: allow NS911: to see what the rest does alone"),
        rules={
            "unknown-comment": unknown_comment,
            "allow-nothing": allow_nothing,
            "allow-unknown": allow_unknown,
            "allow-unneeded": allow_unneeded,
        },
    ),
    page(
        "NS900",
        "an allowed warning that does not come",
        """
        `# netspec: allow ...` silences a warning on its line, or on the line below when it stands alone.
        This one silences nothing: what it was about has been mended, or stands on another line. A
        comment that a variant needs is needed.
        """,
        wrong=spec("- gap  # netspec: allow NS908"),
        right=spec("- gap"),
        rules={"allowance-unneeded": allowance_unneeded},
    ),
)
