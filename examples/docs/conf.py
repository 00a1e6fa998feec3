"""A Sphinx site whose pictures are drawn from specs: `sphinx-build examples/docs build/docs`."""

project = "Networks, drawn from their specs"
author = "The netspec maintainers"
extensions = ["netspec.ext.sphinx"]
html_theme = "furo"
html_title = project
numfig = True
