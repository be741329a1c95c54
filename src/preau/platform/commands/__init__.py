"""The platform's own commands: one module each, with `DJANGO`, `add_arguments` and `run`."""
