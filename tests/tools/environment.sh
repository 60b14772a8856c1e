#!/bin/sh
# Makes the Python environment.   environment.sh FOLDER   (PYTHON= names the interpreter)
set -eu

here=$(dirname "$0")
python=${PYTHON:-python3}
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "Stigen needs Python 3.11 or newer; $python is $("$python" --version 2>&1). Try: make PYTHON=python3.12 …" >&2
    exit 1
fi
# Debian ships Python without the part that makes environments.
"$python" -c 'import ensurepip' 2>/dev/null || sh "$here/need.sh" python3-venv
echo "Making the Python environment …"
"$python" -m venv "$1"
