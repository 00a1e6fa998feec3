"""placeholder"""

from netspec.source.document import At, Document, TextFault
from netspec.source.reader import read_text
from netspec.source.writer import read_data

__all__ = ["At", "Document", "TextFault", "read_data", "read_text"]
