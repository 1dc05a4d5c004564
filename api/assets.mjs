// Makes api/static/vendor/ from node_modules: our own bundle of Bootstrap Italia, our own
// sprite, the listed files and their licences, each with a gzip copy, and stamp.json, which
// names every file with its SHA-256 so that the server can tell whether the folder is whole.
// Run by `make setup`; skipped when the stamp was made from the same lock file and this file.

import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const OUT = join(ROOT, "api", "static", "vendor");
const MODULES = join(ROOT, "node_modules");
const STAMP = join(OUT, "stamp.json");

const PLUGINS = [
  "navbar-collapsible", "dropdown", "collapse", "accordion", "modal", "tab", "offcanvas",
  "input", "back-to-top",
];

const ICONS = [
  "arrow-down", "arrow-left", "arrow-right", "arrow-up", "burger", "calendar", "check",
  "check-circle", "chevron-left", "chevron-right", "clock", "close", "close-big", "copy",
  "download", "error", "exchange-circle", "expand", "external-link", "file", "file-csv",
  "file-json", "file-pdf-ext", "files", "folder", "funnel", "help-circle", "inbox",
  "info-circle", "link", "list", "locked", "map-marker", "map-marker-circle", "pa", "pencil",
  "pin", "piattaforme", "print", "restore", "search", "settings", "share", "unlocked", "user",
  "warning-circle", "zoom-in", "zoom-out", "horn", "minus-circle", "plus-circle",
];

const FONTS = [
  ["Titillium Web", 400, "normal", "Titillium_Web/titillium-web-v10-latin-ext_latin-regular"],
  ["Titillium Web", 400, "italic", "Titillium_Web/titillium-web-v10-latin-ext_latin-italic"],
  ["Titillium Web", 600, "normal", "Titillium_Web/titillium-web-v10-latin-ext_latin-600"],
  ["Titillium Web", 700, "normal", "Titillium_Web/titillium-web-v10-latin-ext_latin-700"],
  ["Lora", 400, "normal", "Lora/lora-v20-latin-ext_latin-regular"],
  ["Lora", 700, "normal", "Lora/lora-v20-latin-ext_latin-700"],
  ["Roboto Mono", 400, "normal", "Roboto_Mono/roboto-mono-v13-latin-ext_latin-regular"],
];

// What is taken as it is; the shared file of MapLibre is empty today, but earlier 6.x put code there.
const COPIES = {
  "htmx.org": ["dist/htmx.min.js", "LICENSE"],
  "maplibre-gl": [
    "dist/maplibre-gl.mjs", "dist/maplibre-gl-worker.mjs", "dist/maplibre-gl-shared.mjs",
    "dist/maplibre-gl.css", "LICENSE.txt",
  ],
  "swagger-ui-dist": ["swagger-ui-bundle.js", "swagger-ui.css", "LICENSE", "NOTICE"],
};

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

function inputs() {
  const files = [join(ROOT, "package-lock.json"), fileURLToPath(import.meta.url)];
  return sha256(files.map((file) => sha256(readFileSync(file))).join());
}

function folder(name) {
  const { version } = JSON.parse(readFileSync(join(MODULES, name, "package.json"), "utf8"));
  const path = join(OUT, `${name}-${version}`);
  mkdirSync(path, { recursive: true });
  return path;
}

function withoutSourceMap(path) {
  const text = readFileSync(path, "utf8");
  return text.replace(/\n?(\/\/|\/\*)# sourceMappingURL=\S+( \*\/)?\s*$/, "\n");
}

function copyListed() {
  for (const [name, files] of Object.entries(COPIES)) {
    const to = folder(name);
    for (const file of files) {
      const from = join(MODULES, name, file);
      const isText = [".js", ".mjs", ".css"].includes(extname(file));
      if (isText) writeFileSync(join(to, basename(file)), withoutSourceMap(from));
      else cpSync(from, join(to, basename(file)));
    }
  }
}

function fontRules(to) {
  const rules = FONTS.map(([family, weight, style, file]) => {
    const name = `${basename(file)}.woff2`;
    mkdirSync(join(to, "fonts"), { recursive: true });
    cpSync(join(MODULES, "bootstrap-italia/dist/fonts", `${file}.woff2`), join(to, "fonts", name));
    return `@font-face{font-family:"${family}";font-style:${style};font-weight:${weight};` +
      `font-display:swap;src:url(fonts/${name}) format("woff2")}`;
  });
  for (const family of ["Titillium_Web", "Lora"]) {
    cpSync(join(MODULES, "bootstrap-italia/dist/fonts", family, "OFL.txt"), join(to, "fonts", `${family}-OFL.txt`));
  }
  cpSync(join(MODULES, "bootstrap-italia/dist/fonts/Roboto_Mono/LICENSE.txt"), join(to, "fonts/Roboto_Mono-LICENSE.txt"));
  return rules.join("");
}

function sprite() {
  const all = readFileSync(join(MODULES, "bootstrap-italia/dist/svg/sprites.svg"), "utf8");
  const symbols = ICONS.map((icon) => {
    const found = all.match(new RegExp(`<symbol[^>]*\\sid="it-${icon}"[^>]*>.*?</symbol>`, "s"));
    if (!found) throw new Error(`icona assente nello sprite di Bootstrap Italia: it-${icon}`);
    return found[0];
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`;
}

async function bootstrapItalia() {
  const { build } = await import("esbuild");
  const to = folder("bootstrap-italia");
  // Our own bundle: the official one is 297 KB because of a video player and carousels.
  await build({
    stdin: {
      contents: PLUGINS.map((name) => `import "bootstrap-italia/dist/plugins/${name}.js";`).join("\n"),
      resolveDir: ROOT,
    },
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2020",
    legalComments: "inline",
    ignoreAnnotations: true, // the plug-ins are declared free of side effects, yet register themselves
    outfile: join(to, "bootstrap-italia.js"),
  });
  // The package has no rules for the text fonts, and its loader would be one more script.
  const css = withoutSourceMap(join(MODULES, "bootstrap-italia/dist/css/bootstrap-italia.min.css"));
  writeFileSync(join(to, "bootstrap-italia.css"), css.replace(/^(@charset "UTF-8";)?/, `$1${fontRules(to)}`));
  writeFileSync(join(to, "sprite.svg"), sprite());
  cpSync(join(MODULES, "bootstrap-italia/LICENSE"), join(to, "LICENSE"));
}

function* walk(path) {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const inner = join(path, entry.name);
    if (entry.isDirectory()) yield* walk(inner);
    else yield inner;
  }
}

function seal() {
  const files = {};
  for (const path of [...walk(OUT)].sort()) {
    const bytes = readFileSync(path);
    files[relative(OUT, path).replaceAll("\\", "/")] = sha256(bytes);
    if ([".js", ".mjs", ".css", ".svg"].includes(extname(path))) {
      writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
    }
  }
  writeFileSync(STAMP, `${JSON.stringify({ inputs: inputs(), files }, null, 1)}\n`);
  return Object.keys(files).length;
}

if (existsSync(STAMP) && JSON.parse(readFileSync(STAMP, "utf8")).inputs === inputs()) {
  console.log("risorse delle pagine: già pronte");
} else {
  rmSync(OUT, { recursive: true, force: true });
  mkdirSync(OUT, { recursive: true });
  copyListed();
  await bootstrapItalia();
  console.log(`risorse delle pagine: ${seal()} file in api/static/vendor`);
}
