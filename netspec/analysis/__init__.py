"""What can be read off a finished Graph: rows, subtotals and costs. Nothing here changes it."""

from netspec.analysis.rows import MAC_RULE, Row, Summary, SummaryOutput, summarize

__all__ = ["MAC_RULE", "Row", "Summary", "SummaryOutput", "summarize"]
