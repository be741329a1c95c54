"""Rosters in and out.

Readers (one folder a format) turn files into one neutral `Roster` and know no database; `planning` compares a roster
with the present state and is pure; `applying` writes a plan. The importer, the demo and the export share the model.
"""
