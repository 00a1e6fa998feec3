"""View: a Graph at a level of detail, as a small tree of boxes with words. The one place between the two.

    labels      the words of boxes, frames and tooltips
    parts       what is one box, what is a frame; copies that look the same
    outputs     where the results of the network stand
    drawing     parts become boxes, values become edges
    prose       the description for readers who do not see the picture

Nothing after it knows what an op or a scope is.
"""

from netspec.view.drawing import view
from netspec.view.parts import Level

__all__ = ["Level", "view"]
