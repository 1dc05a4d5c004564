// Shows the OpenAPI description with the vendored Swagger UI, on its own page only.

const place = document.getElementById("swagger");
const url = place.dataset.indirizzo;
place.replaceChildren();
window.SwaggerUIBundle({
  url, domNode: place, deepLinking: true, validatorUrl: null, supportedSubmitMethods: ["get"],
  defaultModelsExpandDepth: -1, // the models are in openapi.json
  onComplete() { place.dataset.stato = "pronta"; },
});
