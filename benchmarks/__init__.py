"""Measurements, each one command: `make bench`, or `make bench ARGS="house importing"`.

Each module has `run() -> dict`: figures with their units in their names. They are printed as one JSON line a module;
`README.md` beside keeps what was seen, on what.
"""
