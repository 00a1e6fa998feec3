"""More texts from strangers: what the catalogue's plain cases do not reach.

Bombs that grow by keys and by alternating kinds of nesting, numbers at the edges of numbers, letters that look
like others, escapes that stand for what may not stand in a text, and names that are words of Python.
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.hostile.catalogue import HEAD, Case, cases, field, net


def _bombs() -> Iterator[Case]:
    wide = (f"k{n}: *a{{before}}" for n in range(9))
    row = f"{{{{{', '.join(wide)}}}}}"
    maps = "".join(f"a{n}: &a{n} {row.format(before=n - 1)}\n" for n in range(1, 12))
    yield from cases(
        "NS115",
        aliased_maps="a0: &a0 {k: v}\n" + maps,
        one_alias_often=HEAD + f"a: &a {{b: 1}}\nlayers: [{'*a, ' * 60_000}]\n",
        nesting_of_both_kinds=HEAD + "layers: " + "[{a: " * 5_000,
        nesting_in_blocks=HEAD + "layers:\n" + "".join(" " * 2 * n + "- a:\n" for n in range(80)),
        quoted_line=HEAD + f'doc: "{"x" * 70_000}"\nlayers: [relu]\n',
        folded_lines=HEAD + "doc: >\n" + "  x\n" * 40_000 + "layers: [relu]\n",
    )
    yield from cases("NS112", merged_list=net("- conv: {<<: [{a: 1}, {b: 2}], kernel_size: 1}"))
    yield from cases(
        "NS202", quoted_merge=net('- conv: {"<<": 1, out_channels: 8, kernel_size: 1}')
    )


def _yaml() -> Iterator[Case]:
    relu = net("- relu")
    yield from cases(
        "NS112",
        tag_of_python=net("- linear: !<tag:yaml.org,2002:python/object:os.system> x"),
        tag_directive=f"%TAG ! tag:evil,2000:\n---\n{relu}",
        version_directive=f"%YAML 1.1\n---\n{relu}",
        after_the_end=f"{relu}...\nmore: 1\n",
    )
    yield from cases(
        "NS106",
        surrogate_escape=HEAD + 'doc: "\\ud800"\nlayers: [relu]\n',
        escape_beyond_unicode=HEAD + 'doc: "\\UFFFFFFFF"\nlayers: [relu]\n',
    )
    yield from cases(
        "NS101",
        utf16_without_mark=relu.encode("utf-16-le"),
        utf32=relu.encode("utf-32"),
        overlong_slash=HEAD.encode() + b"doc: \xc0\xaf\nlayers: [relu]\n",
    )
    yield from cases("NS110", null_key=HEAD + "params: {null: 8}\nlayers: [relu]\n")
    yield from cases("", tabs_between=HEAD + "layers: [\trelu\t,\ttanh ]\n")


def _numbers() -> Iterator[Case]:
    yield from cases("NS111", huge_exponent=net("- dropout: 1e999999999"))
    yield from cases(
        "NS204",
        hexadecimal_float=net("- dropout: 0x1p3"),
        superscript=field("8\u00b2"),
        fraction=field("\u00bd"),
    )
    yield from cases(
        "",
        tiny_exponent=net("- dropout: 1e-999999999"),
        long_fraction=net(f"- dropout: 0.{'1' * 60_000}"),
        minus_zero=net("- dropout: -0.0"),
    )


def _letters() -> Iterator[Case]:
    yield from cases(
        "NS201",
        cyrillic_letter=net("- c\u043env: {out_channels: 8, kernel_size: 1}"),
        full_width_word=net("- \uff52\uff45\uff4c\uff55"),
    )
    yield from cases(
        "NS202", invisible_letter=net("- conv: {out_\u200bchannels: 8, kernel_size: 1}")
    )


def _names() -> Iterator[Case]:
    for name in ("__class__", "__init__", "_modules", "None", "call_super_init", "float"):
        layer = f"- conv: {{name: {name}, out_channels: 8, kernel_size: 1}}"
        yield from cases("NS303", **{f"layer_{name}": net(layer)})
        called = HEAD.replace("name: x", f"name: {name}")
        yield from cases("NS303", **{f"network_{name}": net("- relu", head=called)})
    for name in ("__class__", "__name__", "_modules", "index"):
        head = f"{HEAD}params: {{{name}: 8}}\n"
        yield from cases("NS303", **{f"parameter_{name}": net("- relu", head=head)})
    both = "netspec: 1\nname: x\nparams: {min: 8}\ninput: [8]\n"
    yield from cases("", parameter_min=net("- linear: '$(min(min, 4))'", head=both))


NASTIER = [case for group in (_bombs, _yaml, _numbers, _letters, _names) for case in group()]
