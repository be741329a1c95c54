"""La rentrée in a browser: a file, its simulation, its progress, its result."""
