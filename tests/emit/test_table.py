"""Tables: the goldens are read by people; what must hold for every network is checked on random ones."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netspec.analysis import MAC_RULE, summarize
from netspec.emit.table import ROWS, WIDTH, csv_table, human, markdown_table, text_table
from netspec.graph import Builder, Graph, Output, Role
from netspec.ops import Conv, Identity, Linear
from tests.graphs import chain, conv, googlenet, leaf, lenet, resnet50
from tests.random_graphs import graphs

Golden = Callable[[str, str], None]
NETWORKS = {"googlenet": googlenet, "resnet50": resnet50, "lenet5": lenet}


@pytest.mark.parametrize("name", NETWORKS)
def test_text_golden(golden: Golden, name: str) -> None:
    golden(f"table/{name}.txt", text_table(summarize(NETWORKS[name]())))


@pytest.mark.parametrize("name", NETWORKS)
def test_full_text_golden(golden: Golden, name: str) -> None:
    golden(f"table/{name}_full.txt", text_table(summarize(NETWORKS[name]()), depth=99))


@pytest.mark.parametrize("name", NETWORKS)
def test_markdown_golden(golden: Golden, name: str) -> None:
    golden(f"table/{name}.md", markdown_table(summarize(NETWORKS[name]())))


@pytest.mark.parametrize("name", NETWORKS)
def test_csv_golden(golden: Golden, name: str) -> None:
    golden(f"table/{name}.csv", csv_table(summarize(NETWORKS[name]())))


@pytest.mark.parametrize("name", NETWORKS)
def test_the_networks_of_the_goldens_fit_eighty_columns(name: str) -> None:
    text = text_table(summarize(NETWORKS[name]()), depth=99)
    assert max(map(len, text.splitlines())) <= 80


def table_lines(text: str) -> tuple[str, list[str]]:
    """The header and the lines of the layers, between the rules."""
    _, header, body, _ = re.split(r"^─+\n", text, flags=re.MULTILINE)
    return header.rstrip("\n"), body.splitlines()[1:]


@given(graphs())
@settings(max_examples=40, deadline=None)
def test_the_numbers_of_the_text_add_up_to_its_footer(graph: Graph) -> None:
    summary = summarize(graph)
    text = text_table(summary, depth=99)
    _, lines = table_lines(text)
    assert len(lines) == len(summary.rows)
    params = macs = 0
    for line, row in zip(lines, summary.rows, strict=True):
        if row.leaf:
            params += int(line.split()[-2].replace(",", ""))
            macs += 0 if row.train_only else int(line.split()[-1].replace(",", ""))
    assert f"\n{params:,} parameters" in text
    assert f"\n{macs:,} MACs" in text


@given(graphs(), st.one_of(st.none(), st.integers(1, 5)))
@settings(max_examples=40, deadline=None)
def test_text_is_plain_aligned_and_at_most_a_hundred_columns_wide(
    graph: Graph, depth: int | None
) -> None:
    text = text_table(summarize(graph), depth=depth)
    header, lines = table_lines(text)
    assert all(len(line) <= WIDTH and line == line.rstrip() for line in text.split("\n"))
    assert all(len(line) == len(header) for line in lines)
    assert not any(unicodedata.category(char) == "Cc" for char in text.replace("\n", ""))
    assert text.endswith("\n")
    assert not text.endswith("\n\n")


@given(graphs())
@settings(max_examples=20, deadline=None)
def test_all_formats_have_the_same_rows(graph: Graph) -> None:
    summary = summarize(graph)
    paths = [row.path for row in summary.rows]
    records = list(csv.DictReader(io.StringIO(csv_table(summary), newline="")))
    assert [record["path"] for record in records] == paths
    assert [int(record["params"]) for record in records] == [row.params for row in summary.rows]
    assert [int(record["macs"]) for record in records] == [row.macs for row in summary.rows]
    assert re.findall(r"^\| `(.*?)`", markdown_table(summary, depth=99), re.MULTILINE) == paths


def test_without_a_depth_the_table_goes_as_deep_as_fits() -> None:
    assert len(table_lines(text_table(summarize(lenet())))[1]) == 12  # all
    assert len(table_lines(text_table(summarize(resnet50())))[1]) == 25  # two of three levels
    assert len(table_lines(text_table(summarize(googlenet())))[1]) == 24  # the top level
    assert len(table_lines(text_table(summarize(chain(ROWS + 5))))[1]) == ROWS + 5


def test_the_footer_says_when_rows_are_not_shown() -> None:
    assert "24 of 110 rows; a depth of 2 shows all." in text_table(summarize(googlenet()))
    assert "rows" not in text_table(summarize(googlenet()), depth=2)


@pytest.mark.parametrize(("depth", "count"), [(0, 0), (1, 9), (2, 25), (3, 93), (4, 93)])
def test_depth_counts_levels_in_every_format(depth: int, count: int) -> None:
    summary = summarize(resnet50())
    assert len(table_lines(text_table(summary, depth=depth))[1]) == count
    assert markdown_table(summary, depth=depth).count("\n| `") == count
    assert csv_table(summary, depth=depth).count("\r\n") == count + 1


def test_the_rule_of_the_macs_is_printed_with_the_number() -> None:
    text = " ".join(text_table(summarize(googlenet())).split())
    assert "1,582,671,872 MACs = 1.58 G" in text
    assert "13,378,280 parameters (6,998,552 without the training heads)" in text
    assert f"{MAC_RULE} The training heads do not run in inference." in text
    assert MAC_RULE in markdown_table(summarize(lenet()))


def test_a_head_is_marked_once_and_the_rows_inside_are_not() -> None:
    text = text_table(summarize(googlenet()), depth=2)
    assert text.count("aux_head, training only") == 2
    assert text.count("training only") == 4  # and the two outputs


def test_heads_side_by_side_are_both_marked() -> None:
    b = Builder("net", (4,))
    outs = []
    for name in ("aux1", "aux2"):
        with b.scope(name, "aux_head"):
            y = leaf(b, b.input, "fc", "linear", Linear(4, 2))
        outs.append(Output(name, y, 0.3, train_only=True, head=name))
    summary = summarize(b.finish([Output("main", b.input), *outs]))
    _, lines = table_lines(text_table(summary))
    assert ["training only" in line for line in lines] == [True, False, True, False]


def wide_graph() -> Graph:
    """Names, shapes and numbers as long as the limits allow."""
    b = Builder("wide", (1_000_000, 65_536, 65_536, 65_536))
    x = leaf(b, b.input, "c" * 64, "identity", Identity())
    op = Conv(10**6, 10**6, (1024,) * 3, (1,) * 3, (512,) * 3, (1,) * 3)
    x = leaf(b, x, "d" * 64, "x" * 64, op)
    return b.finish([Output("main", x)])


def nested(b: Builder, depth: int) -> None:
    with b.scope(f"{'level' * 10}{depth}", "y" * 64, role=Role.LAYER):
        if depth:
            nested(b, depth - 1)
        else:
            conv(b, b.input, "conv1", 3)
            conv(b, b.input, "conv2", 3)


def test_nothing_makes_a_line_too_long() -> None:
    summary = summarize(wide_graph())
    for line in text_table(summary).split("\n"):
        assert len(line) <= WIDTH
    assert "≈" in text_table(summary)  # shortened numbers say so
    assert f"{summary.params:,} parameters" in text_table(
        summary
    )  # and the footer has them in full
    b = Builder("deep", (3, 8, 8))
    nested(b, 39)
    text = text_table(summarize(b.finish([Output("main", b.input)])), depth=99)
    assert max(map(len, text.split("\n"))) <= WIDTH
    assert text.count("…") >= 40


def test_many_values_are_counted_and_the_stream_is_shown() -> None:
    b = Builder("net", (3, 64, 64))
    x = b.input
    with b.scope("encoder", "sequential"):
        made = [x := conv(b, x, f"conv{n}", n * 16) for n in range(1, 6)]
    outs = [Output(f"p{n}", value) for n, value in enumerate(made)]
    summary = summarize(b.finish(outs))
    assert "80x64x64 +4 more" in text_table(summary, depth=1)
    assert "16x64x64, 32x64x64, 48x64x64, 64x64x64, 80x64x64" in markdown_table(summary, depth=1)
    assert ",16x64x64 32x64x64 48x64x64 64x64x64 80x64x64," in csv_table(summary, depth=1)
    assert "Outputs: p0 16x64x64; p1 32x64x64" in text_table(summary)


def one_layer(doc: str, block: str = "linear") -> Graph:
    b = Builder("net", (3,), doc=doc)
    with b.scope("block_1", block):
        x = leaf(b, b.input, "fc", "linear", Linear(3, 2))
        x = leaf(b, x, "fc2", "linear", Linear(2, 2))
    return b.finish([Output("main", x)])


def test_the_title_is_the_first_paragraph_of_the_doc_wrapped() -> None:
    graph = one_layer("A   network\nof " + "many words " * 20 + "\n\nSecond paragraph.")
    text = text_table(summarize(graph))
    assert text.startswith("net — A network of many words")
    assert "Second" not in text
    assert text_table(summarize(one_layer(""))).startswith("net\n─")


def test_control_characters_of_a_doc_do_not_reach_the_terminal() -> None:
    text = text_table(summarize(one_layer("red \x1b[31m and \u202e turned")))
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "red \N{REPLACEMENT CHARACTER}[31m" in text


def test_markdown_of_a_doc_stays_text() -> None:
    text = markdown_table(summarize(one_layer("a | b <script> *c* [d](e) `f` _g_ & #1\n# h")))
    title = text.split("\n")[0]
    assert title == r"net — a \| b \<script\> \*c\* \[d\](e) \`f\` \_g\_ \& \#1 \# h"
    assert text.count("\n| ") == 6


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_csv_cells_are_never_formulas(start: str) -> None:
    """Names cannot begin so, but a block from another package may have any label."""
    text = csv_table(summarize(one_layer("", block=f"{start}SUM(A1)")))
    record = next(csv.DictReader(io.StringIO(text, newline="")))
    assert record["block"] == f"'{start}SUM(A1)"


def test_csv_quotes_as_rfc_4180_says() -> None:
    lines = csv_table(summarize(googlenet())).split("\r\n")
    assert lines[0] == (
        "path,depth,block,description,input,output,params,macs,train_only,"
        "live_bytes,saved_bytes,receptive_field,stride"
    )
    assert lines[1] == (
        'conv1,0,conv,"conv 7×7 / 2, ReLU",3x224x224,64x112x112,9472,118013952,false,'
        "3813376,3813376,7x7,2x2"  # 4 * (3*224*224 + 64*112*112), the input and what ReLU gives
    )
    assert lines[-1] == ""
    (aux,) = [line for line in lines if line.startswith("aux1,")]
    kept = 512 * 14 * 14 + 512 * 4 * 4 + 128 * 4 * 4 + 3 * 1024  # pool, conv, ReLU, then vectors
    assert aux.startswith("aux1,0,aux_head,aux_head,512x14x14,1000,3188840,4169728,true,0,")
    assert int(aux.split(",")[10]) == 4 * kept


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"),
        (999, "999"),
        (1_000, "1.00 k"),
        (12_345, "12.3 k"),
        (999_499, "999 k"),
        (999_500, "1.00 M"),
        (1_582_671_872, "1.58 G"),
        (10**18, "1.00 E"),
        (999_499 * 10**15, "999 E"),
        (10**21, "1.00e+21"),
    ],
)
def test_human_numbers(number: int, text: str) -> None:
    assert human(number) == text


@given(st.integers(1_000, 10**20))
def test_human_numbers_are_right_to_three_digits(number: int) -> None:
    digits, prefix = human(number).split()
    value = float(digits) * 1000 ** (1 + "kMGTPE".index(prefix))
    assert abs(value - number) <= 0.005001 * number
