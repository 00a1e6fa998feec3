"""View: a Graph at a level of detail, as a small tree of boxes with words. The one place between the two.

    detail      how much is shown, and which numbers
    excerpt     what the picture is of: the network, or one layer of it
    faults      what is wrong in it, where the network is a sketch of a spec with errors
    labels      the words of boxes, frames and tooltips
    likeness    which neighbours may be one frame
    parts       what is one box, what is a frame
    stretches   parts of a network that is too large to be drawn layer by layer
    terminals   where inputs and results stand
    widths      the table of a frame that stands for blocks with several widths
    drawing     parts become boxes, values become edges
    prose       the description for readers who do not see the picture

Nothing after it knows what an op or a scope is.
"""

from netspec.view.detail import Annotate, Detail, Level
from netspec.view.drawing import view

__all__ = ["Annotate", "Detail", "Level", "view"]
