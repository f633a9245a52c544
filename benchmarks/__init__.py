"""Measure Susun: `python -m benchmarks` prints one table, every number of it measured in that run."""
