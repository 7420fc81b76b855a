"""One file a format: how a file becomes outputs, verdicts and labels."""

from judgeaudit.readers._columns import build
from judgeaudit.readers._counted import count_file, counted_input
from judgeaudit.readers._from_records import from_records
from judgeaudit.readers._read import read_table
from judgeaudit.readers._records import Records, read_outputs, read_records
from judgeaudit.readers._request import CheckRequest
from judgeaudit.readers._write import interchange_lines, write_interchange

__all__ = [
    "CheckRequest",
    "Records",
    "build",
    "count_file",
    "counted_input",
    "from_records",
    "interchange_lines",
    "read_outputs",
    "read_records",
    "read_table",
    "write_interchange",
]
