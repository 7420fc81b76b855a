"""Compiled templates, kept where Python keeps the byte code of modules: compiling them is half of what a page costs."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import BytecodeCache
    from jinja2.bccache import Bucket


def kept(folder: Path) -> BytecodeCache | None:
    """The store of a folder's compiled templates, in its ``__pycache__``; None where Python writes no byte code either.

    What is kept knows the hash of its template and the versions of Python and Jinja. A folder that cannot be written, or a
    full disk, costs the time of compiling and nothing else.
    """
    place = folder / "__pycache__"
    if sys.dont_write_bytecode:
        return None
    try:
        place.mkdir(exist_ok=True)
    except OSError:
        return None
    from jinja2 import FileSystemBytecodeCache

    class Kept(FileSystemBytecodeCache):
        def dump_bytecode(self, bucket: Bucket) -> None:
            with contextlib.suppress(OSError):
                super().dump_bytecode(bucket)

    return Kept(str(place))
