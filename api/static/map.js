// The map: MapLibre draws, the server says. Everything done here can be done without it.

const config = JSON.parse(document.getElementById("configurazione").textContent);
const place = document.getElementById("mappa");
const panel = document.getElementById("pannello");
const notice = document.getElementById("mappa-avviso");
const dayField = document.getElementById("alla_data");
const boxes = [...document.querySelectorAll("input[name=strati]")];
const invitation = panel.querySelector(".pannello-invito")?.cloneNode(true);

const PICKED = ["edifici", "particelle"];
const LOCALE = {
  "Map.Title": "Mappa degli edifici",
  "NavigationControl.ZoomIn": "Ingrandisci",
  "NavigationControl.ZoomOut": "Riduci",
  "NavigationControl.ResetBearing": "Riporta il nord in alto",
  "GeolocateControl.FindMyLocation": "Vai dove sono",
  "GeolocateControl.LocationNotAvailable": "Posizione non disponibile",
  "ScaleControl.Meters": "m",
  "ScaleControl.Kilometers": "km",
  "CooperativeGesturesHandler.MobileHelpText": "Usa due dita per spostare la mappa",
};

const state = { object: null, day: config.alla_data, layers: [...config.strati] };
let map = null;
let drawing = null;

function say(text) { notice.textContent = text; }

function fail(reason) {
  place.dataset.stato = "errore";
  place.hidden = true;
  document.getElementById("mappa-guasta").hidden = false;
  console.info(reason);
}

// ---- address -------------------------------------------------------------------------------

function address() {
  const query = new URLSearchParams();
  if (state.object?.codice) query.set(state.object.strato === "edifici" ? "edificio" : "particella", state.object.codice);
  if (state.day) query.set("alla_data", state.day);
  if (state.layers.join() !== config.iniziali.join()) query.set("strati", state.layers.join());
  if (config.selezione.length) query.set("selezione", new URLSearchParams(location.search).get("selezione") ?? "");
  if (map) {
    const { lng, lat } = map.getCenter();
    query.set("v", `${map.getZoom().toFixed(2)}/${lat.toFixed(6)}/${lng.toFixed(6)}`);
  }
  return `/mappa?${query}`.replaceAll("%2F", "/").replaceAll("%2C", ",");
}

function remember(push) {
  const memory = { object: state.object, day: state.day, layers: state.layers };
  if (push) history.pushState(memory, "", address());
  else history.replaceState(memory, "", address());
  const list = new URLSearchParams();
  if (state.day) list.set("alla_data", state.day);
  if (map) list.set("bbox", map.getBounds().toArray().flat().map((n) => n.toFixed(6)).join());
  document.getElementById("in-elenco").href = `/cerca?${list}`;
}

// ---- panel ---------------------------------------------------------------------------------

function highlight() {
  for (const layer of PICKED) {
    const id = state.object?.strato === layer ? Number(state.object.id) : -1;
    map?.setFilter(`${layer}-scelto`, ["==", ["id"], id]);
  }
}

function read() {
  const found = panel.querySelector(".pannello");
  if (!found?.dataset.strato) return null;
  const [lon, lat] = (found.dataset.punto ?? "").split(",").map(Number);
  return { ...found.dataset, punto: lat ? [lon, lat] : null };
}

async function open(path, { push = true, focus = true, go = false } = {}) {
  const query = new URLSearchParams();
  if (state.day) query.set("alla_data", state.day);
  const joint = path.includes("?") ? "&" : "?";
  let html;
  try {
    const answer = await fetch(`/frammenti/${path}${joint}${query}`);
    html = await answer.text();
  } catch {
    html = '<div class="alert alert-danger" role="alert"><p class="mb-0">Il pannello non si carica: riprova.</p></div>';
  }
  panel.innerHTML = html;
  state.object = read();
  if (map) {
    highlight();
    if (go && state.object?.punto) map.jumpTo({ center: state.object.punto, zoom: Math.max(map.getZoom(), 17) });
  }
  remember(push);
  if (focus) panel.querySelector("h2")?.focus();
}

function close({ push = true } = {}) {
  panel.replaceChildren();
  if (invitation) panel.append(invitation.cloneNode(true));
  state.object = null;
  highlight();
  if (push) remember(true);
  map?.getCanvas().focus();
}

panel.addEventListener("click", (event) => {
  const link = event.target.closest("[data-apri]");
  if (event.target.closest("[data-chiudi]")) close();
  if (link && map) {
    event.preventDefault();
    open(link.dataset.apri, { go: true });
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  if (drawing) stopDrawing();
  else if (state.object || panel.querySelector(".pannello")) close();
});

// The search box offers its choice here first.
document.addEventListener("scelto", (event) => {
  const found = event.detail.match(/^\/(edifici|particelle)\/([^/?]+)/);
  const street = event.detail.match(/^\/mappa\?.*v=([\d.]+)\/([\d.]+)\/([\d.]+)/);
  if (!map || !(found || street)) return;
  event.preventDefault();
  if (found) open(`${found[1]}/${found[2]}`, { go: true });
  else map.jumpTo({ zoom: Number(street[1]), center: [Number(street[3]), Number(street[2])] });
});

// ---- picking -------------------------------------------------------------------------------

function under(where) {
  const layers = PICKED.filter((layer) => map.getLayer(layer));
  const ids = { edifici: new Set(), particelle: new Set() };
  for (const feature of map.queryRenderedFeatures(where, { layers })) {
    const street = feature.sourceLayer === "particelle" && ["strada", "acqua"].includes(feature.properties.classe);
    if (!street) ids[feature.sourceLayer].add(feature.id);
  }
  return { edifici: [...ids.edifici], particelle: [...ids.particelle] };
}

function show({ edifici, particelle }) {
  if (edifici.length === 1) open(`edifici/${edifici[0]}`);
  else if (edifici.length > 1) open(`oggetti?edifici=${edifici.slice(0, 20)}&particelle=${particelle.slice(0, 20)}`);
  else if (particelle.length === 1) open(`particelle/${particelle[0]}`);
  else if (particelle.length > 1) open(`oggetti?particelle=${particelle.slice(0, 20)}`);
  else return false;
  return true;
}

// A building within a finger's breadth of the centre, else the plot under it, else a building in view.
function nearest() {
  const { clientWidth: width, clientHeight: height } = map.getCanvas();
  const middle = [width / 2, height / 2];
  const within = (reach) => [[middle[0] - reach, middle[1] - reach], [middle[0] + reach, middle[1] + reach]];
  for (const reach of [1, 8, 20, 40, 0, 80, 160, 320]) {
    const found = reach ? under(within(reach)).edifici : [];
    if (found.length) return show({ edifici: [closest(found, middle, within(reach))], particelle: [] });
    const plot = reach ? [] : under(middle).particelle;
    if (plot.length) return show({ edifici: [], particelle: plot.slice(0, 1) });
  }
  say(map.getZoom() < 14 ? "Ingrandisci per vedere gli edifici." : "Non c’è nessun edificio vicino al centro.");
  return false;
}

function closest(ids, middle, box) {
  let best = ids[0];
  let least = Infinity;
  for (const feature of map.queryRenderedFeatures(box, { layers: ["edifici"] })) {
    if (!ids.includes(feature.id)) continue;
    const ring = feature.geometry.coordinates.flat(feature.geometry.type === "Polygon" ? 1 : 2);
    for (const point of ring) {
      const at = map.project(point);
      const away = Math.hypot(at.x - middle[0], at.y - middle[1]);
      if (away < least) { least = away; best = feature.id; }
    }
  }
  return best;
}

// ---- layers and day ------------------------------------------------------------------------

function applyLayers() {
  for (const layer of map.getStyle().layers) {
    const name = layer.metadata?.interruttore;
    if (name) map.setLayoutProperty(layer.id, "visibility", state.layers.includes(name) ? "visible" : "none");
  }
  for (const box of boxes) box.checked = state.layers.includes(box.value);
}

function applyDay() {
  const { sources } = map.getStyle();
  for (const [name, source] of Object.entries(sources)) {
    if (source.type !== "vector") continue;
    map.getSource(name).setTiles(source.tiles.map((tile) => {
      const [path, query] = tile.split("?");
      const parameters = new URLSearchParams(query);
      if (state.day) parameters.set("alla_data", state.day);
      else parameters.delete("alla_data");
      return `${path}?${parameters}`;
    }));
  }
  if (state.day) dayField.value = state.day;
}

for (const box of boxes) {
  box.addEventListener("change", () => {
    state.layers = boxes.filter((one) => one.checked).map((one) => one.value);
    applyLayers();
    remember(true);
  });
}

function changeDay() {
  if (!dayField.value || dayField.value === state.day) return;
  state.day = dayField.value;
  applyDay();
  if (state.object) open(`${state.object.strato}/${state.object.codice}`, { focus: false });
  else remember(true);
}

dayField.addEventListener("change", () => map && changeDay());
document.getElementById("mappa-tempo").addEventListener("submit", (event) => {
  if (!map) return;
  event.preventDefault();
  changeDay();
});

window.addEventListener("popstate", (event) => {
  const memory = event.state;
  if (!memory && location.hash) return; // a skip link: the same page, another place in it
  if (!map || !memory) { location.reload(); return; }
  const dayChanged = memory.day !== state.day;
  state.day = memory.day;
  state.layers = [...memory.layers];
  applyLayers();
  if (dayChanged) applyDay();
  const view = new URLSearchParams(location.search).get("v")?.split("/").map(Number);
  if (view) map.jumpTo({ zoom: view[0], center: [view[2], view[1]] });
  if (memory.object) open(`${memory.object.strato}/${memory.object.codice}`, { push: false, focus: false });
  else if (state.object) close({ push: false });
});

// ---- drawing an area -----------------------------------------------------------------------

const drawButton = document.getElementById("disegna");
const drawDone = document.getElementById("disegna-fine");
const drawHelp = document.getElementById("disegna-aiuto");

function drawn() {
  const ring = drawing ?? [];
  const line = { type: "Feature", properties: {}, geometry: { type: "LineString", coordinates: ring.length > 2 ? [...ring, ring[0]] : ring } };
  const points = ring.map((coordinates) => ({ type: "Feature", properties: {}, geometry: { type: "Point", coordinates } }));
  map.getSource("disegno").setData({ type: "FeatureCollection", features: ring.length > 1 ? [line, ...points] : points });
  drawDone.hidden = ring.length < 3;
  drawHelp.textContent = drawing
    ? `${ring.length === 1 ? "Un vertice" : `${ring.length} vertici`}. Fai clic per aggiungerne; con la tastiera, Invio mette un vertice al centro della mappa. Esc annulla.`
    : "";
}

function stopDrawing() {
  drawing = null;
  drawButton.setAttribute("aria-pressed", "false");
  drawn();
}

drawButton.addEventListener("click", () => {
  if (drawing) { stopDrawing(); return; }
  drawing = [];
  drawButton.setAttribute("aria-pressed", "true");
  drawn();
  map.getCanvas().focus();
});

drawDone.addEventListener("click", () => {
  const area = drawing.map(([lon, lat]) => `${lon.toFixed(6)} ${lat.toFixed(6)}`).join(",");
  const query = new URLSearchParams({ area });
  if (state.day) query.set("alla_data", state.day);
  location.assign(`/selezione?${query}`);
});

function addVertex({ lng, lat }) {
  drawing.push([lng, lat]);
  drawn();
}

// ---- start ---------------------------------------------------------------------------------

function hatch(name) {
  const [, angle, colour] = name.match(/^tratteggio-(\d+)-([0-9a-f]{6})$/) ?? [];
  if (!colour) return;
  const size = 12;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size;
  const pen = canvas.getContext("2d");
  pen.strokeStyle = `#${colour}`;
  pen.lineWidth = 1.4;
  const lines = { 0: [[0, 6, 12, 6]], 90: [[6, 0, 6, 12]], 45: [[-3, 3, 3, -3], [0, 12, 12, 0], [9, 15, 15, 9]], 135: [[-3, 9, 3, 15], [0, 0, 12, 12], [9, -3, 15, 3]] };
  for (const [x1, y1, x2, y2] of lines[angle] ?? []) {
    pen.beginPath();
    pen.moveTo(x1, y1);
    pen.lineTo(x2, y2);
    pen.stroke();
  }
  map.addImage(name, pen.getImageData(0, 0, size, size));
}

function settle() {
  if (config.vista) {
    map.jumpTo({ zoom: config.vista[0], center: [config.vista[2], config.vista[1]] });
  } else if (state.object?.punto) {
    map.jumpTo({ zoom: 17, center: state.object.punto });
  } else {
    const [west, south, east, north] = config.estensione;
    const whole = map.cameraForBounds([[west, south], [east, north]], { padding: 20 });
    // The whole of a large town would show counts only: open where most buildings are.
    if (whole.zoom < 14.2 && config.folto) map.jumpTo({ zoom: 15.5, center: config.folto });
    else map.jumpTo(whole);
  }
}

function ready() {
  map.addSource("disegno", { type: "geojson", data: { type: "FeatureCollection", features: [] } });
  map.addLayer({ id: "disegno-linea", type: "line", source: "disegno", paint: { "line-color": "#17324d", "line-width": 3, "line-dasharray": [2, 1] } });
  map.addLayer({ id: "disegno-punti", type: "circle", source: "disegno", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-radius": 5, "circle-color": "#ffffff", "circle-stroke-color": "#17324d", "circle-stroke-width": 2 } });
  if (config.selezione.length) map.setFilter("edifici-selezione", ["in", ["id"], ["literal", config.selezione]]);
  highlight();
  remember(false);
  map.once("idle", () => { place.dataset.stato = "pronta"; });
}

function listen() {
  let told = false;
  map.setMissingStyleImageResolver(hatch);
  map.on("load", ready);
  map.on("moveend", () => remember(false));
  map.on("click", (event) => {
    if (drawing) addVertex(event.lngLat);
    else if (!show(under(event.point)) && map.getZoom() < 14) say("Ingrandisci per scegliere un edificio.");
  });
  map.on("mousemove", (event) => {
    map.getCanvas().classList.toggle("si-sceglie", !drawing && under(event.point).edifici.length > 0);
  });
  map.on("error", (event) => {
    if (told) return;
    told = true;
    say("Una parte della mappa non si è caricata. Sposta la mappa o ricarica la pagina.");
    console.info(String(event.error?.message ?? "map error"));
  });
  map.getCanvas().addEventListener("webglcontextlost", () => say("La mappa si è fermata: ricarica la pagina."));
  map.getCanvas().addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    if (drawing) addVertex(map.getCenter());
    else nearest();
  });
}

async function start() {
  state.object = read();
  const query = new URLSearchParams({ strati: state.layers.join() });
  if (state.day) query.set("alla_data", state.day);
  const [maplibre, answer] = await Promise.all([import(config.maplibre), fetch(`${config.stile}?${query}`)]);
  if (!answer.ok) throw new Error(`style: ${answer.status}`);
  const style = await answer.json();
  for (const source of Object.values(style.sources)) {
    // Asked for by a worker, which wants whole addresses.
    source.tiles = source.tiles.map((tile) => location.origin + tile);
  }
  map = new maplibre.Map({
    container: place, style, locale: LOCALE, attributionControl: false, fadeDuration: 0,
    dragRotate: false, pitchWithRotate: false, touchPitch: false, maxZoom: 20.5, minZoom: 4,
    center: [12.5, 42], zoom: 5,
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new maplibre.NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new maplibre.ScaleControl({ unit: "metric" }), "bottom-left");
  window.mappa = map;
  listen();
  settle();
}

start().catch((error) => { map = null; fail(error); });
