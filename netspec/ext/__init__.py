"""Diagrams in documentation: a directive for Sphinx and a fence for Markdown. Neither needs torch or Graphviz.

figures     options as text -> a network and its picture, for both
sphinx      `.. netspec:: specs/googlenet.yaml`
markdown    a `netspec` fence for pymdownx SuperFences, and so for MkDocs
"""
