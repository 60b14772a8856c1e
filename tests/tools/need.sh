#!/bin/sh
# Installs Debian packages, or says in one line what to ask for.   need.sh PACKAGE...
set -eu

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing $* …"
    # RUNLEVEL keeps a package from starting a service of its own: only its programs are wanted.
    export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1
    if apt-get update -qq && apt-get install -qq -y --no-install-recommends "$@" >/dev/null; then
        exit 0
    fi
fi
echo "This machine lacks $*. Ask whoever looks after it to run: apt-get install $*" >&2
exit 1
