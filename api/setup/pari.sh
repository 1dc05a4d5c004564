# Step: the other servers of the bench, pygeoapi and tipg as they come, in an environment of
# their own: what they need must not decide what we run with.
TITLE="Server di confronto"

inputs() {
  cat tests/bench/ogc/pari.txt .setup/python
  .peers/bin/python -c 'import pygeoapi, tipg' 2>/dev/null && echo installed
}

run() {
  rm -rf .peers
  .venv/bin/python -m venv .peers
  # uv is ten times faster; where packages come from a place that only pip knows, pip does it.
  if ! .venv/bin/uv pip install --python .peers/bin/python --require-hashes -r tests/bench/ogc/pari.txt; then
    .peers/bin/python -m pip install --no-input --require-hashes -r tests/bench/ogc/pari.txt
  fi
}
