"""NS906 to NS911: networks that are right and yet hardly meant: they compute for nothing, or cannot learn."""

from __future__ import annotations

from collections.abc import Sequence

from netspec.messages.page import Page, Said, page, spec
from netspec.messages.words import choices, code, count, trail_note
from netspec.shape import Shape, numel, spell


def unread(*, name: str, block: str, params: int, **_: object) -> Said:
    """A layer that no other reads, and that is no output."""
    what = code(name) if name else f"this {code(block)}"
    reading = f"read it (`from: {name}`)" if name else "give it a name and read that by `from`"
    note = (
        f"no gradient reaches its {count(params, 'parameter')}; under `DistributedDataParallel` that is "
        "an error"
    )
    return Said(
        message=f"nobody reads {what}: it is computed for nothing",
        label="neither read nor an output",
        notes=(note,) * bool(params),
        help=(f"{reading}, list it under `outputs:`, or delete it",),
    )


def logits(
    *,
    activation: str,
    output: str,
    classes: int,
    below: int | None,
    loss: float,
    labels: int = 0,
    **_: object,
) -> Said:
    """Relu or softmax between the last layer with parameters and the output."""
    head = f"output {code(output)}" if output != "main" else "output"
    label = f"ends in {code(activation)}"
    words = ("the activation",) * labels
    twice = (
        "`nn.CrossEntropyLoss` takes logits and applies the softmax itself; twice, it makes all gradients "
        "small, and the loss cannot come near 0"
    )
    dead = (
        f"below {below} its gradient is 0: once all logits are there, the loss stays at ln({classes}) = "
        f"{loss:.4f} and no weight moves again"
    )
    if below is None:
        return Said(
            message=f"{code(activation)} on the {classes} logits of the {head}",
            label=label,
            secondary=words,
            notes=(twice,),
            help=("leave it out where the loss applies it; `log_softmax` goes with `nn.NLLLoss`",),
        )
    return Said(
        message=f"{code(activation)} on the {classes} logits of the {head} can stop all learning",
        label=label,
        secondary=words,
        notes=(dead,),
        help=("use `activation: none` on the last layer",),
    )


def bias_before_norm(
    *, path: str, kind: str, norm: str, written: bool, inside: bool, **_: object
) -> Said:
    """`conv` with a bias, then `batch_norm`."""
    instead = "delete it: with a `norm`, `bias` is false"
    if not inside:
        instead = "use `bias: false`"
        if kind == "conv" and not written:
            instead += f", or `norm: {norm}` in place of the next layer"
    return Said(
        message=f"the bias of {code(path)} has no effect: {code(norm)} subtracts the mean of each channel",
        label="this bias" if written else f"has a bias, and {code(norm)} reads it",
        help=(instead,),
    )


def only_padding(
    *,
    kernel: Sequence[int],
    spatial: Sequence[int],
    idle: int,
    same: bool,
    trail: Sequence[tuple[str, Shape]],
    **_: object,
) -> Said:
    """A 3x3 convolution with padding on a 1x1 map."""
    size = str(spatial[0]) if len(set(spatial)) == 1 else str(list(spatial))
    instead = f"use `kernel_size: {size}` without padding, which computes the same"
    return Said(
        message=f"{idle} of {numel(tuple(kernel))} weights of this {spell(kernel)} kernel only ever see "
        f"padding: its input is {spell(spatial)}",
        label=f"fits {spell(spatial)} only thanks to its padding",
        notes=trail_note(trail),
        help=((instead if same else "use a smaller kernel") + ", or reduce the map less before",),
    )


def without_effect(*, path: str, after: Sequence[str], **_: object) -> Said:
    """`relu` on what is not negative."""
    source = choices(after, "and")
    return Said(
        message=f"the `relu` at {code(path)} changes nothing: nothing that it reads is negative",
        label=f"reads what comes from {source}" if after else "reads no negative number",
        help=(
            "delete it, or the activation before it; a block that has one can take `activation: none`",
        ),
    )


def constant(*, kind: str, shape: Shape, is_activation: bool, **_: object) -> Said:
    """`dropout: 1`, or a softmax over one element."""
    if is_activation:
        return Said(
            message=f"{code(kind)} over a single element gives the same number for every input",
            label=f"its input is {spell(shape)}, and it works along an axis of size 1",
            help=("use `sigmoid` for a single logit, or another `dim`",),
        )
    return Said(
        message=f"{code(kind)} with probability 1 gives only zeros in training",
        label=f"drops all of its {numel(shape):,} inputs",
        notes=("no gradient passes it, so nothing before it learns by way of it",),
        help=("`p` is the share that is dropped, not the share that is kept",),
    )


PAGES: tuple[Page, ...] = (
    page(
        "NS906",
        "a layer that nobody reads",
        """
        Its output is read by no other layer and is no output of the network: the next line reads
        something else, or `outputs:` names earlier layers. It costs time and memory, and its
        parameters get no gradient. A line that is used several times is told when none of its uses is read.
        """,
        wrong=spec(
            "- conv: {name: stem, out_channels: 8, kernel_size: 3}",
            "- conv: {name: lost, out_channels: 8, kernel_size: 1}",
            "- conv: {name: head, out_channels: 8, kernel_size: 1, from: stem}",
        ),
        right=spec(
            "- conv: {name: stem, out_channels: 8, kernel_size: 3}",
            "- conv: {name: head, out_channels: 8, kernel_size: 1, from: stem}",
        ),
        rules={"unread": unread},
    ),
    page(
        "NS907",
        "an activation on the logits of a classifier",
        """
        Between the last layer with parameters and an output of several features there is an activation
        that is flat for negative numbers (`relu`, `relu6`, `hardswish`), or a `softmax`.

        Where the activation is flat its gradient is exactly 0. If the logits of all classes get there for
        every image, which a large first step can do, all outputs are equal, the loss is
        ln(number of classes), for 10 classes 2.3026, and no weight ever changes again. Pooling behind the
        activation does not help. Network in Network is built so (a ReLU, then global average pooling), and
        trains only with care for its start.

        A softmax is part of `nn.CrossEntropyLoss`, and is meant to be there once.

        A network counts as a classifier by its names: the width of the last layer reads a parameter like
        `num_classes`, or the layer or the output is called `classifier`, `logits` or the like; or where an
        image becomes 10, 100 or 1000 numbers; a softmax says it by itself. Elsewhere an output that cannot
        be negative may be meant: counts, features, or what an autoencoder gives back.

        Nothing is said about `sigmoid` and `tanh`, which targets of many labels and bounded regression
        need, nor where a norm, a merge or a larger kernel comes before the activation, or where something
        else reads it too: those are features.
        """,
        wrong=spec(
            "- conv: {out_channels: $num_classes, kernel_size: 1, activation: relu}",
            "- gap",
            "- flatten",
            sections="params: {num_classes: 10}",
        ),
        right=spec(
            "- conv: {out_channels: $num_classes, kernel_size: 1}",
            "- gap",
            "- flatten",
            sections="params: {num_classes: 10}",
        ),
        rules={"logits": logits},
    ),
    page(
        "NS908",
        "a bias before a norm",
        """
        `batch_norm`, `instance_norm`, and `group_norm` with a group for each channel, subtract the mean
        of every channel, and with it whatever the bias of the layer before has added. The bias is trained
        and stored and never changes the result; the norm has a bias of its own. `conv` with `norm:`
        leaves it out by itself.

        For weights that were trained elsewhere with such a bias, allow it: `# netspec: allow NS908`.
        """,
        wrong=spec("- conv: {out_channels: 8, kernel_size: 3}", "- batch_norm"),
        right=spec("- conv: {out_channels: 8, kernel_size: 3, bias: false}", "- batch_norm"),
        rules={"bias-before-norm": bias_before_norm},
    ),
    page(
        "NS909",
        "weights that only ever see padding",
        """
        The kernel of a convolution is larger than its input and fits only thanks to its padding, so that
        some of its weights are multiplied with zeros at every position: a 3x3 kernel on a 1x1 map uses one
        weight in nine. It is often a sign that the map was reduced too early, or that the input is smaller
        than the network was made for.
        """,
        wrong=spec("- gap", "- conv: {out_channels: 8, kernel_size: 3, padding: 1}"),
        right=spec("- gap", "- conv: {out_channels: 8, kernel_size: 1}"),
        rules={"only-padding": only_padding},
    ),
    page(
        "NS910",
        "a relu that changes nothing",
        """
        Everything that it reads has passed an activation without negative results (`relu`, `sigmoid`,
        `softmax`, ...), and was only pooled, added, joined, dropped or reshaped since. Either this
        activation is one too many, or the one before it is: a residual branch that ends in a ReLU can only add.
        """,
        wrong=spec("- conv: {out_channels: 8, kernel_size: 3, activation: relu}", "- relu"),
        right=spec("- conv: {out_channels: 8, kernel_size: 3, activation: relu}"),
        rules={"without-effect": without_effect},
    ),
    page(
        "NS911",
        "a layer whose output does not depend on its input",
        """
        A `dropout` with probability 1 gives zeros in training, a `softmax` over a single element 1:
        whatever comes before gets no gradient by way of it.
        """,
        wrong=spec("- conv: {out_channels: 8, kernel_size: 3}", "- dropout: 1.0"),
        right=spec("- conv: {out_channels: 8, kernel_size: 3}", "- dropout: 0.1"),
        rules={"constant": constant},
    ),
)
