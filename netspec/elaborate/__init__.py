"""Document -> Graph: the one place where a fact (7 does not fit 5) becomes a located diagnostic."""

from netspec.elaborate.blame import Sketch
from netspec.elaborate.definitions import Library, YamlBlock, YamlPreset
from netspec.elaborate.importing import library_of
from netspec.elaborate.names import name_problem
from netspec.elaborate.network import Elaboration, elaborate, sketch, unneeded_allowances
from netspec.elaborate.origin import Origin
from netspec.elaborate.parameters import Parameter
from netspec.elaborate.settings import Given, choices

__all__ = [
    "Elaboration",
    "Given",
    "Library",
    "Origin",
    "Parameter",
    "Sketch",
    "YamlBlock",
    "YamlPreset",
    "choices",
    "elaborate",
    "library_of",
    "name_problem",
    "sketch",
    "unneeded_allowances",
]
