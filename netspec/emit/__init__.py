"""Graph -> Python source -> torch module. Import `python_source` and `torch_module` from here by name."""
