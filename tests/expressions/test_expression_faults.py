"""Every rule that an expression can break: its place, marked with « », and its values."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import netspec.expressions
from netspec.errors import ExpressionFault
from netspec.expressions import parse
from netspec.limits import Limits

PACKAGE = Path(netspec.expressions.__file__).parent
DOCUMENTED = set(re.findall(r"^\| `([a-z-]+)` \|", netspec.expressions.__doc__ or "", re.MULTILINE))
VALUES = {"width": 16, "depths": [3, [4, 5], 6], "mode": "max", "flag": True, "scale": 0.5}
FUNCTIONS = ("ceil", "floor", "len", "make_divisible", "max", "min", "round", "sum")


def fault_of(text, values=VALUES, limits=None):
    with pytest.raises(ExpressionFault) as caught:
        parse(text, limits or Limits()).evaluate(values)
    return caught.value


def wrong(operator, types, expected):
    return {"operator": operator, "types": types, "expected": expected}


def token(found, expected="an operator or `)`", instead=None):
    return {"found": found, "expected": expected, "instead": instead}


def refused(what, instead=None):
    return {"what": what, "instead": instead}


ELEMENT = "an index, like `.0`"
LIST = "a list, like `[a, b]`"
ONE_KIND = "two values of one kind, or a block and text with its name"
DIVISIBLE = "make_divisible(value, divisor=8, minimum=divisor, limit=0.9)"

FORM = [
    ("«$»", "empty-expression", {}),
    ("«$()»", "empty-expression", {}),
    ("«$(  )»", "empty-expression", {}),
    ("«${HOME}»", "shell-style", {"name": "HOME"}),
    ("«${HOME}»/data", "shell-style", {"name": "HOME"}),
    ("«${HOME»", "shell-style", {"name": "HOME"}),
    ("«$(»width", "unclosed-expression", {"bracket": "$(", "missing": ")"}),
    ("«$(»", "unclosed-expression", {"bracket": "$(", "missing": ")"}),
    ("«$(»1 +", "unclosed-expression", {"bracket": "$(", "missing": ")"}),
    ("$(max«(»1", "unclosed-expression", {"bracket": "(", "missing": "))"}),
    ("$(width * «[»1", "unclosed-expression", {"bracket": "[", "missing": "])"}),
    ("$(mode == «'max)»", "unclosed-text", {"quote": "'"}),
    ('$(mode == «"max)»', "unclosed-text", {"quote": '"'}),
    ("$(«$width» * 4)", "dollar-inside", {"name": "width"}),
    ("$(2 * «$(width» * 4))", "dollar-inside", {"name": "width"}),
    ("$(2 * «$» )", "dollar-inside", {"name": ""}),
    ("$width« * 4»", "trailing-text", {"text": " * 4", "instead": "$(width * 4)"}),
    ("$(width)« * 4»", "trailing-text", {"text": " * 4", "instead": "$((width) * 4)"}),
    ("$depths«[0]»", "trailing-text", {"text": "[0]", "instead": "$(depths[0])"}),
    ("$width«-$depth»", "trailing-text", {"text": "-$depth", "instead": None}),
    ("$(width)«)»", "trailing-text", {"text": ")", "instead": None}),
    ('$(width)« costs $5 or "more»', "trailing-text", None),
    ("$(width)« »", "trailing-text", None),
    ("$«5»", "unexpected-token", token("5", "a name or `(`")),
    ("$«$»width", "unexpected-token", token("$", "a name or `(`")),
    ("$« »width", "unexpected-token", token(" ", "a name or `(`")),
    ("$«true»", "unexpected-token", token("true", "a name")),
    ("$«é»", "unexpected-token", token("é", "a name or `(`")),
    ("$(width «4»)", "unexpected-token", token("4")),
    ("$(width «width»)", "unexpected-token", token("width")),
    ("$(max(1 «2»))", "unexpected-token", token("2", "an operator, `,` or `)`")),
    ("$([1«)»]", "unexpected-token", token(")", "an operator, `,` or `]`")),
    ("$(depths[0«)»", "unexpected-token", token(")", "an operator or `]`")),
    ("$(depths[«]»)", "unexpected-token", token("]", "a value")),
    ("$(1 + «)»", "unexpected-token", token(")", "a value")),
    ("$(«*» 2)", "unexpected-token", token("*", "a value")),
    ("$(1 == «not» flag)", "unexpected-token", token("not", "a value")),
    ("$(width not «3»)", "unexpected-token", token("3", "`in` after `not`")),
    ("$(1 if flag«)»", "unexpected-token", token(")", "`else`")),
    ("$(1 if flag «if» flag else flag else 2)", "unexpected-token", token("if", "`else`")),
    ("$(width «=» 4)", "unexpected-token", token("=", instead="==")),
    ("$(flag «&&» flag)", "unexpected-token", token("&&", instead="and")),
    ("$(flag «||» flag)", "unexpected-token", token("||", instead="or")),
    ("$(«!»flag)", "unexpected-token", token("!", "a value", "not")),
    ("$(width «^» 2)", "unexpected-token", token("^", instead="**")),
    ("$(width «×» 2)", "unexpected-token", token("×", instead="*")),
    ("$(flag «?» 1 : 2)", "unexpected-token", token("?", instead="x if c else y")),
    ("$(mode == «“»max”)", "unexpected-token", token("“", "a value", '"')),
    ("$(«{»1: 2})", "unexpected-token", token("{", "a value")),
    ("$(«\x00»)", "unexpected-token", token("\x00", "a value")),
    ("$(«\xa0»1)", "unexpected-token", token("\xa0", "a value")),
    ("$(«010»)", "bad-number", {"text": "010", "instead": "10"}),
    ("$(«1_000»)", "bad-number", {"text": "1_000", "instead": "1000"}),
    ("$(«.5» * width)", "bad-number", {"text": ".5", "instead": "0.5"}),
    ("$(«5.»)", "bad-number", {"text": "5.", "instead": "5"}),
    ("$(«0x10»)", "bad-number", {"text": "0x10", "instead": None}),
    ("$(«1.2.3»)", "bad-number", {"text": "1.2.3", "instead": None}),
    ("$(«1e»)", "bad-number", {"text": "1e", "instead": None}),
    ("$(«2width»)", "bad-number", {"text": "2width", "instead": "2 * width"}),
    ("$(«1if» flag else 2)", "bad-number", {"text": "1if", "instead": None}),
    ("$depths.«01»", "bad-number", {"text": "01", "instead": "1"}),
    ("$(depths.«00»)", "bad-number", {"text": "00", "instead": "0"}),
    ("$(2 * «foo»(1))", "unknown-function", {"name": "foo", "functions": FUNCTIONS}),
    ("$(«__import__»('os'))", "unknown-function", None),
    ("$(«eval»('1'))", "unknown-function", None),
    ("$(«()».__class__)", "not-allowed", refused("an empty pair of parentheses")),
    ("$(1«,» 2)", "not-allowed", refused("several values in parentheses", LIST)),
    ("$(mode in ('max'«,» 'avg'))", "not-allowed", None),
    ("$depths«.first»", "not-allowed", refused("reading an attribute", ELEMENT)),
    ("$(mode«.upper»())", "not-allowed", refused("reading an attribute", ELEMENT)),
    ("$([1]«.__class__»)", "not-allowed", refused("reading an attribute", ELEMENT)),
    ("$(«depths.0(»1))", "not-allowed", refused("calling anything but a function")),
    ("$(«(max)(»1))", "not-allowed", refused("calling anything but a function")),
    ("$(«lambda»: 1)", "not-allowed", refused("`lambda`")),
    ("$([x «for» x in depths])", "not-allowed", refused("`for`")),
    ("$(«True»)", "not-allowed", refused("`True`", "`true`")),
    ("$(mode «is» 'max')", "not-allowed", refused("`is`", "`==`")),
    ("$(mode == «None»)", "not-allowed", refused("`None`", '`"none"`')),
    ("$(mode == «null»)", "not-allowed", refused("`null`", '`"none"`')),
    ("$(depths[0:2«:»2])", "not-allowed", refused("a step in a slice")),
    (r"$(mode == «'a\n'»)", "not-allowed", refused("a backslash in text")),
    (
        "$(make_divisible(3, «min=»4))",
        "not-allowed",
        refused("naming an argument", f"`{DIVISIBLE}`"),
    ),
    (
        "$(1 + «max()»)",
        "wrong-arguments",
        {
            "function": "max",
            "signature": "max(a, b, ...) or max(list)",
            "expected": "1 or more arguments",
            "got": "0 arguments",
        },
    ),
    (
        "$(«len(depths, 1)»)",
        "wrong-arguments",
        {
            "function": "len",
            "signature": "len(list)",
            "expected": "1 argument",
            "got": "2 arguments",
        },
    ),
    (
        "$(«make_divisible(1, 2, 3, 4, 5)»)",
        "wrong-arguments",
        {
            "function": "make_divisible",
            "signature": DIVISIBLE,
            "expected": "1 to 4 arguments",
            "got": "5 arguments",
        },
    ),
    ("$(«1000000001»)", "value-too-large", {"value": "1000000001", "maximum": 10**9}),
    ("$(«1e999»)", "value-too-large", {"value": "1e999", "maximum": 10**9}),
    ("$depths.«99999999999»", "value-too-large", None),
    ("$(" + "(" * 32 + "«(»" + "(" * 167, "too-deep", {"maximum": 32}),
    ("$(" + "-" * 32 + "«-»1)", "too-deep", {"maximum": 32}),
    ("$(" + "not " * 32 + "«not» flag)", "too-deep", {"maximum": 32}),
    ("$(" + "[" * 32 + "«[»", "too-deep", {"maximum": 32}),
    ("$(" + "1+" * 126 + "10" + "«+1)»", "too-long", {"length": 259, "maximum": 256}),
]

MEANING = [
    ("$«foo»", "unknown-name", {"name": "foo", "known": tuple(sorted(VALUES))}),
    ("$«foo».0", "unknown-name", {"name": "foo", "known": tuple(sorted(VALUES))}),
    ("$(2 * («foo»))", "unknown-name", {"name": "foo", "known": tuple(sorted(VALUES))}),
    ("$(mode == «batch_norm»)", "unknown-name", None),
    ("$(«__class__»)", "unknown-name", None),
    ("$(1//«0»)", "division-by-zero", {"operator": "//"}),
    ("$(1 / «(width - 16)»)", "division-by-zero", {"operator": "/"}),
    ("$(5 % «0.0»)", "division-by-zero", {"operator": "%"}),
    ("$(1 + «0 ** -1»)", "division-by-zero", {"operator": "**"}),
    ("$(«(-8) ** 0.5»)", "complex-result", {"base": -8, "exponent": 0.5}),
    ("$(«9**9**9»)", "value-too-large", {"value": "9 ** 387420489", "maximum": 10**9}),
    ("$(«2.5 ** 99999999»)", "value-too-large", None),
    ("$(1 + «10 ** 10»)", "value-too-large", {"value": "10000000000", "maximum": 10**9}),
    ("$(«1000000000 + 1» - 1)", "value-too-large", {"value": "1000000001", "maximum": 10**9}),
    ("$(«-1000000000 - 1»)", "value-too-large", {"value": "-1000000001", "maximum": 10**9}),
    ("$(«99999 * 99999»)", "value-too-large", {"value": "9999800001", "maximum": 10**9}),
    ("$(«1e-300 / 1e-320»)", "value-too-large", None),
    ("$(«1 / 1e-320»)", "value-too-large", {"value": "inf", "maximum": 10**9}),
    ("$(«sum([1e9, 1])»)", "value-too-large", None),
    ("$(«make_divisible(1000000000, 600000000)»)", "value-too-large", None),
    ("$(«mode» + 1)", "wrong-operand", wrong("+", ("text", "an int"), "two numbers or two lists")),
    ("$(«mode + 'x'»)", "wrong-operand", wrong("+", ("text", "text"), "two numbers or two lists")),
    ("$(«[1]» + 2)", "wrong-operand", wrong("+", ("a list", "an int"), "two numbers or two lists")),
    ("$(1 - «flag»)", "wrong-operand", wrong("-", ("an int", "a bool"), "two numbers")),
    ("$(«[1] + [2]» - 3 + 4)", "wrong-operand", wrong("-", ("a list", "an int"), "two numbers")),
    ("$(-«mode»)", "wrong-operand", wrong("-", ("text",), "a number")),
    ("$(+«flag»)", "wrong-operand", wrong("+", ("a bool",), "a number")),
    ("$(«'%s'» % 1)", "wrong-operand", wrong("%", ("text", "an int"), "two numbers")),
    ('$(«"a"*10**9»)', "not-allowed", refused("repeating text with `*`")),
    ("$(«3 * [0]»)", "not-allowed", refused("repeating a list with `*`")),
    ("$(1 if «width» else 2)", "wrong-operand", wrong("if", ("an int",), "a bool")),
    ("$(not «depths»)", "wrong-operand", wrong("not", ("a list",), "a bool")),
    ("$(flag and «width»)", "wrong-operand", wrong("and", ("an int",), "a bool")),
    ("$(«mode» or flag)", "wrong-operand", wrong("or", ("text",), "a bool")),
    ("$(«width == '16'»)", "wrong-operand", wrong("==", ("an int", "text"), ONE_KIND)),
    ("$(«flag != 1»)", "wrong-operand", wrong("!=", ("a bool", "an int"), ONE_KIND)),
    ("$(«width in ['16']»)", "wrong-operand", wrong("in", ("an int", "text"), ONE_KIND)),
    ("$(«mode» < 3)", "wrong-operand", wrong("<", ("text", "an int"), "two numbers")),
    ("$(«'a' < 'b'»)", "wrong-operand", wrong("<", ("text", "text"), "two numbers")),
    ("$(1 < 2 < «mode»)", "wrong-operand", wrong("<", ("an int", "text"), "two numbers")),
    (
        "$(3 in «width»)",
        "wrong-operand",
        wrong("in", ("an int", "an int"), "a list or text on the right"),
    ),
    (
        "$(«3» not in mode)",
        "wrong-operand",
        wrong("not in", ("an int", "text"), "text on the left of text"),
    ),
    ("$(«width»[0])", "wrong-operand", wrong("[]", ("an int",), "a list")),
    ("$«mode».0", "wrong-operand", wrong("[]", ("text",), "a list")),
    ("$(«depths.0».1)", "wrong-operand", wrong("[]", ("an int",), "a list")),
    ("$(depths[«mode»])", "wrong-operand", wrong("[]", ("text",), "an int as index")),
    ("$(depths[«flag»])", "wrong-operand", wrong("[]", ("a bool",), "an int as index")),
    ("$(depths[«4 / 2»])", "wrong-operand", wrong("[]", ("a float",), "an int as index")),
    ("$(«mode»[0:1])", "wrong-operand", wrong("[:]", ("text",), "a list")),
    ("$(depths[0:«1.0»])", "wrong-operand", wrong("[:]", ("a float",), "an int as bound")),
    ("$depths.«3»", "index-out-of-range", {"index": 3, "length": 3}),
    ("$depths.1.«2»", "index-out-of-range", {"index": 2, "length": 2}),
    ("$(depths[«-4»])", "index-out-of-range", {"index": -4, "length": 3}),
    ("$([][«0»])", "index-out-of-range", {"index": 0, "length": 0}),
    (
        "$(floor(«mode»))",
        "wrong-arguments",
        {
            "function": "floor",
            "signature": "floor(value)",
            "expected": "a number",
            "got": "text",
        },
    ),
    (
        "$(sum(«depths»))",
        "wrong-arguments",
        {
            "function": "sum",
            "signature": "sum(list)",
            "expected": "a list of numbers",
            "got": "a list with a list",
        },
    ),
    ("$(min(«3»))", "wrong-arguments", None),
    ("$(max(«[]»))", "wrong-arguments", None),
    ("$(max(1, «mode»))", "wrong-arguments", None),
    ("$(len(«mode»))", "wrong-arguments", None),
    ("$(round(1, «16»))", "wrong-arguments", None),
    ("$(round(1, «-1000000000»))", "wrong-arguments", None),
    ("$(round(1, «0.5»))", "wrong-arguments", None),
    ("$(make_divisible(8, «0»))", "wrong-arguments", None),
    ("$(make_divisible(8, «8.0»))", "wrong-arguments", None),
]


def unmarked(marked):
    start, end = marked.index("«"), marked.index("»") - 1
    return marked.replace("«", "").replace("»", ""), start, end


@pytest.mark.parametrize(("marked", "rule", "values"), FORM + MEANING)
def test_a_fault_has_its_rule_place_and_values(marked, rule, values):
    text, start, end = unmarked(marked)
    fault = fault_of(text)
    assert (fault.rule, fault.start, fault.end) == (rule, start, end)
    assert values is None or fault.values == values
    assert rule in DOCUMENTED


@pytest.mark.parametrize(("marked", "rule", "values"), FORM)
def test_a_fault_of_form_is_found_without_values(marked, rule, values):
    with pytest.raises(ExpressionFault, match=rule):
        parse(unmarked(marked)[0])


@pytest.mark.parametrize("marked", [case[0] for case in MEANING])
def test_a_fault_of_meaning_is_a_well_formed_text(marked):
    text = unmarked(marked)[0]
    assert parse(text).text == text


def test_the_documented_rules_are_the_rules_of_the_code():
    code = "".join(path.read_text() for path in PACKAGE.glob("*.py"))
    raised = set(re.findall(r'ExpressionFault\(\s*"([a-z-]+)"', code))
    assert raised == DOCUMENTED


def test_every_rule_has_a_case_here():
    assert {rule for _, rule, _ in FORM + MEANING} | {"list-too-long"} == DOCUMENTED


def test_a_text_without_dollar_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="starts with"):
        parse("width")


WORDS = [
    *"$()[].,:+-*/%<>=!'\"{}\\ \n",
    *("**", "//", "==", "and ", "or ", " not ", " in ", " if ", " else ", "true", "false"),
    *("width", "depths", "mode", "flag", "scale", "foo", "max(", "round(", "sum(", "len("),
    *("0", "1", "2.5", "1e9", "1e-3", ".0", ".1", "[0]", "99999999", "make_divisible(", "é", "\0"),
]


def is_value_or_documented_fault(text):
    try:
        parse(text).evaluate(VALUES)
    except ExpressionFault as fault:
        return fault.rule in DOCUMENTED and 0 <= fault.start < fault.end <= len(text)
    return True


@given(st.lists(st.sampled_from(WORDS), max_size=24).map("".join), st.booleans())
def test_any_words_have_a_value_or_a_documented_fault_inside_them(words, enclosed):
    assert is_value_or_documented_fault(f"$({words})" if enclosed else f"${words}")


@given(st.text(max_size=40))
def test_any_characters_have_a_value_or_a_documented_fault_inside_them(characters):
    assert is_value_or_documented_fault("$" + characters)
