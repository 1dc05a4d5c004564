// What every page may need: copy buttons, print buttons, focus on the errors of a form.

document.documentElement.classList.add("js");

document.addEventListener("click", (event) => {
  const copy = event.target.closest("[data-copia], [data-copia-da]");
  if (copy) copyText(copy);
  if (event.target.closest("[data-stampa]")) window.print();
});

async function copyText(button) {
  const from = document.getElementById(button.dataset.copiaDa);
  const text = from?.textContent ?? (button.dataset.copia === "indirizzo" ? location.href : button.dataset.copia);
  const said = document.getElementById(button.dataset.esito);
  try {
    await navigator.clipboard.writeText(text);
    said.textContent = "Copiato.";
  } catch {
    // No permission, or an address that is not secure: the reader can still select it.
    said.textContent = from ? "Copia a mano il testo qui accanto." : `Copia a mano: ${text}`;
  }
}

document.getElementById("errori")?.focus();
