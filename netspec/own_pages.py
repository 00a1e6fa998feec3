"""Pages of the blocks that a file defines or imports, in the form of the pages of built-in ones."""

from __future__ import annotations

from netspec.elaborate import Library, Parameter, YamlBlock, YamlPreset
from netspec.messages.words import flow
from netspec.pages import BlockPage, FieldPage, block_page, page_lines
from netspec.source import At


def own_names(library: Library) -> tuple[str, ...]:
    """The names of the blocks that a file defines or imports, without broken ones."""
    entries = {**library.own, **library.imported}
    return tuple(n for n, entry in entries.items() if isinstance(entry, YamlBlock | YamlPreset))


def own_page(name: str, library: Library) -> BlockPage:
    """The page of a block that a file can name, built-in ones included.

    Raises:
        KeyError: there is no such block.
    """
    entry = library.own.get(name) or library.imported.get(name)
    if isinstance(entry, YamlBlock):
        headline, _, body = entry.doc.partition("\n\n")
        fields = tuple(_field(parameter) for parameter in entry.parameters.values())
        headline = " ".join(headline.split()) or "A block without a `doc`."
        return BlockPage(name, headline, body, entry.bare_field, fields, None, _where(entry.at))
    if isinstance(entry, YamlPreset):
        base = own_page(entry.block, entry.home.library)
        given = entry.fields.data if entry.fields is not None else {}
        if not isinstance(given, dict):
            given = {base.bare_field or "value": given}
        kept = tuple(
            FieldPage(field.name, field.type, flow(given[field.name]), field.doc)
            if field.name in given
            else field
            for field in base.fields
        )
        headline = f"`{entry.block}` with {flow(given).strip('{}')}." if given else base.headline
        return BlockPage(name, headline, entry.doc, base.bare_field, kept, None, _where(entry.at))
    return block_page(name, library.registry)


def own_overview(library: Library) -> str:
    """The blocks of a file, a line each."""
    rows = [(name, own_page(name, library).headline) for name in own_names(library)]
    return "\n".join(page_lines(rows)) + "\n" if rows else "no blocks of its own\n"


def _field(parameter: Parameter) -> FieldPage:
    default = flow(parameter.default.data) if parameter.default is not None else None
    bounds = ", ".join(f"{key} {value}" for key, value in parameter.bounds.items())
    words = f"{parameter.spelling}, {bounds}" if bounds else parameter.spelling
    return FieldPage(parameter.name, words, default, parameter.doc)


def _where(at: At) -> str:
    span = at.key_span
    return f"{span.file.name}, line {span.line}"
