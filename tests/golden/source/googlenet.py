"""googlenet: GoogLeNet (Inception v1), Szegedy et al. 2014, Table 1.

Input: (3, 224, 224), without the batch
Output: main (1000,); in training also aux1 (1000,), aux2 (1000,)
Parameters: 13,378,280
MACs: 1,582,671,872 (multiply-accumulates of convolutions and linear layers, per sample)
"""

from collections import OrderedDict
from typing import ClassVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class ConvReLU(nn.Conv2d):
    """(in_channels, H, W) -> (out_channels, H', W')"""

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(super().forward(x), inplace=True)


class Inception(nn.Module):
    """(in_channels, H, W) -> (conv1x1 + conv3x3 + conv5x5 + pool_proj, H, W)"""

    def __init__(
        self,
        in_channels: int,
        conv1x1: int,
        conv3x3_reduce: int,
        conv3x3: int,
        conv5x5_reduce: int,
        conv5x5: int,
        pool_proj: int,
    ) -> None:
        super().__init__()
        self.conv1x1 = ConvReLU(in_channels, conv1x1, kernel_size=1)
        self.conv3x3_reduce = ConvReLU(in_channels, conv3x3_reduce, kernel_size=1)
        self.conv3x3 = ConvReLU(conv3x3_reduce, conv3x3, kernel_size=3, padding=1)
        self.conv5x5_reduce = ConvReLU(in_channels, conv5x5_reduce, kernel_size=1)
        self.conv5x5 = ConvReLU(conv5x5_reduce, conv5x5, kernel_size=5, padding=2)
        self.pool = nn.MaxPool2d(3, stride=1, padding=1, ceil_mode=True)
        self.pool_proj = ConvReLU(in_channels, pool_proj, kernel_size=1)

    def forward(self, x: Tensor) -> Tensor:
        conv1x1 = self.conv1x1(x)
        conv3x3 = self.conv3x3(self.conv3x3_reduce(x))
        conv5x5 = self.conv5x5(self.conv5x5_reduce(x))
        pool_proj = self.pool_proj(self.pool(x))
        return torch.cat([conv1x1, conv3x3, conv5x5, pool_proj], dim=1)


class AuxHead(nn.Sequential):
    """(in_channels, 14, 14) -> (1000,)"""

    def __init__(self, in_channels: int) -> None:
        super().__init__(
            OrderedDict(
                avg_pool_1=nn.AvgPool2d(5, stride=3),
                conv=ConvReLU(in_channels, 128, kernel_size=1),
                flatten_1=nn.Flatten(),
                fc=nn.Linear(2048, 1024),
                relu_1=nn.ReLU(inplace=True),
                dropout_1=nn.Dropout(0.7),
                classifier=nn.Linear(1024, 1000),
            )
        )


class Googlenet(nn.Module):
    """(3, 224, 224) -> (1000,); in training a dict of main, aux1, aux2

    GoogLeNet (Inception v1), Szegedy et al. 2014, Table 1.
    """

    loss_weights: ClassVar[dict[str, float]] = {"main": 1.0, "aux1": 0.3, "aux2": 0.3}

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = ConvReLU(3, 64, kernel_size=7, stride=2, padding=3)
        self.max_pool_1 = nn.MaxPool2d(3, stride=2, ceil_mode=True)
        self.lrn_1 = nn.LocalResponseNorm(5)
        self.conv2_reduce = ConvReLU(64, 64, kernel_size=1)
        self.conv2 = ConvReLU(64, 192, kernel_size=3, padding=1)
        self.lrn_2 = nn.LocalResponseNorm(5)
        self.max_pool_2 = nn.MaxPool2d(3, stride=2, ceil_mode=True)
        self.inception_3a = Inception(192, 64, 96, 128, 16, 32, 32)
        self.inception_3b = Inception(256, 128, 128, 192, 32, 96, 64)
        self.max_pool_3 = nn.MaxPool2d(3, stride=2, ceil_mode=True)
        self.inception_4a = Inception(480, 192, 96, 208, 16, 48, 64)
        self.aux1 = AuxHead(512)
        self.inception_4b = Inception(512, 160, 112, 224, 24, 64, 64)
        self.inception_4c = Inception(512, 128, 128, 256, 24, 64, 64)
        self.inception_4d = Inception(512, 112, 144, 288, 32, 64, 64)
        self.aux2 = AuxHead(528)
        self.inception_4e = Inception(528, 256, 160, 320, 32, 128, 128)
        self.max_pool_4 = nn.MaxPool2d(3, stride=2, ceil_mode=True)
        self.inception_5a = Inception(832, 256, 160, 320, 32, 128, 128)
        self.inception_5b = Inception(832, 384, 192, 384, 48, 128, 128)
        self.gap_1 = nn.AdaptiveAvgPool2d(1)
        self.flatten_1 = nn.Flatten()
        self.dropout_1 = nn.Dropout(0.4)
        self.classifier = nn.Linear(1024, 1000)

    def forward(self, x: Tensor) -> Tensor | dict[str, Tensor]:
        x = self.conv1(x)
        x = self.max_pool_1(x)
        x = self.lrn_1(x)
        x = self.conv2_reduce(x)
        x = self.conv2(x)
        x = self.lrn_2(x)
        x = self.max_pool_2(x)
        x = self.inception_3a(x)
        x = self.inception_3b(x)
        x = self.max_pool_3(x)
        x = self.inception_4a(x)
        if self.training:
            aux1 = self.aux1(x)
        x = self.inception_4b(x)
        x = self.inception_4c(x)
        x = self.inception_4d(x)
        if self.training:
            aux2 = self.aux2(x)
        x = self.inception_4e(x)
        x = self.max_pool_4(x)
        x = self.inception_5a(x)
        x = self.inception_5b(x)
        x = self.gap_1(x)
        x = self.flatten_1(x)
        x = self.dropout_1(x)
        x = self.classifier(x)
        if self.training:
            return {"main": x, "aux1": aux1, "aux2": aux2}
        return x
