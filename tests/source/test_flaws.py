"""A revision leads offsets of the mended text back to the text as written."""

from hypothesis import given
from hypothesis import strategies as st

from netspec.source.flaws import Edit, Flaw, Revision


def test_offsets_behind_an_edit_move_and_those_before_do_not() -> None:
    revision = Revision("- conv:64 x", [Edit(2, 7, "conv: ")])
    assert revision.text == "- conv: 64 x"
    assert [revision.original(offset) for offset in (0, 2, 6, 7, 8, 11)] == [0, 2, 6, 7, 7, 10]


def test_an_edit_is_refused_where_the_text_is_mended_already() -> None:
    revision = Revision("abcdef", [Edit(1, 3, "XYZ")])
    assert revision.text == "aXYZdef"
    flaw = Flaw("x", 2, 3, {"replacement": "-"})
    assert revision.edit(flaw) is None
    assert revision.edit(Flaw("x", 4, 5, {"replacement": "-"})) == Edit(3, 4, "-")
    assert revision.edit(Flaw("x", 4, 5)) is None


@given(
    st.text("abc", max_size=20),
    st.lists(st.tuples(st.integers(0, 20), st.integers(0, 3), st.text("XY", max_size=4))),
)
def test_every_untouched_character_leads_back_to_itself(
    text: str, wanted: list[tuple[int, int, str]]
) -> None:
    edits: list[Edit] = []
    for start, length, replacement in sorted(wanted):
        end = start + length
        if length and end <= len(text) and all(start >= edit.end for edit in edits):
            edits.append(Edit(start, end, replacement))
    revision = Revision(text, edits)
    kept = [offset for offset, letter in enumerate(revision.text) if letter in "abc"]
    assert [text[revision.original(offset)] for offset in kept] == [
        revision.text[offset] for offset in kept
    ]
    assert revision.original(len(revision.text)) == len(text)
