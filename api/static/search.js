// The search box as a combobox (ARIA 1.2): options come ready from the server.
// Without this script the form goes to /cerca.

const PAUSE = 180;

for (const form of document.querySelectorAll("[data-ricerca]")) combobox(form);

function combobox(form) {
  const input = form.querySelector("input[type=search]");
  const list = document.createElement("ul");
  const said = document.createElement("div");
  list.className = "opzioni";
  list.id = `${input.id}-opzioni`;
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggerimenti");
  said.className = "visually-hidden";
  said.setAttribute("role", "status");
  form.append(list, said);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");

  let timer = 0;
  let request = null;
  let chosen = -1;

  const options = () => [...list.children];

  function close() {
    clearTimeout(timer);
    request?.abort();
    list.hidden = true;
    list.replaceChildren();
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function choose(n) {
    const all = options();
    if (!all.length) return;
    chosen = (n + all.length) % all.length;
    all.forEach((option, i) => option.setAttribute("aria-selected", String(i === chosen)));
    input.setAttribute("aria-activedescendant", all[chosen].id);
    all[chosen].scrollIntoView({ block: "nearest" });
  }

  function open(option) {
    const go = new CustomEvent("scelto", { bubbles: true, cancelable: true, detail: option.dataset.href });
    const text = option.firstElementChild.textContent;
    close();
    input.value = text;
    // The map takes the choice for itself; everywhere else the page changes.
    if (form.dispatchEvent(go)) location.assign(option.dataset.href);
  }

  async function ask() {
    request?.abort();
    request = new AbortController();
    const mine = request;
    const params = new URLSearchParams({ q: input.value });
    const day = new URLSearchParams(location.search).get("alla_data");
    if (day) params.set("alla_data", day);
    try {
      const answer = await fetch(`/frammenti/suggerimenti?${params}`, { signal: mine.signal });
      if (!answer.ok) throw new Error(answer.statusText);
      const html = await answer.text();
      if (mine !== request) return; // a later question has been asked meanwhile
      list.innerHTML = html;
      options().forEach((option, i) => { option.id = `${input.id}-opzione-${i}`; });
      const count = list.children.length;
      list.hidden = count === 0;
      chosen = -1;
      input.setAttribute("aria-expanded", String(count > 0));
      input.removeAttribute("aria-activedescendant");
      said.textContent = count === 0 ? "Nessun suggerimento" : count === 1 ? "Un suggerimento" : `${count} suggerimenti`;
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    if (input.value.trim().length < 2) close();
    else timer = setTimeout(ask, PAUSE);
  });

  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (list.hidden) return;
      event.preventDefault();
      choose(chosen + (event.key === "ArrowDown" ? 1 : chosen < 0 ? 0 : -1));
    } else if (event.key === "Enter" && chosen >= 0) {
      event.preventDefault();
      open(options()[chosen]);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  });

  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) open(option);
  });
  input.addEventListener("blur", () => setTimeout(close, 150));
}
