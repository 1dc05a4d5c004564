# Step: the Python environment in .venv, with uv to fill it.
TITLE="Ambiente Python"
. api/setup/apt.sh
. api/setup/trova_python.sh

inputs() {
  cat api/setup/trova_python.sh
  # A clone that was moved needs a new one: its commands hold the path.
  pwd
  environment_works && echo works
  uv_requirement
}

run() {
  if ! environment_works; then
    rm -rf .venv
    python=$(find_python)
    [ -n "$python" ] || python=$(python_by_uv)
    "$python" -m venv .venv
  fi
  uv_requirement >.setup/uv.txt
  .venv/bin/python -m pip install -q --require-hashes -r .setup/uv.txt
}

environment_works() {
  grep -qF "$PWD/.venv/bin/" .venv/bin/pip 2>/dev/null &&
    .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null
}

# Prints the lines of the locked requirements that name uv and its hashes.
uv_requirement() {
  awk '/^[a-z0-9]/ { inside = /^uv==/ } inside' requirements-dev.txt
}

# Prints a Python that uv provides, where the machine has none that is new enough.
python_by_uv() {
  uv=$(command -v uv || true)
  if [ -z "$uv" ]; then
    python3 -m venv .setup/uv >&2
    uv_requirement >.setup/uv.txt
    .setup/uv/bin/python -m pip install -q --require-hashes -r .setup/uv.txt >&2
    uv=.setup/uv/bin/uv
  fi
  if ! "$uv" python install -q 3.12 >&2; then
    say "Serve Python 3.12 o successivo: qui non c'è e non è stato possibile scaricarlo." \
      "Installa python3.12 con il suo modulo venv, poi ripeti «make setup»."
    return 3
  fi
  "$uv" python find 3.12
}
