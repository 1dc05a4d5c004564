# Step: what the bench drives and measures beside us: wrk, which asks; ogr2ogr, which exports.
TITLE="Strumenti di misura"
. api/setup/apt.sh

inputs() {
  cat api/setup/apt.sh
  missing
}

run() {
  [ -n "$(missing)" ] || return 0
  apt_update
  # shellcheck disable=SC2046 # a list of words is meant
  apt_install $(missing)
}

missing() {
  command -v wrk >/dev/null || echo wrk
  command -v ogr2ogr >/dev/null || echo gdal-bin
}
