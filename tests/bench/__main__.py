"""Print the figures: `make bench`. Each module of this folder that has a `main` is run in turn."""

from __future__ import annotations

import importlib
import pkgutil
import sys

import tests.bench


def main(wanted: list[str]) -> None:
    """Run every bench, or only those named."""
    for module in sorted(pkgutil.iter_modules(tests.bench.__path__), key=lambda found: found.name):
        if module.name == "__main__" or (wanted and module.name not in wanted):
            continue
        run = getattr(importlib.import_module(f"tests.bench.{module.name}"), "main", None)
        if run is not None:
            print(f"== {module.name}", flush=True)
            sys.argv = [module.name]
            run()


if __name__ == "__main__":
    main(sys.argv[1:])
