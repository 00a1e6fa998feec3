"""netspec: the compiler for neural-network architectures.

People write a network as a YAML spec; netspec checks it, infers every shape, and makes a real
`torch.nn.Module`, tables and diagrams of it.

    import netspec

    net = netspec.load("specs/googlenet.yaml", params={"num_classes": 10})
    print(net.summary())
    model = net.compile()
"""

from typing import TYPE_CHECKING, Any

from netspec.errors import NetspecError, SpecError, UsageError
from netspec.limits import Limits
from netspec.version import __version__

if TYPE_CHECKING:
    from netspec.comparing import diff
    from netspec.models import compile, materialize, open_weights  # noqa: A004 - the API's name
    from netspec.network import Network, load, loads

__all__ = [
    "Limits",
    "NetspecError",
    "Network",
    "SpecError",
    "UsageError",
    "__version__",
    "compile",
    "diff",
    "load",
    "loads",
    "materialize",
    "open_weights",
]


def __getattr__(name: str) -> Any:
    """The API on first use, so that a generated module's pickle or `--version` loads next to nothing."""
    if name in {"Network", "load", "loads"}:
        from netspec import network

        return getattr(network, name)
    if name in {"compile", "materialize", "open_weights"}:
        from netspec import models

        return getattr(models, name)
    if name == "diff":
        from netspec.comparing import diff

        return diff
    raise AttributeError(f"module 'netspec' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
