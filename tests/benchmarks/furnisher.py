"""One process that furnishes some of many small salons: told by standard input which.

It takes ready schemas from the pool, which somebody else fills meanwhile.
"""

import json
import os
import sys

import django

from tests.benchmarks.environment import ENVIRONMENT


def main() -> None:
    from tenant_apps.demo.load import seed_small
    from tests.benchmarks.salons import plan_of_small

    order = json.loads(sys.stdin.read())
    seed_small(order["numbers"], plan_of_small(), order["password_hash"], on_done=lambda: None)


if __name__ == "__main__":
    os.environ.update(ENVIRONMENT)
    django.setup()
    main()
