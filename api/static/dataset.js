// The map of a dataset, drawn when the reader asks: MapLibre is not fetched before.

const config = JSON.parse(document.getElementById("configurazione").textContent);
const button = document.getElementById("mostra-mappa");
const place = document.getElementById("mappa-dati");
const notice = document.getElementById("mappa-dati-avviso");

const COLOUR = "#0066cc";
const EDGE = "#17324d";
const LOCALE = {
  "Map.Title": "Mappa dei dati",
  "NavigationControl.ZoomIn": "Ingrandisci",
  "NavigationControl.ZoomOut": "Riduci",
};

function layers() {
  const counts = {
    id: "conteggi", type: "circle", source: "dati", "source-layer": `${config.raccolta}_conteggi`,
    paint: {
      "circle-color": COLOUR, "circle-opacity": 0.75, "circle-stroke-color": "#ffffff", "circle-stroke-width": 1,
      "circle-radius": ["interpolate", ["linear"], ["sqrt", ["get", "conteggio"]], 1, 4, 100, 22],
    },
  };
  const of = { source: "dati", "source-layer": config.raccolta };
  const points = {
    ...of, id: "punti", type: "circle",
    paint: { "circle-color": COLOUR, "circle-radius": 4, "circle-stroke-color": "#ffffff", "circle-stroke-width": 1 },
  };
  const areas = [
    { ...of, id: "aree", type: "fill", paint: { "fill-color": COLOUR, "fill-opacity": 0.3 } },
    { ...of, id: "bordi", type: "line", paint: { "line-color": EDGE, "line-width": 1 } },
  ];
  return [counts, ...(config.punti ? [points] : areas)];
}

function dress() {
  const sheet = document.createElement("link");
  sheet.rel = "stylesheet";
  sheet.href = config.stile;
  const come = new Promise((resolve) => { sheet.onload = sheet.onerror = resolve; });
  document.head.append(sheet);
  return come;
}

async function draw() {
  const [maplibre] = await Promise.all([import(config.maplibre), dress()]);
  const [west, south, east, north] = config.riquadro;
  const style = {
    version: 8,
    sources: { dati: { type: "vector", url: location.origin + config.tasselli } },
    layers: [{ id: "fondo", type: "background", paint: { "background-color": "#f4f1ea" } }, ...layers()],
  };
  const map = new maplibre.Map({
    container: place, style, locale: LOCALE, attributionControl: false, fadeDuration: 0, dragRotate: false,
    bounds: [[west, south], [east, north]], fitBoundsOptions: { padding: 20 }, maxZoom: 20,
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new maplibre.NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new maplibre.ScaleControl({ unit: "metric" }), "bottom-left");
  map.on("error", () => { notice.textContent = "Una parte della mappa non si è caricata."; });
  map.once("idle", () => { place.dataset.stato = "pronta"; });
  window.mappa = map;
}

button?.addEventListener("click", async () => {
  const open = place.hidden;
  place.hidden = !open;
  button.setAttribute("aria-expanded", String(open));
  if (!open || place.dataset.stato) return;
  place.dataset.stato = "caricamento";
  try {
    await draw();
  } catch (error) {
    place.hidden = true;
    notice.textContent = "Questo dispositivo non può disegnare la mappa: i dati sono nella tabella.";
    console.info(String(error));
  }
});
