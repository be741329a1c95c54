"""`python -m preau …` is the `preau` command."""

import sys

from preau.platform.cli import main

if __name__ == "__main__":
    sys.exit(main())
