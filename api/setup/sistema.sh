# Step: what comes as a package of the system: PostgreSQL with PostGIS, Pango for the PDFs,
# Node for the page assets, and what Python needs to make an environment.
TITLE="Pacchetti del sistema"
. api/setup/apt.sh
. api/setup/trova_python.sh

inputs() {
  cat api/setup/apt.sh api/setup/trova_python.sh
  missing
}

run() {
  [ -n "$(missing)" ] || return 0
  apt_update
  # shellcheck disable=SC2046 # a list of words is meant
  apt_install $(missing)
  if has_no_postgis && [ -z "${TERRITORIO_DATABASE_URL-}" ]; then
    say "Dopo l'installazione non trovo ancora PostgreSQL >= 15 con PostGIS >= 3.3."
    return 3
  fi
}

# Prints the packages that are needed and not there.
missing() {
  [ -e /etc/ssl/certs/ca-certificates.crt ] || echo ca-certificates
  missing_python
  if [ -z "${TERRITORIO_DATABASE_URL-}" ] && has_no_postgis; then missing_postgis; fi
  missing_library libpango-1.0.so.0 libpango-1.0-0
  missing_library libpangoft2-1.0.so.0 libpangoft2-1.0-0
  missing_library libharfbuzz-subset.so.0 libharfbuzz-subset0
  [ -d /usr/share/fonts/truetype ] || echo fonts-dejavu-core
  if ! node --version 2>/dev/null | grep -qE '^v(1[89]|[2-9][0-9])'; then echo nodejs; fi
  command -v npm >/dev/null || echo npm
}

missing_python() {
  python=$(find_python)
  if [ -z "$python" ]; then
    # An old Python is enough to bring uv, which brings a new one.
    python3 -c 'import ensurepip, venv' 2>/dev/null || echo python3 python3-venv
  elif ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    echo "$(basename "$(readlink -f "$python")")-venv"
  fi
}

missing_library() {
  /sbin/ldconfig -p | grep -qF "$1 " || echo "$2"
}

has_no_postgis() {
  for server in /usr/lib/postgresql/*/bin/initdb; do
    version=$(basename "${server%/bin/initdb}")
    if [ -x "$server" ] && [ "$version" -ge 15 ] &&
      [ -e "/usr/lib/postgresql/$version/lib/postgis-3.so" ]; then
      return 1
    fi
  done
  if bin=$(pg_config --bindir 2>/dev/null) && [ -x "$bin/initdb" ] &&
    [ -e "$(pg_config --pkglibdir)/postgis-3.so" ]; then
    return 1
  fi
}

# Prints the server to install: one that is there already and lacks PostGIS, else the newest.
missing_postgis() {
  offered=$(apt-cache search --names-only '^postgresql-[0-9]+-postgis-3$' 2>/dev/null |
    sed -E 's/^postgresql-([0-9]+)-.*/\1/' | sort -n | awk '$1 >= 15')
  newest=$(echo "$offered" | tail -n 1)
  for version in $offered; do
    if [ -x "/usr/lib/postgresql/$version/bin/initdb" ]; then newest=$version; fi
  done
  : "${newest:=$(default_version)}"
  echo "postgresql-$newest" "postgresql-$newest-postgis-3"
}

# Before the first `apt-get update` apt offers nothing yet.
default_version() {
  case "$(. /etc/os-release 2>/dev/null && echo "${ID-}${VERSION_ID-}")" in
    debian12) echo 15 ;;
    ubuntu24.04) echo 16 ;;
    *) echo 17 ;;
  esac
}
