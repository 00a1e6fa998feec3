"""NS5xx: what goes wrong outside the spec. Their sentences stand where they are raised (`UsageError`)."""

from __future__ import annotations

from netspec.messages.page import Page, page

PAGES: tuple[Page, ...] = (
    page(
        "NS501",
        "a file that cannot be read",
        """
        The spec is missing, is a folder or a device, or may not be read. Only plain files are opened, so
        that a pipe cannot keep netspec waiting; `-` reads standard input.
        """,
        wrong="netspec check nte.yaml",
        right="netspec check net.yaml",
    ),
    page(
        "NS502",
        "PyTorch is not installed",
        """
        Checking, tables, diagrams and source need no PyTorch; only building a module does. Install it
        with `pip install torch`, or use `netspec emit` and run the source elsewhere.
        """,
        wrong="netspec build net.yaml",
        right="netspec emit net.yaml -o net.py",
    ),
    page(
        "NS503",
        "a file that cannot be written",
        """
        Its folder cannot be made or is read-only, or the disk is full. Files are written under another name and
        then renamed, so an old file is still whole.
        """,
        wrong="netspec emit net.yaml -o net.yaml/net.py",
        right="netspec emit net.yaml -o net.py",
    ),
    page(
        "NS504",
        "Graphviz is missing or failed",
        """
        PNG and PDF are painted by Graphviz, and `--engine dot` is its own layout; nothing else needs it.
        Install it from https://graphviz.org/download, or give the path of its `dot` in `DOT_BINARY`. Where it
        is missing, a `.gv` is written beside the file that was asked for, unless there is one: later
        `neato -n2 -Tpng net.gv -o net.png` paints it.
        """,
        wrong="DOT_BINARY=/nowhere/dot netspec draw net.yaml -o net.png",
        right="DOT_BINARY=/nowhere/dot netspec draw net.yaml -o net.svg",
    ),
    page(
        "NS505",
        "an output that would overwrite the spec",
        """
        The name of the output is the spec itself, or a file that it imports, perhaps by way of a link. Give
        another one.
        `netspec new` overwrites no file at all.
        """,
        wrong="netspec emit net.yaml -o net.yaml",
        right="netspec emit net.yaml -o net.py",
    ),
    page(
        "NS506",
        "an option with a wrong value",
        """
        A value on the command line cannot be read. `netspec COMMAND --help` shows what each option takes:
        `--set num_classes=10`, `--input 3x96x96`, `-o net.svg`.
        """,
        wrong="netspec check net.yaml --input 3by96",
        right="netspec check net.yaml --input 3x96x96",
    ),
)
