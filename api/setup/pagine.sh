# Step: the third-party files of the pages, by npm, packed into api/static/vendor.
TITLE="File delle pagine (npm)"

inputs() {
  cat package.json package-lock.json .npmrc api/assets.mjs
  cat api/static/vendor/stamp.json 2>/dev/null || true
}

run() {
  npm ci --ignore-scripts --no-audit --no-fund --no-progress
  node api/assets.mjs
}
