"""Signing in: what proves who somebody is, and for how long it is believed.

Owns passwords, one-use codes, sessions, the log of sign-ins and the link that opens a new instance. Turns requests into
actors: each authenticator is a provider of `kernel.routes.Authenticator` and reads the person's state at every request.
Speaks Argon2id (RFC 9106), cookies (RFC 6265); the protocols of other applications come in `protocols/<standard>/`.
"""
