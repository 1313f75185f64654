"""``python -m tests.bench [NAME …]``: run the benchmarks named, or all of them.

A benchmark is a module of this package with a function ``main``.
"""

import sys
from importlib import import_module
from pkgutil import iter_modules

import tests.bench


def main(names: list[str]) -> None:
    known = [module.name for module in iter_modules(tests.bench.__path__)]
    for name in names or known:
        if name not in known:
            sys.exit(f"no benchmark {name!r}; there are: {', '.join(known)}")
        module = import_module(f"tests.bench.{name}")
        if hasattr(module, "main"):
            print(f"\n## {name}\n")  # noqa: T201
            module.main()


main(sys.argv[1:])
