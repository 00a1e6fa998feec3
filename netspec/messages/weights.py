"""NS511-NS514: weights. The sentences of key maps stand here, the others where they are raised."""

from __future__ import annotations

from collections.abc import Sequence

from netspec.messages import words
from netspec.messages.page import Page, Said, page


def _form(received: str, known: Sequence[str], **_: object) -> Said:
    return Said(
        message=f"a key map has no key {words.code(received)}",
        label="unknown key",
        help=words.did_you_mean(received, known)
        or (f"its keys are {words.join([*map(words.code, known)])}",),
    )


def _version(received: object, version: int, **_: object) -> Said:
    return Said(
        message=f"this netspec reads version {version} of key maps, not {words.value(received)}",
        label=f"must be {version}",
        help=(f"write `key_map: {version}`",),
    )


def _keys(received: object, **_: object) -> Said:
    return Said(
        message="a key map has a mapping `keys`",
        label="has none" if isinstance(received, dict) else f"is {words.value(received)}",
        help=("write `keys: {conv1.conv: conv1}`: left the model's name, right the source's",),
    )


def _value(key: str, received: object, **_: object) -> Said:
    return Said(
        message=f"{words.code(key)} comes from the name of a weight, got {words.value(received)}",
        label="not a name",
        help=(
            "write the name of a weight or of a module in the source; leave the line out for none",
        ),
    )


def _target(received: str, known: Sequence[str], **_: object) -> Said:
    return Said(
        message=f"the model has no weight {words.code(received)}",
        label="unknown",
        help=words.did_you_mean(received, known),
    )


def _source(received: str, known: Sequence[str], **_: object) -> Said:
    return Said(
        message=f"the source has no weight {words.code(received)}",
        label="unknown",
        help=words.did_you_mean(received, known),
    )


def _kind(tensor: str, module: str, **_: object) -> Said:
    return Said(
        message=f"{words.code(tensor)} is a tensor and {words.code(module)} is a module",
        label="not of one kind",
        help=("pair a tensor with a tensor, or a module with a module",),
    )


def _twice(key: str, **_: object) -> Said:
    return Said(
        message=f"{words.code(key)} is given twice",
        label="a second time",
        secondary=("here first",),
        help=("leave one of the lines out",),
    )


PAGES: tuple[Page, ...] = (
    page(
        "NS511",
        "weights that do not fit the network",
        """
        A weight has another shape, is missing, or has no place in the network. All of them are compared
        before the first is copied, so nothing was loaded. Names have to be the same, unless weights are
        paired by order of execution or by a key map.

        `--partial` (`partial=True`) loads those that fit and reports the rest: for another number of
        classes, or an architecture that was edited.
        """,
        wrong="netspec weights net.yaml --set num_classes=5 -o five.safetensors\n"
        "netspec weights net.yaml --from five.safetensors",
        right="netspec weights net.yaml --set num_classes=5 -o five.safetensors\n"
        "netspec weights net.yaml --set num_classes=5 --from five.safetensors",
    ),
    page(
        "NS512",
        "a file or object without weights that can be read",
        """
        Weights come from `.safetensors` files, which hold tensors and nothing else. Pickles (`.pt`, `.pth`,
        `.ckpt`, `.bin`) are refused: opening one runs whatever its author wrote. A file that is cut off, or
        whose header and content disagree, is refused as a whole.
        """,
        wrong="netspec weights net.yaml --from net.pth",
        right="netspec weights net.yaml -o net.safetensors",
    ),
    page(
        "NS513",
        "weights of a library that cannot be had",
        """
        `torchvision:resnet18` and `timm:resnet18.a1_in1k` are fetched by the library itself, into its own
        cache. It has no model or weights of that name, or the download failed.
        """,
        wrong="netspec weights net.yaml --from torchvision:resnet_18",
        right="netspec weights net.yaml -o net.safetensors",
    ),
    page(
        "NS514",
        "a mistake in a key map",
        """
        A key map says where each weight comes from: left the model's name, right the source's. A module
        stands for all of its tensors. Names have to exist on both sides, and each weight is given once.
        `--write-key-map` writes one that is right, to be mended by hand.
        """,
        wrong="netspec weights net.yaml -o a.safetensors\n"
        "echo 'keys: {linear_2: linear_1}' > map.yaml\n"
        "netspec weights net.yaml --from a.safetensors --key-map map.yaml",
        right="netspec weights net.yaml -o a.safetensors\n"
        "echo 'keys: {linear_1: linear_1}' > map.yaml\n"
        "netspec weights net.yaml --from a.safetensors --key-map map.yaml",
        rules={
            "key-map-form": _form,
            "key-map-version": _version,
            "key-map-keys": _keys,
            "key-map-value": _value,
            "key-map-target": _target,
            "key-map-source": _source,
            "key-map-kind": _kind,
            "key-map-twice": _twice,
        },
    ),
)
