# For the steps: find a Python we can use. 3.12 comes first: it is the oldest we support, the
# one types and tests are checked against.
PYTHONS="3.12 3.13"

# Prints the real binary of the first usable Python, or nothing.
find_python() {
  for version in $PYTHONS; do
    if (on_path "python$version"); then return 0; fi
  done
  # pyenv keeps its versions off the path, behind shims that obey its own settings.
  for root in "${PYENV_ROOT-}" "${HOME-}/.pyenv" /opt/pyenv; do
    for version in $PYTHONS; do
      for python in "$root/versions/$version".*/bin/python"$version"; do
        if usable "$python"; then return 0; fi
      done
    done
  done
}

on_path() {
  IFS=:
  for folder in $PATH; do
    if usable "$folder/$1"; then return 0; fi
  done
  return 1
}

# Tells whether a binary is a whole Python, and prints it then.
usable() {
  case "$1" in */shims/* | "$PWD"/.venv/*) return 1 ;; esac
  [ -x "$1" ] && "$1" -c 'import ctypes, ssl, sys, zlib; sys.exit(sys.version_info < (3, 12))' \
    2>/dev/null && echo "$1"
}
