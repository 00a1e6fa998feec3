"""Weights of other places into a network, and a network's weights into files.

What is loaded where is decided without torch, on names and shapes alone, and every decision is a line of
the report: nothing is copied before all of it has been checked. Data flows through the files so:

    tensors ─▶ fitting ─▶ pairing ─▶ report        names, shapes and dtypes; which goes where, and why
    sources, execution                             state dicts, modules and files; the order of execution
    loading                                        checks all, then copies

Pickles are refused: opening one runs whatever its author wrote. `.safetensors` files hold tensors only.
Rejected: `load_state_dict(strict=False)`, which does not forgive a shape and tells nothing of the rest.
"""
