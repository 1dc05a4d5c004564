# Step: the browser of the tests. Without it the browser tests fail, they are not skipped.
TITLE="Chromium per le prove"
. api/setup/apt.sh

inputs() {
  cat api/setup/apt.sh
  found || true
}

run() {
  ! found || return 0
  apt_update
  # On Ubuntu apt's package is a wrapper of the snap, which most containers cannot run.
  if apt-cache policy chromium | grep -E 'Candidate: [0-9]' | grep -qv snap; then
    apt_install chromium
  elif command -v snap >/dev/null && root=$(as_root); then
    $root snap install chromium
  fi
  if ! found; then
    say "Per le prove serve il browser Chromium: installa un pacchetto che dia il comando «chromium»."
    return 3
  fi
}

found() { command -v chromium; }
