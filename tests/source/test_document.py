"""A document is plain data, and a place for each part of it that points at the right characters."""

import pytest

from netspec.source import At, read_text
from tests.source.reading import marked

TEXT = """\
netspec: 1
name: "net"   # a comment
input: [3, 224, 224]
layers:
  - conv: {name: conv1, out_channels: 64}
  - relu   # trailing
  - sequential:
      layers:
        - gap

doc: |
  Two lines
  of text

# the end
expect: {params: 10}
"""


def place(*path: str | int) -> At:
    at = read_text(TEXT, "net.yaml").at()
    for key in path:
        at = at / key
    return at


def test_data_is_plain() -> None:
    data = read_text(TEXT, "net.yaml").data
    assert data == {
        "netspec": 1,
        "name": "net",
        "input": [3, 224, 224],
        "layers": [
            {"conv": {"name": "conv1", "out_channels": 64}},
            "relu",
            {"sequential": {"layers": ["gap"]}},
        ],
        "doc": "Two lines\nof text\n",
        "expect": {"params": 10},
    }
    assert type(data) is dict
    assert isinstance(data["name"], str)
    assert type(data["name"]) is str


@pytest.mark.parametrize(
    ("path", "value", "key"),
    [
        (("netspec",), "1", "netspec"),
        (("name",), '"net"', "name"),
        (("input",), "[3, 224, 224]", "input"),
        (("input", 1), "224", "224"),
        (("layers", 0, "conv"), "{name: conv1, out_channels: 64}", "conv"),
        (("layers", 0, "conv", "out_channels"), "64", "out_channels"),
        (("layers", 0), "conv: {name: conv1, out_channels: 64}", None),
        (("layers", 1), "relu", "relu"),
        (("layers", 2, "sequential", "layers", 0), "gap", "gap"),
        (("expect",), "{params: 10}", "expect"),
    ],
)
def test_spans_mark_the_value_and_its_key(
    path: tuple[str | int, ...], value: str, key: str
) -> None:
    at = place(*path)
    assert marked(at.span) == value
    assert marked(at.key_span) == (value if key is None else key)
    assert at.path == path


def test_a_block_ends_with_its_last_child() -> None:
    assert (place("layers").span.start, place("layers").span.end) == ((5, 3), (9, 14))
    assert place("doc").span.end == (13, 10)
    assert place().span.end == (16, 21)
    assert place("layers", 2, "sequential").span.end == (9, 14)


def test_an_empty_value_stands_behind_its_colon() -> None:
    for text in ("a:\n\nb: 1\n", "a: # why\nb: 1\n", "{a: , b: 1}", "{a:   }"):
        at = read_text(text, "x").at() / "a"
        assert at.data is None
        assert at.span.start == at.span.end
        assert at.span.start[1] == at.key_span.end[1] + 1


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_lines_are_right_for_each_line_end_and_with_a_byte_order_mark(end: str, mark: str) -> None:
    text = mark + TEXT.replace("\n", end)
    for source in (text, text.encode()):
        document = read_text(source, "net.yaml")
        assert document.data == read_text(TEXT, "net.yaml").data
        assert (document.at() / "netspec").key_span.start == (1, 1)
        assert (document.at() / "expect" / "params").span.start == (16, 18)
        assert (document.at() / "doc").span.end == (13, 10)


def test_columns_count_characters() -> None:
    document = read_text("{doc: '😀é', a: 1}", "x")
    assert marked((document.at() / "a").span) == "1"
    assert (document.at() / "a").span.column == 16


def test_a_place_that_is_absent() -> None:
    at = read_text("{a: [1], b: 2}", "x").at()
    for key in ("c", 0):
        with pytest.raises((KeyError, IndexError)):
            at / key
        assert at.get(key) is None
    with pytest.raises(IndexError):
        at / "a" / 1
    with pytest.raises(IndexError):
        at / "a" / -1
    with pytest.raises(KeyError):
        at / "a" / "x"
    with pytest.raises(KeyError):
        at / "b" / "x"
    with pytest.raises(IndexError):
        at / "b" / 0
    assert at.get("a") == at / "a"


def test_places_are_equal_by_document_and_path() -> None:
    document = read_text("a: 1", "x")
    assert document.at() / "a" == document.at() / "a"
    assert document.at() / "a" != document.at()
    assert document.at() != read_text("a: 1", "x").at()
    assert len({document.at() / "a", document.at() / "a"}) == 1
    document.at().path = ()  # type: ignore[misc] # records are frozen for mypy, which wants this ignore


def test_an_alias_has_the_data_of_its_anchor_and_a_span_of_its_own() -> None:
    document = read_text("a: &x {k: [1, 2]}\nb: *x\nc: &y 5\nd: *y\n", "x")
    assert document.data == {"a": {"k": [1, 2]}, "b": {"k": [1, 2]}, "c": 5, "d": 5}
    at = document.at()
    assert marked((at / "a").span) == "{k: [1, 2]}"
    assert marked((at / "b").span) == "*x"
    assert marked((at / "b" / "k" / 1).span) == "2"
    assert marked((at / "c").span) == "5"


def test_an_anchor_before_a_block_is_not_part_of_it() -> None:
    at = read_text("a: &x\n  - 1\n  - 2\nb: &e\nc: *e\n", "x").at()
    assert (at / "a").span.start == (2, 3)
    assert (at / "c").data is None


def test_an_anchor_may_be_given_again() -> None:
    assert read_text("[&x 1, *x, &x 2, *x]", "x").data == [1, 1, 2, 2]


def test_any_node_can_be_the_root() -> None:
    """A later level says that a spec is a mapping."""
    assert read_text("[a, 1]", "x").data == ["a", 1]
    assert read_text("text", "x").data == "text"
    assert read_text("null", "x").data is None
    assert read_text("---\na: 1\n...\n", "x").data == {"a": 1}
