"""What a job of the upkeep lane turns on: the process's delivering thread waits for it."""

import threading
from typing import Final

DELIVERIES: Final = threading.Event()
"""Set when webhooks may be owed."""
