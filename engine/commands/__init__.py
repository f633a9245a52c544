"""What each command does, as functions that return an exit code: 0 done, 1 found something, 2 wrong usage."""
