"""Start a worker: ``python -m workers ROLE``."""

import sys

from workers.main import main

sys.exit(main())
