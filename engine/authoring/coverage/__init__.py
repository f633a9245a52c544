"""Which rules, rows and comparisons some profiles reach, and examples for those that they do not."""
