"""NS307 to NS309: files that import each other's blocks."""

from __future__ import annotations

from collections.abc import Sequence

from netspec.messages.page import Page, Said, page, spec
from netspec.messages.words import code, got, written


def import_path(*, path: str, problem: str, **_: object) -> Said:
    """A path that is not a relative path of a YAML file."""
    return Said(
        message=f"{code(path)} cannot be imported: {problem}",
        label="not a path in this project",
        help=("write a path relative to this file, such as `blocks/residual.yaml`",),
    )


def import_outside(*, path: str, root: str, link: bool, **_: object) -> Said:
    """`../../other/blocks.yaml`, or a link that leads there."""
    way = "a link leads out of it" if link else "it lies outside"
    return Said(
        message=f"{code(path)} is not in the project: {way}",
        label="outside the project",
        notes=(
            f"the project is {code(root, 200)}",
            "that is the nearest folder around the spec with `.git` or `pyproject.toml`, or its own",
        ),
        help=("copy the file into the project",),
    )


def import_without_file(*, path: str, **_: object) -> Said:
    """An import in a spec from standard input or from Python."""
    return Said(
        message=f"{code(path)} cannot be imported: this spec is not in a file, and so in no folder",
        label="relative to what?",
        help=("save the spec as a file, or write the blocks under `blocks:`",),
    )


def import_unreadable(*, path: str, problem: str, **_: object) -> Said:
    """A file that is missing, a folder, a pipe, or not to be read."""
    return Said(
        message=f"{code(path)} cannot be imported: {problem}",
        label="cannot be read",
        help=("paths are relative to the file that imports",)
        if problem.startswith("there is no")
        else (),
    )


def import_of_spec(*, path: str, **_: object) -> Said:
    """A whole spec where a file of blocks is meant."""
    return Said(
        message=f"{code(path)} is a spec of its own and cannot be imported",
        label="not a file of blocks",
        notes=("an imported file holds only `doc`, `import`, `defaults` and `blocks`",),
        help=("move the blocks that both need into a file of their own, and import it in both",),
    )


def only_blocks(**_: object) -> Said:
    """A file of blocks where a network is meant."""
    return Said(
        message="this is a file of blocks, and no network",
        label="no `netspec`, `name`, `input` and `layers`",
        help=("`netspec check` checks it; a spec uses it by `import:`",),
    )


def not_imports(*, received: object, **_: object) -> Said:
    """`import: blocks.yaml`."""
    listed = f"[{received}]" if isinstance(received, str) else "[blocks/residual.yaml]"
    return Said(
        message=f"`import` is a list of paths, got {got(received)}",
        label="expected a list of paths",
        help=(f"write {written(f'import: {listed}')}",),
    )


def import_duplicate(*, name: str, path: object, **_: object) -> Said:
    """A block that comes from two files, or from here and from a file."""
    return Said(
        message=f"the block {code(name)} comes from {code(str(path))} and from another place",
        label="brings it a second time",
        help=("rename one of the two; no name means two things in one file",),
    )


def import_circle(*, path: Sequence[str], **_: object) -> Said:
    """Files that lead back to themselves."""
    if len(path) == 2:
        return Said(
            message=f"{code(path[0])} imports itself",
            label="this file",
            help=("delete it: a file sees its own blocks",),
        )
    return Said(
        message=f"{code(path[0])} imports itself by way of {code(path[-2])}",
        label="leads back to where it began",
        notes=(f"the way around: {' -> '.join(map(code, path))}",),
        help=("move what both need into a third file, and import it in both",),
    )


PAGES: tuple[Page, ...] = (
    page(
        "NS307",
        "a file that cannot be imported",
        """
        `import:` lists YAML files by their paths relative to the file that imports them. They lie in the
        project: in the nearest folder around the spec that has `.git` or `pyproject.toml`, or else in the
        folder of the spec, also after links are followed. Only plain files are opened. A spec from
        standard input or from Python text is in no folder and imports nothing. Imported files hold only
        `doc`, `import`, `defaults` and `blocks`.
        """,
        wrong=spec("- unit", sections="import: [blocks/unti.yaml]"),
        right=spec("- unit", sections="import: [blocks/unit.yaml]"),
        beside={"blocks/unit.yaml": "blocks:\n  unit: {layers: [relu]}"},
        rules={
            "import-path": import_path,
            "import-outside": import_outside,
            "import-without-file": import_without_file,
            "import-unreadable": import_unreadable,
            "import-of-spec": import_of_spec,
            "only-blocks": only_blocks,
            "not-imports": not_imports,
        },
    ),
    page(
        "NS308",
        "a block that comes from two places",
        """
        A file sees its own blocks, those of the files that it imports, and the built-in ones; what an
        imported file imports in turn stays there. Two places that give the same name are an error, also
        when they mean the same; only built-in blocks may be replaced by your own.
        """,
        wrong=spec("- unit", sections="import: [plain.yaml, smooth.yaml]"),
        right=spec("- unit", sections="import: [plain.yaml]"),
        beside={
            "plain.yaml": "blocks:\n  unit: {layers: [relu]}",
            "smooth.yaml": "blocks:\n  unit: {layers: [sigmoid]}",
        },
        rules={"import-duplicate": import_duplicate},
    ),
    page(
        "NS309",
        "files that import each other",
        """
        Imports may meet (two files import a third), but they may not lead back to where they began.
        """,
        wrong=spec("- unit", sections="import: [first.yaml]"),
        right=spec("- unit", sections="import: [alone.yaml]"),
        beside={
            "first.yaml": "import: [second.yaml]\nblocks:\n  unit: {layers: [relu]}",
            "second.yaml": "import: [first.yaml]\nblocks:\n  other: {layers: [relu]}",
            "alone.yaml": "blocks:\n  unit: {layers: [relu]}",
        },
        rules={"import-circle": import_circle},
    ),
)
