"""``python -m tests.bench [NAME …]``: run the benchmarks named, or all of them.

A benchmark is a module of this package with a function ``main``.
"""

import signal
import sys
from importlib import import_module
from pkgutil import iter_modules

import tests.bench
from tests.bench.missing import Missing


def main(names: list[str]) -> None:
    # Told to end, it leaves no service behind: what it started is ended on the way out.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    known = [module.name for module in iter_modules(tests.bench.__path__)]
    failed = False
    for name in names or known:
        if name not in known:
            sys.exit(f"no benchmark {name!r}; there are: {', '.join(known)}")
        module = import_module(f"tests.bench.{name}")
        if hasattr(module, "main"):
            print(f"\n## {name}\n")  # noqa: T201
            try:
                module.main()
            except Missing as missing:
                failed = True
                print(f"not run: it needs {missing}")  # noqa: T201
    if failed:
        sys.exit(1)


if __name__ == "__main__":
    main(sys.argv[1:])
