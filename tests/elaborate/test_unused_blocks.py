"""Names in the bodies of blocks that no layer uses are checked; values wait until they are used."""

import pytest

from tests.elaborate.speaking import diagnostics, net

SPEC = """
defaults: {{conv: {{kernel_size: 3}}}}
blocks:
  unused:
    params: {{width: int}}
    layers:
      - {line}
layers: [gap]
"""


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("covn: {out_channels: 3}", "NS201"),
        ("conv: {out_chanels: $width}", "NS202"),
        ("conv: {stride: 2}", "NS203"),
        ("batch_norm", ""),
        ("gap: 3", "NS208"),
        ("conv: {out_channels: $width, norm: bacth_norm}", "NS201"),
        ("conv: {out_channels: $width, norm: {bacth_norm: {eps: 0.1}}}", "NS201"),
        ("concat: [[covn: 3], []]", "NS201"),
        ("residual: {layers: [conv: {out_channels: 3, strid: 2}]}", "NS202"),
        ("conv: {out_channels: 3, first: {stride: 2}, repeat: 2}", ""),
        ("conv: {first: {out_channels: 2}, repeat: 1}", ""),
        ("conv: {out_channels: $width, stride: 0}", ""),
        ("$width: {anything: 1}", ""),
    ],
)
def test_a_name_in_an_unused_body(line: str, code: str) -> None:
    text = SPEC.format(line=line)
    if code:
        assert [found.code for found in diagnostics(text)] == [code]
    else:
        net(text)
