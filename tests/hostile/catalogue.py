"""Specs from strangers: every kind of broken or hostile text, and the code that answers it.

Grouped as an author or an attacker would meet them. `Case.codes` are all the codes that are printed, in
order and without repeats: one mistake, one code. A case that is fine says so with no codes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    """A spec, and the codes that answer it; `arguments` follow `netspec check SPEC`.

    A case is `fine` when its codes are warnings.
    """

    name: str
    text: str | bytes
    codes: tuple[str, ...]
    arguments: tuple[str, ...] = ()
    fine: bool = False

    @property
    def data(self) -> bytes:
        """The bytes of the file."""
        return self.text if isinstance(self.text, bytes) else self.text.encode()


HEAD = "netspec: 1\nname: x\ninput: [3, 32, 32]\n"


def net(*layers: str, head: str = HEAD) -> str:
    """A spec with these lines under `layers:`."""
    return head + "layers:\n" + "".join(f"  {line}\n" for line in layers)


def field(value: str) -> str:
    """A convolution whose kernel size is `value`."""
    return net(f"- conv: {{out_channels: 8, kernel_size: {value}}}")


def cases(codes: str, **texts: str | bytes) -> Iterator[Case]:
    for name, text in texts.items():
        yield Case(name, text, tuple(codes.split()))


def _text() -> Iterator[Case]:
    yield from cases("NS114", empty="", comments="# nothing\n# here\n")
    yield from cases("NS114", root_list="- a\n- b\n", root_scalar="hello\n")
    yield from cases("NS112", two_documents=net("- relu") + "---\na: 1\n")
    yield from cases("NS103", tab=HEAD + "layers:\n\t- relu\n")
    yield from cases(
        "NS104",
        bracket=HEAD.replace("32]", "32") + "layers: [relu]\n",
        quote=HEAD + 'doc: "open\nlayers: [relu]\n',
    )
    yield from cases("NS105", second_colon=HEAD + "doc: a: b\nlayers: [relu]\n")
    yield from cases(
        "NS106", at=HEAD + "doc: @x\nlayers: [relu]\n", backtick=HEAD + "doc: `x`\nlayers: [relu]\n"
    )
    yield from cases("NS108", braces=net("- linear: {{ x }}"), home=net("- linear: ${HOME}"))
    yield from cases("NS113", alias=net("- linear: *nowhere"), self_alias="a: &a [*a]\n")
    yield from cases(
        "NS109",
        duplicate_root=net("- relu") + "name: y\n",
        duplicate_field=net(
            "- conv:", "    out_channels: 8", "    kernel_size: 1", "    out_channels: 8"
        ),
        duplicate_flow=net("- conv: {out_channels: 8, kernel_size: 1, out_channels: 9}"),
    )
    yield from cases("NS112", merge=net("- conv: {<<: {out_channels: 8}, kernel_size: 1}"))
    yield from cases(
        "NS112",
        object_apply=net("- linear: !!python/object/apply:os.system [ls]"),
        tag=net("- linear: !x 3"),
        binary=net("- linear: !!binary aGk="),
    )
    yield from cases(
        "NS110",
        number_key=net("- relu") + "1: 2\n",
        true_key=net("- relu") + "true: 2\n",
        list_key=net("- relu") + "? [a]\n: 1\n",
    )


def _encoding() -> Iterator[Case]:
    yield from cases(
        "NS101",
        latin1="doc: caf\xe9\n".encode("latin-1"),
        utf16="netspec: 1\n".encode("utf-16"),
        nul=HEAD + "doc: a\x00b\nlayers: [relu]\n",
        bell=HEAD + "doc: a\x07b\nlayers: [relu]\n",
        lone_surrogate=b"doc: \xed\xa0\x80\n",
        next_line=HEAD + "doc: a\x85b\nlayers: [relu]\n",
        line_separator=HEAD + "doc: a\u2028b\nlayers: [relu]\n",
    )
    yield from cases(
        "NS102",
        no_break_space=HEAD + "layers:\n\u00a0\u00a0- relu\n",
        smart_quotes=HEAD + "doc: \u201chello\u201d\nlayers: [relu]\n",
        full_width_colon=net("- linear\uff1a 3"),
    )
    yield from cases("NS111", full_width_digit=field("\uff11"))
    text = "\ufeff" + net("- relu")
    yield from cases(
        "", bom=text, crlf=text.replace("\n", "\r\n"), cr_only=text.replace("\n", "\r")
    )


def _aliases(levels: int) -> str:
    names = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, levels)]
    return "\n".join(["a0: &a0 [x, x]", *names, "layers: [relu]"])


def _bombs() -> Iterator[Case]:
    merges = "".join(
        f"b{n}: &b{n} {{<<: [{', '.join([f'*b{n - 1}'] * 9)}]}}\n" for n in range(1, 21)
    )
    yield from cases(
        "NS115",
        aliases_9=_aliases(9),
        aliases_20=_aliases(20),
        brackets="[" * 100_000,
        braces_deep="{a: " * 100_000,
        dashes="- " * 100_000,
        question_marks="? " * 100_000,
        big_file=net("- relu") + "# " + "x" * 10_000_000,
        big_line="doc: " + "x" * 10_000_000,
        keys="{" + "".join(f"k{n}: 1, " for n in range(200_000)) + "}",
        nested_blocks="".join("  " * n + "- sequential:\n" for n in range(300)),
    )
    yield from cases("NS112 NS115", merge_bomb="b0: &b0 {x: 1}\n" + merges)
    yield from cases("NS111", digits=net("- linear: " + "9" * 5_000))
    recursive = (
        "blocks:\n"
        + "".join(f"  b{n}:\n    layers: [b{n + 1}]\n" for n in range(300))
        + "  b300:\n    layers: [relu]\n"
    )
    yield from cases("NS115", three_hundred_blocks=HEAD + recursive + "layers: [b0]\n")


def _scalars() -> Iterator[Case]:
    yield from cases(
        "NS204",
        no=field("no"),
        true=field("true"),
        point_zero=field("3.0"),
        quoted=field('"3"'),
        exponent=field("1e3"),
    )
    yield from cases(
        "NS111",
        octal=field("010"),
        hexadecimal=field("0x10"),
        sexagesimal=field("3:30"),
        underscores=field("1_000"),
        nan=net("- dropout: .nan"),
        infinity=net("- dropout: .inf"),
        huge=field("1" + "0" * 30),
        two_63=field(str(2**63)),
    )
    yield from cases(
        "NS205",
        zero=field("0"),
        minus_one=field("-1"),
        two_31=field(str(2**31)),
        negative_padding=net("- conv: {out_channels: 8, kernel_size: 3, padding: -1}"),
        zero_channels=net("- conv: {out_channels: 0, kernel_size: 3}"),
        zero_stride=net("- conv: {out_channels: 8, kernel_size: 3, stride: 0}"),
        zero_groups=net("- conv: {out_channels: 8, kernel_size: 3, groups: 0}"),
        dropout_two=net("- dropout: 2.0"),
    )


def _fields() -> Iterator[Case]:
    yield from cases(
        "NS201",
        typo=net("- convv: {out_channels: 8, kernel_size: 3}"),
        transposition=net("- cnov: {out_channels: 8, kernel_size: 3}"),
        wrong_case=net("- Conv: {out_channels: 8, kernel_size: 3}"),
        nothing_near=net("- zzzzzz"),
        os_system=net("- os.system: ls"),
        torch_class=net("- torch.nn.Conv2d: 3"),
        dunder_import=net("- __import__: os"),
    )
    yield from cases(
        "NS208",
        block_list=net("- [relu]"),
        block_null=net("- null"),
        two_blocks=net("- {relu, tanh: 1}"),
    )
    yield from cases("NS209", not_a_list=HEAD + "layers: relu\n", no_layers=HEAD + "layers: []\n")
    yield from cases("NS203", missing=net("- conv: {out_channels: 8}"), no_layers_key=HEAD)
    yield from cases(
        "NS204",
        short_branch=net("- inception: {conv1x1: 8, conv3x3: [8], conv5x5: [4, 8], pool_proj: 8}"),
    )
    yield from cases(
        "NS202",
        field_typo=net("- conv: {out_channels: 8, kernel_sise: 3, kernel_size: 3}"),
        far_field=net("- conv: {out_channels: 8, kernel_size: 3, qqqqqq: 1}"),
        other_block=net("- conv: {out_channels: 8, kernel_size: 3, ceil_mode: true}"),
        top_level=net("- relu") + "layer: 3\n",
    )
    yield from cases("NS203 NS204", fields_text=net("- conv: text"))
    yield from cases("NS209", fields_number=net("- sequential: 3"))
    wrong = [
        "- conv: {out_channels: 0, kernel_size: 1}",
        "- cnov",
        "- relu: {from: x}",
        "- conv: {out_channels: 8}",
        "- relu: {q: 1}",
    ]
    yield from cases("NS205 NS201 NS301 NS203 NS202", hundred_errors=net(*wrong * 20))
    yield from cases("NS206", fields_null=net("- conv:"), value_null=field("null"))


def _names() -> Iterator[Case]:
    yield from cases(
        "NS301",
        undefined=net("- relu", "- tanh: {from: nowhere}"),
        forward=net("- relu: {from: later}", "- tanh: {name: later}"),
        itself=net("- relu: {name: me, from: me}"),
    )
    yield from cases("NS302", duplicate=net("- relu: {name: a}", "- tanh: {name: a}"))
    bad = ["training", "forward", "keys", "input", '""', "a.b", "n" * 65, "é", "e\u0301", "class"]
    for number, name in enumerate(bad):
        yield from cases("NS303", **{f"name_{number}": net(f"- relu: {{name: {name}}}")})
    body = "  a: {layers: [b]}\n  b: {layers: [a]}\n"
    yield from cases("NS306", recursion=HEAD + "blocks:\n" + body + "layers: [a]\n")
    yield from cases("NS301", no_output=net("- relu") + "outputs: [nothing]\n")
    unused = HEAD + "blocks: {a: {layers: [relu]}}\nparams: {w: 3}\nlayers: [relu]\n"
    yield Case("unused_names", unused, ("NS901", "NS902"), fine=True)


def _shapes() -> Iterator[Case]:
    small = HEAD.replace("32, 32", "2, 2")
    yield from cases(
        "NS402",
        kernel=net("- conv: {out_channels: 8, kernel_size: 35, padding: 1}"),
        pool=net("- max_pool: 3", head=small),
        pool_ceil=net("- max_pool: {kernel_size: 5, stride: 1, ceil_mode: true}", head=small),
        seventh_of_nine=net(
            "- max_pool: {kernel_size: 2, repeat: 9}", head=HEAD.replace("32, 32", "64, 64")
        ),
        seventh_conv=net(
            "- conv: {out_channels: 8, kernel_size: 3, repeat: 9}",
            head=HEAD.replace("32, 32", "14, 14"),
        ),
    )
    two = "- conv: {name: a, out_channels: 64, kernel_size: 1}"
    for name, other in {
        "add_channels": "- conv: {name: b, out_channels: 32, kernel_size: 1, from: input}",
        "add_one_channel": "- conv: {name: b, out_channels: 1, kernel_size: 1, from: input}",
        "add_one_pixel": "- gap: {name: b, from: a}",
    }.items():
        yield from cases("NS401", **{name: net(two, other, "- add: {from: [a, b]}")})
    half = "- max_pool: {name: b, kernel_size: 2, from: input}"
    yield from cases("NS401", concat=net(two, half, "- concat: {from: [a, b]}"))
    yield from cases("NS405", groups=net("- conv: {out_channels: 8, kernel_size: 1, groups: 2}"))
    yield from cases(
        "NS406",
        same_even=net("- conv: {out_channels: 8, kernel_size: 2, padding: same}"),
        pool_padding=net("- max_pool: {kernel_size: 2, padding: 2}"),
    )
    vector = HEAD.replace("[3, 32, 32]", "[8]")
    yield from cases(
        "NS403",
        linear_on_map=net("- linear: 10"),
        conv_on_vector=net("- conv: {out_channels: 8, kernel_size: 3}", head=vector),
        upsample_behind_flatten=net("- flatten", "- upsample: 2"),
    )
    yield from cases("NS407", five_sizes=net("- relu", head=HEAD.replace("3, 32", "1, 2, 3, 32")))
    yield from cases("NS408", expectation=net("- relu") + "expect: {params: 7}\n")


def _sizes() -> Iterator[Case]:
    nest = net(
        "- sequential:",
        "    repeat: 1000",
        "    layers:",
        "      - sequential:",
        "          repeat: 1000",
        "          layers:",
        "            - sequential: {repeat: 1000, layers: [relu: {repeat: 1000}]}",
    )
    yield from cases(
        "NS115",
        repeat_billion=net("- relu: {repeat: 1000000000}"),
        repeat_nested=nest,
        huge_tensor=net(
            "- conv: {out_channels: 1000000, kernel_size: 1}",
            head=HEAD.replace("32, 32", "65536, 65536"),
        ),
        many_inputs=net(
            *(f"- relu: {{name: r{n}}}" for n in range(300)),
            f"- add: {{from: [{', '.join(f'r{n}' for n in range(300))}]}}",
        ),
    )
    dense = []
    for n in range(60):
        before = ", ".join(["input", *(f"l{k}" for k in range(n))])
        dense += [f"- concat: {{name: c{n}, from: [{before}, input]}}"]
        dense += [f"- conv: {{name: l{n}, out_channels: 8, kernel_size: 1}}"]
    yield from cases("", all_to_all=net(*dense))
    wide = "- conv: {out_channels: 1000000, kernel_size: 1, repeat: 100}"
    yield from cases("", wide=net(wide, head="netspec: 1\nname: x\ninput: [1000000, 1, 1]\n"))


def _expressions() -> Iterator[Case]:
    def value(expression: str) -> str:
        return net(f"- linear: {expression}", head=HEAD.replace("3, 32, 32", "8"))

    yield from cases(
        "NS224",
        power=value("$(9**9**9)"),
        product=value("$(1000000 * 1000000)"),
        overflow=value("$(2 ** 62)"),
        overflow_of_floats=net("- dropout: $(1e308 * 1e308)"),
        parentheses=value("$(" + "(" * 200 + ")"),
    )
    yield from cases(
        "NS221",
        dunder=value("$(().__class__)"),
        text_bomb=value("""'$("a" * 10**9)'"""),
        lambda_=value("'$(lambda: 1)'"),
        unclosed="netspec: 1\nname: x\ninput: [8]\nlayers:\n  - linear: $(2 * 3\n",
    )
    yield from cases("NS223", division=value("$(1 // 0)"))
    yield from cases("NS222", unknown=value("$nothing"), function=value("$(open(1))"))
    head = HEAD + "params: {width: 8, deep: {type: int, default: 2}}\n"
    good = net("- conv: {out_channels: $width, kernel_size: $deep}", head=head)
    yield Case("set_wrong_type", good, ("NS204",), ("--set", "width=wide"))
    wide = HEAD + "params: {width: {type: int, default: wide}}\n"
    layer = "- conv: {out_channels: $width, kernel_size: 1}"
    yield from cases("NS204", parameter_of_wrong_type=net(layer, head=wide))
    yield Case("set_digits", good, ("NS111",), ("--set", "width=" + "9" * 5_000))
    yield Case("set_escape", good, ("NS101",), ("--set", "width=\x1b[31m\u202e"))
    yield Case("set_expression", good, ("NS212",), ("--set", "width=$(3 * 3)"))
    yield Case("set_text_bomb", good, ("NS115",), ("--set", "width=" + "[" * 10_000))
    yield Case("set_unknown", good, ("NS202",), ("--set", "widht=3"))
    yield Case("set_twice", good, ("NS506",), ("--set", "width=3", "--set", "width=4"))
    yield Case("set_several_lines", good, ("NS506",), ("--set", "width=3\ndeep: 5"))


CASES = [
    case
    for group in (
        _text,
        _encoding,
        _bombs,
        _scalars,
        _fields,
        _names,
        _shapes,
        _sizes,
        _expressions,
    )
    for case in group()
]
