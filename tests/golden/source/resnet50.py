"""resnet50: ResNet-50, He et al. 2015.

Input: (3, 64, 64), without the batch
Output: (1000,)
Parameters: 25,557,032
MACs: 335,691,776 (multiply-accumulates of convolutions and linear layers, per sample)
"""

import torch.nn.functional as F
from torch import Tensor, nn


class ConvBNReLU(nn.Module):
    """(in_channels, H, W) -> (out_channels, H', W')"""

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int,
        stride: int = 1,
        padding: int = 0,
    ) -> None:
        super().__init__()
        self.conv = nn.Conv2d(
            in_channels,
            out_channels,
            kernel_size=kernel_size,
            stride=stride,
            padding=padding,
            bias=False,
        )
        self.norm = nn.BatchNorm2d(out_channels)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.norm(self.conv(x)), inplace=True)


class ConvBN(nn.Module):
    """(in_channels, H, W) -> (out_channels, H', W')"""

    def __init__(self, in_channels: int, out_channels: int, stride: int = 1) -> None:
        super().__init__()
        self.conv = nn.Conv2d(
            in_channels, out_channels, kernel_size=1, stride=stride, bias=False
        )
        self.norm = nn.BatchNorm2d(out_channels)

    def forward(self, x: Tensor) -> Tensor:
        return self.norm(self.conv(x))


class BottleneckProjection(nn.Module):
    """(in_channels, H, W) -> (out_channels, H', W')"""

    def __init__(
        self, in_channels: int, planes: int, out_channels: int, stride: int = 1
    ) -> None:
        super().__init__()
        self.conv_1 = ConvBNReLU(in_channels, planes, kernel_size=1)
        self.conv_2 = ConvBNReLU(
            planes, planes, kernel_size=3, stride=stride, padding=1
        )
        self.conv_3 = ConvBN(planes, out_channels)
        self.projection_1 = ConvBN(in_channels, out_channels, stride=stride)

    def forward(self, x: Tensor) -> Tensor:
        conv_3 = self.conv_3(self.conv_2(self.conv_1(x)))
        projection_1 = self.projection_1(x)
        return F.relu(conv_3 + projection_1, inplace=True)


class Bottleneck(nn.Module):
    """(in_channels, H, W) -> (in_channels, H, W)"""

    def __init__(self, in_channels: int, planes: int) -> None:
        super().__init__()
        self.conv_1 = ConvBNReLU(in_channels, planes, kernel_size=1)
        self.conv_2 = ConvBNReLU(planes, planes, kernel_size=3, padding=1)
        self.conv_3 = ConvBN(planes, in_channels)

    def forward(self, x: Tensor) -> Tensor:
        conv_3 = self.conv_3(self.conv_2(self.conv_1(x)))
        return F.relu(conv_3 + x, inplace=True)


class Resnet50(nn.Module):
    """(3, 64, 64) -> (1000,)

    ResNet-50, He et al. 2015.
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = ConvBNReLU(3, 64, kernel_size=7, stride=2, padding=3)
        self.max_pool_1 = nn.MaxPool2d(3, stride=2, padding=1)
        self.layer1 = nn.Sequential(
            BottleneckProjection(64, 64, 256),
            Bottleneck(256, 64),
            Bottleneck(256, 64),
        )
        self.layer2 = nn.Sequential(
            BottleneckProjection(256, 128, 512, stride=2),
            *(Bottleneck(512, 128) for _ in range(3)),
        )
        self.layer3 = nn.Sequential(
            BottleneckProjection(512, 256, 1024, stride=2),
            *(Bottleneck(1024, 256) for _ in range(5)),
        )
        self.layer4 = nn.Sequential(
            BottleneckProjection(1024, 512, 2048, stride=2),
            Bottleneck(2048, 512),
            Bottleneck(2048, 512),
        )
        self.gap_1 = nn.AdaptiveAvgPool2d(1)
        self.flatten_1 = nn.Flatten()
        self.fc = nn.Linear(2048, 1000)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv1(x)
        x = self.max_pool_1(x)
        x = self.layer1(x)
        x = self.layer2(x)
        x = self.layer3(x)
        x = self.layer4(x)
        x = self.gap_1(x)
        x = self.flatten_1(x)
        return self.fc(x)
