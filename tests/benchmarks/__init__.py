"""Benchmarks: run by hand with `python -m tests.benchmarks`; never an assertion on time in a test."""
