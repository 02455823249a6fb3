"""``python -m scanform`` is ``scanform``."""

from __future__ import annotations

from scanform.cli import main

if __name__ == "__main__":
    main()
