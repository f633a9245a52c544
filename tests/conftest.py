"""Hypothesis: as many examples as a quick run bears; `--hypothesis-profile=slow` for a long one."""

from hypothesis import settings

settings.register_profile("quick", deadline=None)
settings.register_profile("slow", deadline=None, max_examples=2000, print_blob=True)
settings.load_profile("quick")
