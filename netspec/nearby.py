"""Which file was meant by a path that leads nowhere: one beside it, a spec that netspec ships, a text.

Only names near the given one are looked for, one folder at a time: no tree is walked.
"""

from __future__ import annotations

from pathlib import Path

from netspec.messages.suggest import suggest
from netspec.messages.words import code, join, written
from netspec.starting import shipped_names

_SUFFIXES = (".yaml", ".yml")
_SHORTEST = 3
"""Letters from which on the beginning of a name stands for it."""


def meant(path: Path) -> str | None:
    """What to write instead of a path without a file; None where nothing is near.

    It answers a wrong folder, a misspelt name, a missing suffix, the name of a shipped spec, and the text of a
    spec where its path belongs.
    """
    given = str(path)
    if "\n" in given or given.lstrip().startswith("netspec:"):
        return "that is the text of a spec: netspec.loads(text) reads it"
    found = _near(path)
    if not found and path.parent == Path():
        found = _near(Path("specs") / path)
    name = _stem(path.name)
    same = [file for file in found if _stem(file.name) == name]
    shipped = _alike(name, shipped_names()) if path.parent.name in ("", "specs") else []
    if same or (found and name not in shipped):
        return f"did you mean {join([written(str(file)) for file in same or found], 'or')}?"
    if shipped:
        return f"netspec ships {code(shipped[0])}: netspec new mynet --from {shipped[0]}"
    return None


def _near(path: Path) -> list[Path]:
    """Files near a path, at most three: each of its parts is as it is, or the nearest one that is there."""
    folders = [Path(path.anchor)]
    *above, last = path.relative_to(path.anchor).parts or ("",)
    for part in above:
        folders = [one for folder in folders for one in _entries(folder, part, files=False)]
    return [one for folder in folders for one in _entries(folder, last, files=True)][:3]


def _entries(folder: Path, name: str, *, files: bool) -> list[Path]:
    """What is called so in a folder, else what is called nearly so."""
    if name == ".." or ((folder / name).is_dir() is not files and (folder / name).exists()):
        return [folder / name]
    try:
        there = sorted(one.name for one in folder.iterdir() if one.is_file() is files)
    except OSError:
        return []
    if not files:
        return [folder / one for one in suggest(name, there)]
    there = [one for one in there if one.endswith(_SUFFIXES)]
    return [folder / one for one in _alike(name, there)]


def _alike(name: str, known: list[str]) -> list[str]:
    """Names that are the given one but for its suffix, else near ones, else those that begin with it."""
    stem = _stem(name)
    same = [one for one in known if _stem(one) == stem]
    near = suggest(name, known) or suggest(stem, known)
    begun = [one for one in known if len(stem) >= _SHORTEST and one.startswith(stem)]
    return (same or list(near) or begun)[:3]


def _stem(name: str) -> str:
    for suffix in _SUFFIXES:
        name = name.removesuffix(suffix)
    return name
