"""lenet5: LeNet-5 as in Dive into Deep Learning.

Input: (1, 28, 28), without the batch
Output: (10,)
Parameters: 61,706
MACs: 416,520 (multiply-accumulates of convolutions and linear layers, per sample)
"""

from torch import Tensor, nn


class Lenet5(nn.Module):
    """(1, 28, 28) -> (10,)

    LeNet-5 as in Dive into Deep Learning.
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, kernel_size=5, padding=2)
        self.sigmoid_1 = nn.Sigmoid()
        self.avg_pool_1 = nn.AvgPool2d(2)
        self.conv2 = nn.Conv2d(6, 16, kernel_size=5)
        self.sigmoid_2 = nn.Sigmoid()
        self.avg_pool_2 = nn.AvgPool2d(2)
        self.flatten_1 = nn.Flatten()
        self.fc1 = nn.Linear(400, 120)
        self.sigmoid_3 = nn.Sigmoid()
        self.fc2 = nn.Linear(120, 84)
        self.sigmoid_4 = nn.Sigmoid()
        self.classifier = nn.Linear(84, 10)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv1(x)
        x = self.sigmoid_1(x)
        x = self.avg_pool_1(x)
        x = self.conv2(x)
        x = self.sigmoid_2(x)
        x = self.avg_pool_2(x)
        x = self.flatten_1(x)
        x = self.fc1(x)
        x = self.sigmoid_3(x)
        x = self.fc2(x)
        x = self.sigmoid_4(x)
        return self.classifier(x)
