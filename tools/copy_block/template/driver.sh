#!/bin/sh
# Runs {{block}} in the project's own Python environment, or with python3 of PATH where there is none.
root=$(cd "$(dirname "$(readlink -f "$0")")/../.." && pwd -P) || exit 1
python=$root/.venv/bin/python
[ -x "$python" ] || python=python3
PYTHONPATH=$root/python:$root/flink/python${PYTHONPATH:+:$PYTHONPATH}
export PYTHONPATH
exec "$python" "$root/{{driver}}.py" "$@"
