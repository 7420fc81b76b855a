"""Where outputs, judgements and labels are kept: SQLAlchemy Core on a SQLite file or a PostgreSQL server."""

from judgeaudit.store.store import Added, Store
from judgeaudit.store.writer import Writer

__all__ = ["Added", "Store", "Writer"]
