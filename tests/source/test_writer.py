"""`read_data` writes a text that says the same data, so that findings have something to point at."""

import enum
from collections import OrderedDict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netspec.limits import Limits
from netspec.source import TextFault, read_data, read_text
from tests.source.reading import marked

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**18) + 1, 10**18 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
    | st.sampled_from(
        [
            "",
            "no",
            "010",
            "3:30",
            "- a",
            "a: b",
            "$(max(a, 8))",
            "$(a",
            "{{ x }}",
            "~",
            "“x”",
            "<<",
            "---",
            "conv:64",
        ]
    )
)
KEYS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ["1", "true", "<<", "null"]
)
DATA = st.dictionaries(
    KEYS,
    st.recursive(
        SCALARS,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
        max_leaves=20,
    ),
    max_size=5,
)


@given(DATA)
def test_reading_back_gives_the_same_data(data: dict[str, object]) -> None:
    document = read_data(data)
    assert document.data == data
    assert repr(document.data) == repr(data)
    assert read_text(document.file.text, "again").data == data


def test_the_text_reads_like_a_spec() -> None:
    data = {
        "netspec": 1,
        "name": "net",
        "input": (3, 224, 224),
        "layers": [
            {"conv": {"out_channels": 64, "kernel_size": 7, "bias": False}},
            "relu",
            {"concat": [[{"conv": 1}], []]},
            {"linear": "$(max(a, 8))"},
        ],
        "doc": "Two\nlines, and 010",
        "notes": {str(number): "long enough to need a block" for number in range(4)},
    }
    assert read_data(data).file.text == (
        "netspec: 1\n"
        "name: net\n"
        "input: [3, 224, 224]\n"
        "layers:\n"
        "  - conv: {out_channels: 64, kernel_size: 7, bias: false}\n"
        "  - relu\n"
        "  - concat: [[{conv: 1}], []]\n"
        '  - linear: "$(max(a, 8))"\n'
        'doc: "Two\\nlines, and 010"\n'
        "notes:\n"
        '  "0": "long enough to need a block"\n'
        '  "1": "long enough to need a block"\n'
        '  "2": "long enough to need a block"\n'
        '  "3": "long enough to need a block"\n'
    )


def test_findings_and_places_point_into_the_text() -> None:
    document = read_data({"layers": [{"conv": {"kernel_size": 3}}]}, name="<api>")
    at = document.at() / "layers" / 0 / "conv" / "kernel_size"
    assert marked(at.span) == "3"
    assert str(at.span) == "<api>:1:31"
    assert not (document.at() / "layers").quoted


def test_long_keys_are_written_with_a_question_mark() -> None:
    data = {"k" * 5_000: {"é" * 1_100: [1]}}
    assert read_data(data).data == data


def test_mappings_strings_and_numbers_may_be_subclasses() -> None:
    class Mode(enum.StrEnum):
        MAX = "max"

    document = read_data(OrderedDict(a=Mode.MAX, b=enum.IntEnum("N", "one").one))
    assert document.data == {"a": "max", "b": 1}
    assert read_data({}).data == {}


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        (float("nan"), "not-finite"),
        (float("-inf"), "not-finite"),
        (10**18, "integer-too-long"),
        pytest.param(-(10**5000), "integer-too-long", id="5000 digits"),
        ("\ud800", "escape"),
    ],
)
def test_what_a_text_may_not_say_is_refused_here_too(value: object, rule: str) -> None:
    with pytest.raises(TextFault) as caught:
        read_data({"a": [value]})
    (finding,) = caught.value.findings
    assert finding.rule == rule
    assert marked(finding.span) in finding.span.file.text


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"a": [{"b": {1, 2}}]}, "<dict>: a[0].b: expected dict, list, .* got set"),
        ({"a": b"x"}, "<dict>: a: expected dict, list, .* got bytes"),
        ({"a": {1: 2}}, r"<dict>: a: keys must be text, got 1 \(int\)"),
        ({None: 2}, r"<dict>: keys must be text, got None \(NoneType\)"),
        (["a"], "<dict>: expected a mapping, got list"),
    ],
)
def test_what_yaml_has_no_word_for_is_a_type_error(data: object, message: str) -> None:
    with pytest.raises(TypeError, match=message.replace("[", r"\[").replace("]", r"\]")):
        read_data(data)  # type: ignore[arg-type]


def test_data_that_holds_itself_ends_at_a_limit() -> None:
    loop: list[object] = []
    loop += [loop, loop]
    cycle: dict[str, object] = {}
    cycle["a"] = cycle
    bomb: object = "x"
    for _ in range(40):
        bomb = [bomb, bomb]
    for data in ({"a": loop}, cycle, {"a": bomb}):
        with pytest.raises(TextFault) as caught:
            read_data(data)
        assert caught.value.findings[0].rule == "limit"


def test_limits_hold_for_data() -> None:
    with pytest.raises(TextFault) as caught:
        read_data({"a": [1, 2, 3]}, limits=Limits(yaml_nodes=4))
    assert caught.value.findings[0].values == {"what": "yaml_nodes", "value": 5, "maximum": 4}
