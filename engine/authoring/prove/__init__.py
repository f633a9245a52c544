"""Properties of the whole model for every possible profile: the typed trees become formulas of an SMT solver, its answers statuses and profiles."""
