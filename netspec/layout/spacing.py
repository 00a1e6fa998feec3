"""Every distance of a picture in one table, in pixels."""

from __future__ import annotations

MARGIN = 16.0
"""Around the whole picture."""

BOX_HEIGHT = 38.0
BOX_WIDTH = 104.0
"""The least width; boxes of one frame share the width of the widest."""
LINES_APART = 15.0
"""From the middle of the bold line of a box to the middle of its first small one."""
LINE = 13.0
"""From one small line to the next."""
BOX_PADDING = 12.0
"""Beside the text of a box."""

TITLE_HEIGHT = 26.0
"""The row of a frame's title; the stream passes through it."""
TITLE_GAP = 10.0
"""Between the stream and the words at either side of it."""
TITLE_INDENT = 10.0
FRAME_PADDING = 14.0
"""Between the border of a frame and what is inside, left and right."""
FRAME_LEAD = 6.0
"""From the border of a frame to what is inside, along the stream, where no title is in its way."""
TABLE_GAP = 18.0
"""Beside the table of a frame."""
CELL_GAP = 12.0
"""Between the columns of a table."""
ROW = 15.0
"""From one row of a table to the next."""
COPIES_SHIFT = 4.0
"""How far the second sheet of a frame that stands for several copies looks out."""

STEP = 26.0
"""From one item to the next."""
AFTER_TITLE = 8.0
BEFORE_END = 14.0
FORK = 10.0
"""From an item down to the bus below it."""
FORK_AFTER_TITLE = 4.0
BRANCH = 16.0
"""From a bus down to the branches."""
GATHER = 10.0
"""From the longest branch down to the bus below it."""
MERGE = 18.0
"""From the bus above an item down to the item."""
BETWEEN_BUSES = 10.0
BEHIND_FORK = 16.0
"""From a bus that leads to the side down to the next item."""

COLUMN_GAP = 18.0
"""Between branches."""
LANE_GAP = 16.0
"""From the boxes to the first line beside them."""
LANE = 12.0
"""Between lines that run side by side."""
HANG_GAP = 28.0
"""From the boxes to what hangs beside them."""

WRAP_GAP = 36.0
"""Between two columns of a wrapped picture; the stream goes up there."""
WRAP_LEAD = 14.0
"""From the last item of a column to the bus below it."""
