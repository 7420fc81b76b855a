"""Which conclusions about fine-tunes and mitigations hold whatever judge, benchmark and handling of gibberish one picks."""

from judgeaudit.conclusions._capability import Capability, read_capability
from judgeaudit.conclusions._conclude import Conclusion, Conclusions, Ranking, conclude
from judgeaudit.conclusions._contrasts import Contrast
from judgeaudit.conclusions._facts import Facts, of_file, of_outputs
from judgeaudit.conclusions._file import SCHEMA, document, dumps
from judgeaudit.conclusions._library import from_file
from judgeaudit.conclusions._read import make_study
from judgeaudit.conclusions._request import (
    CapabilityColumns,
    Columns,
    Settings,
    capability_columns_of,
    columns_of,
    parse_targets,
)
from judgeaudit.conclusions._study import Judge, Run, Study

__all__ = [
    "SCHEMA",
    "Capability",
    "CapabilityColumns",
    "Columns",
    "Conclusion",
    "Conclusions",
    "Contrast",
    "Facts",
    "Judge",
    "Ranking",
    "Run",
    "Settings",
    "Study",
    "capability_columns_of",
    "columns_of",
    "conclude",
    "document",
    "dumps",
    "from_file",
    "make_study",
    "of_file",
    "of_outputs",
    "parse_targets",
    "read_capability",
]
