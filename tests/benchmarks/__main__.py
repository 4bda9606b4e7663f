"""`python -m tests.benchmarks [NAME...]`; `make bench` runs this."""

import os
import signal
import sys

import django

from tests.benchmarks.environment import ENVIRONMENT

if __name__ == "__main__":
    # Before anything that knows a model: this process furnishes salons and makes schemas.
    os.environ.update(ENVIRONMENT)
    django.setup()
    from tests.benchmarks.command import main

    # An exception, so that the servers are stopped on the way out.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    sys.exit(main(sys.argv[1:]))
