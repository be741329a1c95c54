"""Wiring only: settings, addresses, the Starlette root app, the supervisor and the command line.

It owns no table. It reads what rooms declare in their `room.py` and speaks HTTP/1.1 (RFC 9112) and WSGI (PEP 3333).
"""
