"""Being written by the other CLI-test helper (it also owns tests/model/, tests/cases/diagnostics/); test_cli.py and test_cli_bad_input.py are left to you."""
