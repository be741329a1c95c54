"""Passwords: how they are hashed, which are refused, and how strong one is in words."""
