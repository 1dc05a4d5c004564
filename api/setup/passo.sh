#!/bin/sh
# Runs one step of the set-up: passo.sh FILE. The file sets TITLE and defines `inputs`, which
# prints all that decides the result, and `run`, which brings it about. The hash of the inputs
# is kept in .setup/; while it is the same, the step is done.
set -eu
step=$1
name=$(basename "$step" .sh)
stamp=.setup/$name
log=.setup/$name.log
mkdir -p .setup
. "$step"

digest() { { cat "$step" && inputs; } | sha256sum | cut -d ' ' -f 1; }

if [ "$(cat "$stamp" 2>/dev/null || true)" = "$(digest)" ]; then
  exit 0
fi
rm -f "$stamp"
printf '%s ... ' "$TITLE"
begin=$(date +%s%N)
# A shell of its own, because `set -e` does not hold inside a condition; what the programs
# print goes to the log, and file descriptor 3 is for the one sentence to the person.
code=0
sh -euc '. "$1"; run' sh "$step" 3>"$log.3" >"$log" 2>&1 || code=$?
if [ "$code" != 0 ]; then
  echo "non riuscito" >&2
  if [ -s "$log.3" ]; then cat "$log.3" >&2; else tail -n 20 "$log" >&2; fi
  echo "(tutti i messaggi sono in $log)" >&2
  exit "$code"
fi
digest >"$stamp"
ms=$((($(date +%s%N) - begin) / 1000000))
printf '%d,%d s\n' $((ms / 1000)) $((ms % 1000 / 100))
