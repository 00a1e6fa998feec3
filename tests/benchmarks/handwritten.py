"""GoogLeNet without heads, as one writes it by hand: the peer of the generated module."""

from __future__ import annotations

import torch
from torch import Tensor, nn


def conv(inputs: int, outputs: int, **settings: int) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(inputs, outputs, **settings), nn.ReLU(inplace=True))


class Module(nn.Module):
    def __init__(self, inputs: int, a: int, b: tuple[int, int], c: tuple[int, int], d: int) -> None:
        super().__init__()
        self.one = conv(inputs, a, kernel_size=1)
        self.three = nn.Sequential(
            conv(inputs, b[0], kernel_size=1), conv(b[0], b[1], kernel_size=3, padding=1)
        )
        self.five = nn.Sequential(
            conv(inputs, c[0], kernel_size=1), conv(c[0], c[1], kernel_size=5, padding=2)
        )
        self.pool = nn.Sequential(
            nn.MaxPool2d(3, stride=1, padding=1), conv(inputs, d, kernel_size=1)
        )

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([self.one(x), self.three(x), self.five(x), self.pool(x)], dim=1)


class GoogLeNet(nn.Module):
    """As `specs/googlenet.yaml` without its heads."""

    def __init__(self) -> None:
        super().__init__()
        pool = nn.MaxPool2d(3, stride=2, ceil_mode=True)
        self.body = nn.Sequential(
            conv(3, 64, kernel_size=7, stride=2, padding=3),
            pool,
            nn.LocalResponseNorm(5),
            conv(64, 64, kernel_size=1),
            conv(64, 192, kernel_size=3, padding=1),
            nn.LocalResponseNorm(5),
            pool,
            Module(192, 64, (96, 128), (16, 32), 32),
            Module(256, 128, (128, 192), (32, 96), 64),
            pool,
            Module(480, 192, (96, 208), (16, 48), 64),
            Module(512, 160, (112, 224), (24, 64), 64),
            Module(512, 128, (128, 256), (24, 64), 64),
            Module(512, 112, (144, 288), (32, 64), 64),
            Module(528, 256, (160, 320), (32, 128), 128),
            pool,
            Module(832, 256, (160, 320), (32, 128), 128),
            Module(832, 384, (192, 384), (48, 128), 128),
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
            nn.Dropout(0.4),
            nn.Linear(1024, 1000),
        )

    def forward(self, x: Tensor) -> Tensor:
        return self.body(x)
