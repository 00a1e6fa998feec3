"""U-Net written by hand from the figure of the paper, with padding and batch norms: no library has it."""

from __future__ import annotations

import torch
from torch import Tensor, nn


def double(inside: int, outside: int) -> nn.Sequential:
    """(inside, H, W) -> (outside, H, W)"""
    layers: list[nn.Module] = []
    for width in (inside, outside):
        layers += [
            nn.Conv2d(width, outside, 3, padding=1, bias=False),
            nn.BatchNorm2d(outside),
            nn.ReLU(),
        ]
    return nn.Sequential(*layers)


class UNet(nn.Module):
    """(3, H, W) -> (2, H, W); height and width are multiples of 16."""

    def __init__(self) -> None:
        super().__init__()
        widths = (64, 128, 256, 512, 1024)
        self.down = nn.ModuleList(map(double, (3, *widths), widths))
        up = [(2 * width, width) for width in reversed(widths[:-1])]
        self.grow = nn.ModuleList(nn.ConvTranspose2d(a, b, 2, stride=2) for a, b in up)
        self.up = nn.ModuleList(double(a, b) for a, b in up)
        self.mask = nn.Conv2d(widths[0], 2, 1)
        self.pool = nn.MaxPool2d(2)

    def forward(self, x: Tensor) -> Tensor:
        skips: list[Tensor] = []
        for level, down in enumerate(self.down):
            x = down(self.pool(x) if level else x)
            skips.append(x)
        skips.pop()
        for grow, up in zip(self.grow, self.up, strict=True):
            x = up(torch.cat([skips.pop(), grow(x)], 1))
        out: Tensor = self.mask(x)
        return out
