"""A room imports only itself and rooms above it; heavy packages are never imported at module level."""

from __future__ import annotations

import ast
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "judgeaudit"

ROOMS = [
    {"errors", "model", "text", "table", "kinds", "config"},
    {"store"},
    {"readers"},
    {"models"},
    {"modes"},
    {"probes"},
    {"judges"},
    {"engine"},
    {"people"},
    {"references", "slices"},
    {"sums"},
    {"measures"},
    {"recalibration"},
    {"probing"},
    {"findings"},
    {"audit", "audit_file", "verify"},
    {"gate"},
    {"conclusions"},
    {"report"},
    {"result"},
    {"api"},
    {"cli"},
]
RANK = {name: rank for rank, room in enumerate(ROOMS) for name in room}
HEAVY = {
    "pandas", "sklearn", "openai", "anthropic", "sqlalchemy", "scipy", "krippendorff", "altair", "vl_convert", "aiohttp",
    "jinja2", "xllamacpp", "torch", "transformers", "pyarrow", "httpx2",
}  # fmt: skip


def _imports(tree: ast.Module) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def _room(dotted: str) -> str:
    return dotted.split(".")[1]


def test_every_file_belongs_to_a_room() -> None:
    top = {
        p.stem if p.is_file() else p.name
        for p in PACKAGE.iterdir()
        if p.suffix in {".py", ""} and p.name != "__pycache__"
    }
    strangers = {name for name in top - set(RANK) - {"__init__", "__main__"} if not name.startswith("_")}
    assert not strangers, f"not in the list of rooms: {sorted(strangers)}"


def test_rooms_import_only_rooms_above() -> None:
    wrong = []
    for path in PACKAGE.rglob("*.py"):
        inside = path.relative_to(PACKAGE)
        room = inside.parts[0].removesuffix(".py")
        if room not in RANK:
            continue
        for name in _imports(ast.parse(path.read_text(encoding="utf-8"))):
            if name.startswith("judgeaudit.") and RANK.get(_room(name), 99) > RANK[room]:
                wrong.append(f"{inside} imports {name}")
    assert not wrong, wrong


def test_heavy_packages_are_imported_inside_functions() -> None:
    wrong = []
    for path in PACKAGE.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in tree.body:
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                module = node.module if isinstance(node, ast.ImportFrom) else node.names[0].name
                if module and module.split(".")[0] in HEAVY:
                    wrong.append(f"{path.relative_to(PACKAGE)}:{node.lineno} imports {module}")
    assert not wrong, wrong
