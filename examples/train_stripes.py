"""Train the network of stripes.yaml on pictures that are made here; takes a few seconds on a CPU."""

from pathlib import Path

import torch
from torch import Tensor, nn

import netspec

HERE = Path(__file__).parent


def pictures(count: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """(count, 1, 32, 32) noisy stripes and (count,) labels: 0 horizontal, 1 vertical."""
    labels = torch.randint(2, (count,), generator=generator)
    period = torch.randint(4, 9, (count, 1, 1), generator=generator)
    phase = torch.rand(count, 1, 1, generator=generator)
    ramp = torch.arange(32).view(1, 32, 1).expand(count, 32, 32)
    waves = torch.sin(2 * torch.pi * (ramp / period + phase))
    waves = torch.where(labels.view(-1, 1, 1) == 1, waves.transpose(1, 2), waves)
    noise = torch.randn(count, 32, 32, generator=generator)
    return (waves + noise).unsqueeze(1), labels


def main() -> float:
    """Train, and give the share of right answers on new pictures."""
    generator = torch.manual_seed(0)
    model = netspec.compile(HERE / "stripes.yaml")
    optimizer = torch.optim.Adam(model.parameters(), lr=0.003)
    for step in range(30):
        images, labels = pictures(64, generator)
        loss = nn.functional.cross_entropy(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if step % 10 == 9:
            print(f"step {step + 1}: loss {loss.item():.2f}")
    images, labels = pictures(500, generator)
    model.eval()
    with torch.no_grad():
        right = (model(images).argmax(dim=1) == labels).float().mean().item()
    print(f"right on new pictures: {right:.0%}")
    return right


if __name__ == "__main__":
    main()
