"""The only writers of sign-in, with `bookkeeping`."""
