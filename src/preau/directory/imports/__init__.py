"""Carrying an import from files to directory: what pages, jobs and the command line share around the actions.

`running` reads, simulates and applies; `deposits` keeps uploaded files and what was decided about them on disk;
`listing` keeps what a simulation showed; `saying` puts codes into sentences.
"""
