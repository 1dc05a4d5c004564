# For the steps: install packages of Debian and Ubuntu, or say which ones are missing.

say() { printf '%s\n' "$*" >&3; }

# Prints how to become an administrator: nothing as root, "sudo" if it may be used, or fails.
as_root() {
  if [ "$(id -u)" = 0 ]; then
    return 0
  fi
  command -v sudo >/dev/null || return 1
  # Without a terminal nobody can type a password.
  if [ -e /dev/tty ] && (: </dev/tty) 2>/dev/null; then echo sudo; else sudo -n true && echo sudo; fi
}

apt_install() {
  if ! command -v apt-get >/dev/null; then
    say "Qui non c'è apt: installa PostgreSQL >= 15 con PostGIS >= 3.3, Node >= 18 con npm e Pango," \
      "poi ripeti «make setup» (su Debian i pacchetti sono: $*)."
    return 3
  fi
  if ! root=$(as_root); then
    say "Mancano pacchetti che solo un amministratore può installare: esegua" \
      "«apt-get install --no-install-recommends $*», poi ripeti «make setup»."
    return 3
  fi
  # The package must not make its own cluster on 5432; it is read at the first installation.
  conf=/etc/postgresql-common/createcluster.d/territorio.conf
  $root mkdir -p "$(dirname $conf)"
  echo "create_main_cluster = false" | $root tee $conf >/dev/null
  code=0
  $root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
    -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 "$@" || code=$?
  $root rm -f $conf
  return "$code"
}

apt_update() {
  root=$(as_root) || return 0
  # One unreachable source of another program is no reason to stop.
  $root apt-get update -q -o DPkg::Lock::Timeout=300 || true
}
