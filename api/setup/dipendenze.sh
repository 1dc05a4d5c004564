# Step: the locked dependencies, checked against their hashes, and the command `territorio`.
TITLE="Dipendenze Python"

inputs() {
  cat requirements-dev.txt pyproject.toml
  cat .setup/python
  [ -x .venv/bin/territorio ] && echo installed
}

run() {
  # uv is ten times faster; it does not read pip's configuration, so on a network where
  # packages come from a place named only there, pip has to do it.
  if ! fill .venv/bin/uv pip install --python .venv/bin/python; then
    fill .venv/bin/python -m pip install --no-input
  fi
}

fill() {
  "$@" --require-hashes -r requirements-dev.txt &&
    "$@" --no-deps --no-build-isolation --editable .
}
