# Step: Debian's GDAL, an old client that the tests ask with. Without it those tests are skipped.
TITLE="GDAL per le prove"
. api/setup/apt.sh

inputs() {
  cat api/setup/apt.sh
  found || true
}

run() {
  ! found || return 0
  apt_update
  apt_install gdal-bin
}

found() { command -v ogr2ogr; }
