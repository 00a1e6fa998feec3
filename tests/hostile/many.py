"""Texts with so many mistakes, or so much around one, that a careless answer would take minutes.

Each is far below the limits on bytes and nodes; what grows is what a message looks at: the names that may
have been meant, the sides of a merge, the steps of a shape, the copies of a block.
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.hostile.catalogue import HEAD, Case, cases, net


def _near_names() -> Iterator[Case]:
    """Names that are all a little like the others, so that nothing can be ruled out at a glance."""
    many = range(1_000)
    layers = [f"- relu: {{name: layer_number_{n:04d}}}" for n in many]
    readers = [f"- relu: {{from: layer_numbre_{n:04d}x}}" for n in many]
    yield from cases("NS301", typos_in_names=net(*layers, *readers))
    outputs = ", ".join(f"layer_numbre_{n}" for n in many)
    yield from cases("NS301", typos_in_outputs=net(*layers) + f"outputs: [{outputs}]\n")
    blocks = "".join(f"  block_number_{n:04d}: {{layers: [relu]}}\n" for n in many)
    uses = net(*(f"- block_numbre_{n:04d}x" for n in many), head=f"{HEAD}blocks:\n{blocks}")
    yield from cases("NS201", typos_in_blocks=uses)
    params = "".join(f"  width_number_{n:04d}: 3\n" for n in many)
    reads = (f"- linear: $width_numbre_{n:04d}x" for n in many)
    yield from cases("NS222", typos_in_parameters=net(*reads, head=f"{HEAD}params:\n{params}"))


def _findings() -> Iterator[Case]:
    many = range(10_000)
    wide = "- conv: {out_chanels: 8, kernel_sise: 3, strid: 2}"
    yield from cases("NS201", unknown_blocks=net(*(f"- zzzz{n}" for n in many)))
    yield from cases("NS202", unknown_fields=net(*[wide] * 5_000))
    yield from cases("NS202", unknown_keys=net("- relu") + "".join(f"z{n}: 1\n" for n in many))
    yield from cases("NS204", wrong_types=net(*(f"- dropout: x{n}" for n in many)))
    yield from cases("NS302", one_name=net(*["- relu: {name: a}"] * 5_000))
    expected = "- relu: {expect: {params: 7, macs: 7, shape: [7]}}"
    yield from cases("NS408", expectations=net(*[expected] * 1_000))
    sections = "".join(f"  zz{n}: {{a: 1}}\n" for n in range(5_000))
    yield from cases("NS201", defaults=net("- relu", head=f"{HEAD}defaults:\n{sections}"))
    allowed = net("- relu") + "# netspec: allow NS901\n" * 5_000
    yield Case("many_allowances", allowed, ("NS900",), fine=True)
    unused = "".join(f"  p{n}: 1\n" for n in range(2_000))
    yield Case("unused", net("- relu", head=f"{HEAD}params:\n{unused}"), ("NS902",), fine=True)
    blocks = "".join(f"  b{n}: {{params: {{a: 1}}, layers: [b{n + 1}]}}\n" for n in range(1_000))
    chain = f"{HEAD}blocks:\n{blocks}  b1000: {{layers: [relu]}}\n"
    yield Case("unused_chain", net("- relu", head=chain), ("NS901", "NS902"), fine=True)


def _copies() -> Iterator[Case]:
    """One mistake that is built very often."""
    nest = "".join(
        f"  b{n}: {{layers: [conv: {{out_channels: x, kernel_size: 1}}, b{n + 1}, nope{n}]}}\n"
        for n in range(17)
    )
    nested = f"{HEAD}blocks:\n{nest}  b17: {{layers: [relu]}}\n"
    yield from cases("NS204 NS201", nested_blocks_each_wrong=net(*["- b0"] * 50, head=nested))
    fan = "".join(f"  b{n}: {{layers: [{', '.join([f'b{n + 1}'] * 5)}]}}\n" for n in range(5))
    wide = f"{HEAD}blocks:\n{fan}  b5: {{layers: [max_pool: 64]}}\n"
    yield from cases("NS402", one_place_3_000_times=net("- b0", head=wide))
    deep = "relu: {name: r}"
    for level in range(10):
        deep = f"sequential: {{name: s{level}, repeat: 2, layers: [{deep}]}}"
    readers = [*["- relu: {from: rr}"] * 100, *["- relu: {from: r}"] * 90]
    yield from cases("NS301", names_in_deep_copies=net(f"- {deep}", *readers))
    inside = "conv: {out_channels: $(index + 1), kernel_size: 1, name: c}, add: {from: [c, input]}"
    repeated = net(f"- sequential: {{repeat: 1000, layers: [{inside}]}}")
    yield from cases("NS401", merge_in_each_copy=repeated)


def _merges() -> Iterator[Case]:
    narrow = (
        f"      b{n}: [conv: {{out_channels: {8 + n}, kernel_size: 3, padding: {n % 2}}}]"
        for n in range(200)
    )
    yield from cases("NS401", branches_that_differ=net("- add:", "    branches:", *narrow))
    convs = [f"- conv: {{name: c{n}, out_channels: {n + 1}, kernel_size: 1}}" for n in range(256)]
    every = "- add: {from: [" + ", ".join(f"c{n}" for n in range(256)) + "]}"
    yield from cases("NS401", many_wide_merges=net(*convs, *[every] * 100))
    chain = [
        f"- conv: {{name: c{n}, out_channels: {n + 9}, kernel_size: 3, stride: {1 + (n % 40 == 0)}}}"
        for n in range(300)
    ]
    far = [f"- add: {{from: [c{2 * n}, c{2 * n + 37}]}}" for n in range(100)]
    large = HEAD.replace("32, 32", "65536, 65536")
    yield from cases("NS401", merges_far_apart=net(*chain, *far, head=large))


def _trails() -> Iterator[Case]:
    step = "- conv: {out_channels: 8, kernel_size: 3}"
    large = HEAD.replace("32, 32", "2020, 2020")
    long = net(*[step] * 1_000, "- max_pool: 99", head=large)
    yield from cases("NS402", long_trail=long)
    group = "- sequential: [conv: {out_channels: 4, kernel_size: 1}, max_pool: 999]"
    yield from cases("NS402", many_windows=net(*[f"{group}" for _ in range(300)]))


def _expansions() -> Iterator[Case]:
    """More layers than one network may have, none of whose lines is too many."""
    limit = ("--limit", "layers=9000")
    yield Case("many_repeats", net(*["- identity: {repeat: 1000}"] * 300), ("NS115",), limit)
    parts = "- inception: {conv1x1: 1, conv3x3: [1, 1], conv5x5: [1, 1], pool_proj: 1, repeat: 999}"
    yield Case("many_parts", net(*[parts] * 3), ("NS115",), limit)
    variants = "".join(f"  v{n}: {{w: {n + 1}}}\n" for n in range(100))
    head = f"{HEAD}params: {{w: 8}}\nvariants:\n{variants}"
    layer = "- conv: {out_channels: $w, kernel_size: 1, repeat: 900}"
    limit = ("--limit", "layers=2000")
    yield Case("many_variants", net(layer, head=head), ("NS115",), limit)
    yield Case("variants_wrong", net(layer, "- gap: 3", head=head), ("NS115", "NS208"), limit)


MANY = [
    case
    for group in (_near_names, _findings, _copies, _merges, _trails, _expansions)
    for case in group()
]
