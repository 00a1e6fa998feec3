"""Expressions: what a YAML scalar that starts with `$` says.

`$name` is a value, `$depths.0` an element, `$(width * 4)` an expression. An expression is a whole
scalar. Precedence and meaning are Python's wherever Python's construct exists here; what differs is
stricter:

- bools are no numbers, and nothing but a bool is true or false (`and`, `or`, `not`, `if`);
- `==`, `!=` and `in` compare values of one kind (int and float are one); a block compares with text,
  by its name; `<` and its kin order numbers; `in` looks for an element of a list, or text within text;
- arithmetic is for numbers, `+` also joins two lists; `*` never repeats text or a list;
- indices and slice bounds are ints; a slice has no step; text is neither indexed nor joined;
- `round(x)` gives the nearest int, halves go to the even one (banker's rounding, as in Python);
- text has no escapes, so a backslash in it is refused;
- every number that is written or computed stays within `Limits.expression_value`, so none is infinite.

Evaluation is lazy, as in Python: the branch of `x if c else y` that is not taken, and the rest of a
decided `and`, `or` or comparison chain, are not evaluated, so an unknown name there goes unnoticed.
`Expression.names` holds every name of the text, to check them up front.

Rejected: `eval`, however fenced, and an allow-list over `ast`: the one runs code, the other accepts
what the grammar of the running Python happens to accept, points at places in its own words, and
leaves bounds on work and recursion to the interpreter.

Faults: `parse` raises the rules down to `unknown-function`, `Expression.evaluate` those from
`division-by-zero` to `wrong-operand`, both raise the last four. All
carry `start` and `end`, characters of the whole scalar, `start < end`. Kinds are words with their
article: `an int`, `a float`, `a bool`, `text`, `a list`, `a block`, `a value of another kind`.

| rule | values | the place |
|---|---|---|
| `bad-number` | `text`; `instead`: the number meant, or None | the number |
| `dollar-inside` | `name`: what follows the inner `$`, may be empty | `$` and name |
| `empty-expression` | - | `$` or `$()` |
| `shell-style` | `name`: the text between the braces | `${...}` |
| `too-long` | `length`, `maximum` | what is over the maximum |
| `trailing-text` | `text`: what follows; `instead`: one expression that holds all, or None | what follows |
| `unclosed-expression` | `bracket`: `$(`, `(` or `[`; `missing`: what closes all | the innermost open bracket |
| `unclosed-text` | `quote` | the quote to the end |
| `unexpected-token` | `found`, `expected` in words; `instead`: how it is written here, or None | the token |
| `unknown-function` | `name`; `functions`: those there are, sorted | the name |
| `division-by-zero` | `operator`: `/`, `//`, `%` or `**` | the divisor, for `**` the power |
| `complex-result` | `base`, `exponent` | the power |
| `index-out-of-range` | `index`, `length` | the index |
| `list-too-long` | `length`: reached when counting stopped; `maximum` | the list or the sum |
| `unknown-name` | `name`; `known`: the names there are, sorted | the name |
| `wrong-operand` | `operator`; `types`: kinds in order; `expected` in words | the wrong operand, or all |
| `not-allowed` | `what` in words; `instead`: what to write, in words, or None | the construct |
| `too-deep` | `maximum` | the token or the list that is one level too deep |
| `value-too-large` | `value`: as text, computed or not (`9 ** 99`); `maximum` | number or operation |
| `wrong-arguments` | `function`, `signature`, `expected` and `got` in words | the call or the argument |

`instead` may be quoted as it stands for a number, a token or an expression; for `not-allowed` it has
its own backticks. The `operator` of an index is `[]`, of a slice `[:]`, of a condition `if`.
"""

from netspec.expressions.expression import Expression, Reference, is_expression, parse
from netspec.expressions.functions import FUNCTIONS
from netspec.expressions.values import Opaque

__all__ = ["FUNCTIONS", "Expression", "Opaque", "Reference", "is_expression", "parse"]
