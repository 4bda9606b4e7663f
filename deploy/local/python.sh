#!/bin/sh
# Runs `python -m deploy.local …` with the project's Python, or with one that can make it.
set -eu
cd "$(dirname "$0")/../.."
for python in .venv/bin/python python3 python3.13 python3.12 python3.11; do
    if "$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null
    then
        exec "$python" -m deploy.local "$@"
    fi
done
echo "parlour: Python 3.11, 3.12 or 3.13 is needed and none was found on the PATH." >&2
exit 1
