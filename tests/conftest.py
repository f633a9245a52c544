"""Hypothesis: by default the same few examples every time; `--hypothesis-profile=slow` for many new ones."""

from hypothesis import settings

settings.register_profile("quick", deadline=None, derandomize=True)
settings.register_profile("slow", deadline=None, max_examples=2000, print_blob=True)
settings.load_profile("quick")
