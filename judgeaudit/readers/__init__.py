"""One file a format: how a file becomes outputs, verdicts and labels."""

from judgeaudit.readers._columns import build
from judgeaudit.readers._read import read_table
from judgeaudit.readers._request import CheckRequest

__all__ = ["CheckRequest", "build", "read_table"]
