"""How fast pictures are: in a warm process, of a large network, and beside torchview with Graphviz' `dot`."""

from __future__ import annotations

import importlib.util
import shutil
import statistics
import tempfile
from pathlib import Path

import netspec
from tests.benchmarks.loading import CONV, SPEC, spec
from tests.benchmarks.timing import medians, process, seconds

BOXES = 1_990  # with input and output just under the limit of a picture

PEER = """
import sys
sys.path.insert(0, {folder!r})
from googlenet import Googlenet
from torchview import draw_graph
model = Googlenet().eval()
graph = draw_graph(model, input_size=(1, 3, 224, 224), device="meta", expand_nested=True)
graph.visual_graph.render({stem!r}, format="svg")
"""


def svg_in_a_warm_process() -> None:
    """From a loaded GoogLeNet to its SVG: view, layout and painting."""
    net = netspec.load(SPEC)
    times = [seconds(lambda: net.draw().to_svg()) for _ in range(21)][1:]
    print(
        f"SVG of GoogLeNet               {statistics.median(times) * 1e3:.1f} ms warm (goal <= 20 ms)"
    )


def svg_of_a_large_network() -> None:
    """As many boxes as a picture may have."""
    net = netspec.loads(spec(CONV, lines=BOXES))
    drawing = net.draw()
    assert not drawing.notes, "the picture shows every layer"
    times = [seconds(lambda: net.draw().to_svg()) for _ in range(3)]
    print(f"SVG of {BOXES:,} nodes             {statistics.median(times):.2f} s (goal <= 1 s)")


def draw_against_torchview() -> None:
    """From a file to an SVG as a whole process: `netspec draw`, and torchview with `dot`."""
    if importlib.util.find_spec("torchview") is None or shutil.which("dot") is None:
        print("draw beside torchview          not run: pip install torchview, apt install graphviz")
        return
    with tempfile.TemporaryDirectory() as folder:
        source = netspec.load(SPEC).source()
        (Path(folder) / "googlenet.py").write_text(source, encoding="utf-8")
        ours = process("-m", "netspec", "draw", str(SPEC), "-o", f"{folder}/ours.svg")
        peer = process("-c", PEER.format(folder=folder, stem=f"{folder}/peer"))
        (a, b), (ratio, _) = medians(ours, peer, repeats=5)
    print(
        f"draw GoogLeNet as a process    {a:.2f} s, torchview and dot {b:.2f} s, ratio {ratio:.3f} "
        "(goal <= 0.2)"
    )


def main() -> None:
    """All of it."""
    svg_in_a_warm_process()
    svg_of_a_large_network()
    draw_against_torchview()
