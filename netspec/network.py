"""The public API: read a spec, get a `Network`, and everything that can be made of it.

Thin on purpose: every method is one call into the part that does the work.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from netspec.collector import waiting_collector
from netspec.diagnostics import Diagnostic
from netspec.elaborate import Elaboration, Given, Origin, elaborate, unneeded_allowances
from netspec.graph import Graph
from netspec.limits import Limits
from netspec.plugins import Registry, enable
from netspec.reading import Written, file_at, given, read_document, text_or_data, written
from netspec.source import Document, Project

if TYPE_CHECKING:
    import graphviz
    import torch  # noqa: TID251 - for type checkers only
    from torch import nn  # noqa: TID251 - for type checkers only

    from netspec.analysis.rows import Summary
    from netspec.pictures import Drawing, Options
    from netspec.weights.loading import By
    from netspec.weights.report import Report
    from netspec.weights.sources import Source

DEFAULT_LIMITS = Limits()


@dataclass(frozen=True)
class Network:
    """A checked network: every shape, parameter and MAC of it is known, and no torch is needed yet.

    `warnings` are what is right and yet hardly meant, as in `netspec check`; `allowed` those that the
    spec allows by a comment (`# netspec: allow NS908`); `notes` what could not be checked. None of them is
    printed. `variant` is the chosen one of the file's `variants`, None for the file with its defaults.
    `files` are what it was read from, the spec first, then what that imports.

    Example:
        >>> net = loads(
        ...     {"netspec": 1, "name": "tiny", "input": [3, 8, 8], "layers": ["gap", "flatten"]}
        ... )
        >>> net.graph.outputs[0].value.shape
        (3,)
    """

    graph: Graph
    warnings: tuple[Diagnostic, ...] = ()
    allowed: tuple[Diagnostic, ...] = ()
    notes: tuple[str, ...] = ()
    variant: str | None = None
    variants: tuple[str, ...] = ()
    written: Written | None = None
    """The spec and all that was given beside it; None for a graph that no spec was read for."""
    files: tuple[Path, ...] = ()
    limits: Limits = DEFAULT_LIMITS
    _texts: dict[bool, str] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __repr__(self) -> str:
        """`<Network small: 314 parameters, 3x32x32 -> 10>`."""
        return f"<Network {self.graph.in_short}>"

    @property
    def name(self) -> str:
        """The name of the spec, or of its variant: what it is built as."""
        return self.graph.name

    @property
    def rows(self) -> Summary:
        """Typed rows with subtotals: what every table prints."""
        from netspec.analysis.rows import summarize

        return summarize(self.graph)

    def summary(
        self, *, depth: int | None = None, columns: Sequence[str] = ("output", "params", "macs")
    ) -> str:
        """The table as text, at most 100 columns wide; `depth` limits how deep it goes.

        `columns` are any of input, output, params, macs, live, saved, receptive_field, stride.

        Raises:
            UsageError: there is no such column (NS506).
        """
        from netspec.emit.columns import pick
        from netspec.emit.table import text_table

        return text_table(self.rows, depth=depth, columns=pick(columns))

    def explain(self, layer: str) -> str:
        """One layer in words and numbers, at most 80 columns wide; `layer` is its path.

        Where it was written, what it reads and who reads it, its shape and its costs with their formulas,
        and how PyTorch spells it. Of a scope, the layers inside.

        Raises:
            UsageError: there is no such layer (NS506).
        """
        from netspec.explaining import explained
        from netspec.explanation import explanation

        return explanation(explained(self.graph, layer))

    def draw(self, **options: Unpack[Options]) -> Drawing:
        """A picture of the network, from which documents can be painted.

        `level` is `overview`, `blocks` or `full`; `only` the path of a layer that is the whole picture;
        `expand` patterns of layers to show one level deeper; `fold` makes neighbours of one block with
        other widths one frame with a table; `annotate` is `default`, `shape`, `params`, `macs`, `all` or
        `none`; `direction` is `TB` or `LR`; `wrap` breaks a long trunk into columns; `theme` is `light`,
        `dark`, `auto` or `mono`; `engine` is `netspec`, or `dot` for Graphviz' own layout.

        Raises:
            UsageError: an option has a wrong value, or finds no layer (NS506).
        """
        from netspec.pictures import Drawing, picture

        return Drawing(self.graph, picture(options))

    def to_svg(self, **options: Unpack[Options]) -> str:
        """The diagram as an SVG document: the same bytes on every machine, without Graphviz.

        The options are those of `draw`.

        Raises:
            UsageError: an option has a wrong value, or finds no layer (NS506).

        Example:
            >>> net = loads({"netspec": 1, "name": "tiny", "input": [3, 8, 8], "layers": ["gap"]})
            >>> net.to_svg(level="overview", direction="LR").startswith("<svg ")
            True
        """
        return self.draw(**options).to_svg()

    def to_gv(self, **options: Unpack[Options]) -> str:
        """The diagram as a Graphviz document with positions: `neato -n2` paints the same picture.

        The options are those of `draw`.

        Raises:
            UsageError: an option has a wrong value, or finds no layer (NS506).
        """
        return self.draw(**options).to_gv()

    def to_graphviz(self, **options: Unpack[Options]) -> graphviz.Source:
        """The Graphviz document as a `graphviz.Source`, to render or to show in a notebook.

        The options are those of `draw`.

        Raises:
            UsageError: an option has a wrong value, or finds no layer (NS506).
        """
        import graphviz

        return graphviz.Source(self.to_gv(**options), engine="neato")

    def source(self, *, heads: bool = True) -> str:
        """The Python source of the module; `compile` runs exactly this text."""
        if heads not in self._texts:
            from netspec.emit.python_source import python_source

            graph = self.graph if heads else self.graph.without_training_heads()
            self._texts[heads] = python_source(graph)
        return self._texts[heads]

    def expand(self) -> str:
        """The plainest spec that builds this network: no parameters, defaults, repeats or own blocks."""
        from netspec.flat import flat_spec

        return flat_spec(self.graph)

    def compile(
        self,
        *,
        device: str | torch.device | None = None,
        dtype: torch.dtype | None = None,
        seed: int | None = None,
        init: bool = True,
        heads: bool = True,
    ) -> nn.Module:
        """The network as a `torch.nn.Module`; without `heads`, the training-only heads are left out.

        In inference one output is a tensor; with several, and in training with heads, the result is a
        dict by output name. The same `seed` gives the same weights on every device and leaves the
        caller's random numbers alone. `init=False` skips the weights, for those that are loaded next;
        with `device="meta"` nothing takes memory until `netspec.materialize`.

        Raises:
            UsageError: torch is not installed (NS502), or these are more parameters than the limit (NS506).
        """
        from netspec.emit.torch_module import build, check_size, load_root

        check_size(self.graph, device, self.limits.build_parameters)
        made = load_root(self.graph, self.source(heads=heads))
        return build(made, device=device, dtype=dtype, seed=seed, init=init)

    def load_weights(
        self,
        model: nn.Module,
        source: Mapping[str, torch.Tensor] | nn.Module | str | Path | Source,
        *,
        by: By = "name",
        key_map: str | Path | None = None,
        partial: bool = False,
        prefix: str = "",
        input: Sequence[int] | None = None,  # noqa: A002 - the key of the spec
    ) -> Report:
        """Load weights into a model of this network; the answer tells what became of each.

        `source` is a state dict, a module, or the path of a `.safetensors` file. By `"name"` the keys have
        to be the same. By `"order"` layers are paired as they run, whatever they are called: a module is
        run once over `input` (C, H, W), the network's own without; a bare state dict has only the order
        in which its modules were registered, which can be another one. A `key_map` says which is which.

        All is checked before the first weight is copied. `partial` loads what fits; without it one that
        does not, is missing or left over is an error. `prefix` stands before the keys of the source.

        Raises:
            WeightsError: weights do not fit; nothing was loaded (NS511).
            SpecError: the key map has errors (NS514).
            UsageError: the source cannot be read (NS501, NS512), or an argument is wrong (NS506).
        """
        from netspec.weights.loading import Request, load_weights

        pairs = None if key_map is None else read_document(Path(key_map), DEFAULT_LIMITS)
        request = Request(by, pairs, partial, prefix, None if input is None else tuple(input))
        return load_weights(self.graph, model, source, request)

    def save_weights(
        self, model: nn.Module, path: str | Path, *, metadata: Mapping[str, str] | None = None
    ) -> None:
        """Write the weights of a model of this network as a `.safetensors` file, whole or not at all.

        The spec goes with them, its imports and parameters too: `netspec.open_weights` needs no other
        file. `metadata` is kept beside.

        Raises:
            UsageError: the module is not one of this network (NS511) or has no memory (NS512), or the
                file cannot be written (NS503, NS506).
        """
        from netspec.weights.saving import save_weights

        save_weights(self.graph, model, path, written=self.written, metadata=metadata or {})

    def _repr_html_(self) -> str:
        """The picture, for notebooks."""
        return self.draw()._repr_html_()

    def _repr_svg_(self) -> str:
        """The picture, for what a notebook is converted to."""
        return self.to_svg()


def locate(origin: object) -> tuple[str, int] | None:
    """File and line of a node's origin."""
    return origin.line if isinstance(origin, Origin) else None


@waiting_collector()
def load(
    path: str | Path,
    *,
    params: Mapping[str, object] | None = None,
    input: Sequence[int] | None = None,  # noqa: A002 - the key of the spec
    variant: str | None = None,
    limits: Limits = DEFAULT_LIMITS,
    plugins: Sequence[str] = (),
) -> Network:
    """Read a spec file and check it: nothing is built, and torch is not needed.

    `params` are values for the spec's parameters: `{"num_classes": 10}`; `variant` names one of its
    variants, whose values they override. `input` is another input shape, without the batch: `(3, 96, 96)`.
    `limits` are those of the reader, for a large spec. `plugins` are installed packages whose blocks the
    spec may use: they are code, and imported here.

    Raises:
        SpecError: with every error of the spec.
        UsageError: the file cannot be read (NS501), a plug-in cannot be used (NS507), or an argument is of
            a wrong type (NS506).

    Example:
        >>> load("specs/resnet.yaml", variant="resnet50", params={"num_classes": 10})
        <Network resnet50: 23,528,522 parameters, 3x224x224 -> 10>
    """
    file = file_at(path)
    read = read_document(file, limits)
    found = given(params, input, limits, variant)
    return network(read, found, limits, Project(file, limits), enable(plugins))


@waiting_collector()
def loads(
    spec: str | Mapping[str, object],
    *,
    params: Mapping[str, object] | None = None,
    input: Sequence[int] | None = None,  # noqa: A002 - the key of the spec
    variant: str | None = None,
    name: str = "<spec>",
    limits: Limits = DEFAULT_LIMITS,
    plugins: Sequence[str] = (),
) -> Network:
    """Check a spec that is YAML text or data; messages call it `name`; the rest is as in `load`.

    Raises:
        SpecError: with every error of the spec.
        UsageError: a plug-in cannot be used (NS507), or an argument is of a wrong type (NS506).
    """
    read = text_or_data(spec, name, limits)
    found = given(params, input, limits, variant)
    return network(read, found, limits, None, enable(plugins))


@waiting_collector()
def network(
    read: Document,
    given: Given,
    limits: Limits,
    project: Project | None = None,
    registry: Registry | None = None,
) -> Network:
    """A read document -> a checked network.

    `project` has the files that it may import, `registry` the blocks that need no file.

    Raises:
        SpecError: with every error of the spec.
    """
    found: Elaboration = elaborate(read, given, limits, project, registry)
    warnings = found.warnings
    if not found.variants and not given.anything:  # nothing else can need what this one does not
        warnings = (*warnings, *unneeded_allowances(read, found.allowed))
    return Network(
        found.graph,
        warnings=tuple(sorted(warnings, key=lambda one: one.place)),
        allowed=found.allowed,
        notes=found.notes,
        variant=found.variant,
        variants=found.variants,
        written=written(read, given, project),
        files=project.files if project is not None else (),
        limits=limits,
    )
