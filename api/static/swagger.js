// Shows the OpenAPI description with the vendored Swagger UI, on the developers' page only.

const place = document.getElementById("swagger");
const url = place.dataset.indirizzo;
place.replaceChildren();
window.SwaggerUIBundle({ url, domNode: place, deepLinking: true, validatorUrl: null, supportedSubmitMethods: ["get"] });
