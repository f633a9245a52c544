"""What changed between two models, what that does to organisations, and which change is responsible."""
