#!/bin/sh
# Sees to the programs that the tests run but Python does not bring: a browser, fonts, a database server.
# system.sh [PROGRAM...]: those as well, where they are missing.
set -eu

here=$(dirname "$0")
fonts=/usr/share/fonts/truetype/noto
wanted=$*
set --
for program in $wanted; do
    command -v "$program" >/dev/null || set -- "$@" "$program"
done
[ -x "${CHROMIUM:-/usr/bin/chromium}" ] || set -- "$@" chromium chromium-headless-shell
[ -e "$fonts/NotoSansArabic-Regular.ttf" ] || set -- "$@" fonts-noto-core
[ -e "$fonts/NotoColorEmoji.ttf" ] || set -- "$@" fonts-noto-color-emoji
if ! command -v initdb >/dev/null && ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then
    set -- "$@" postgresql
fi
# The program that drives the browser is linked against it; a machine with a compiler has it already.
[ -n "$(find /lib /usr/lib /usr/lib64 -name libatomic.so.1 2>/dev/null | head -n 1)" ] || set -- "$@" libatomic1
[ $# = 0 ] || sh "$here/need.sh" "$@"
