#!/bin/sh
# Everything the project needs, from nothing: `make setup`. With the word `prove`, also what
# the tests need; with `banco`, what the bench measures beside us. Each step says what it does
# and how long it took; a step whose inputs have not changed since it was done is skipped.
set -eu
cd "$(dirname "$0")/.."
mkdir -p .setup
# Two set-ups at once: the second waits and finds everything done.
exec 9>.setup/lock
flock 9

for step in sistema python dipendenze pagine; do
  sh api/setup/passo.sh "api/setup/$step.sh"
done
if [ "${1-}" = prove ]; then
  sh api/setup/passo.sh api/setup/chromium.sh
  sh api/setup/passo.sh api/setup/gdal.sh
fi
if [ "${1-}" = banco ]; then
  sh api/setup/passo.sh api/setup/banco.sh
  sh api/setup/passo.sh api/setup/pari.sh
fi
