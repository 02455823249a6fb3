// The keyboard of the review screen. Buttons name their own keys (data-key: only while the line is
// as it came; data-key-always: at any time), so that what is shown is what works.
"use strict";
(() => {
  const find = (what, where = document) => where.querySelector(what);
  const all = (what, where = document) => [...where.querySelectorAll(what)];
  const line = () => find("#text");
  const untouched = () => !line() || line().value === line().dataset.original;

  const METHODS = ["", "telex", "vni"];
  let method = "";
  try { method = localStorage.getItem("method") ?? ""; } catch { /* private window */ }
  let chosen = -1; // of the completions
  let scale = 1;
  let turns = 0;

  // --- a new answer is on the bench ---------------------------------------------------------
  function begin() {
    chosen = -1;
    scale = 1;
    turns = 0;
    if (!line()) return;
    showMethod();
    line().focus({ preventScroll: true });
    line().select();
  }

  function pictureIsThere() {
    const picture = find("#sheet img");
    return !picture || picture.complete;
  }

  // --- keys -----------------------------------------------------------------------------------
  function keyOf(event) {
    // With Alt some layouts give another sign for a digit: go by the key's place.
    const digit = event.altKey && /^(?:Digit|Numpad)([1-9])$/.exec(event.code);
    return (event.altKey ? "Alt+" : "") + (digit ? digit[1] : event.key);
  }

  function buttonFor(event) {
    const key = CSS.escape(keyOf(event));
    const always = find(`[data-key-always="${key}"]`);
    if (always) return always;
    const inLine = event.target === line() || event.target === document.body;
    return inLine && untouched() ? find(`[data-key="${key}"]`) : null;
  }

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    const dialog = find("dialog[open]");
    if (dialog) {
      if (event.key === "F3" && dialog.id === "page-view") { event.preventDefault(); dialog.close(); }
      return;
    }
    if (!find("#bench-place")) return;
    if (event.key === "F1") { event.preventDefault(); open("help"); return; }
    if (event.key === "Escape") { event.preventDefault(); restore(); return; }
    if (event.target === line()) {
      if (event.key === "Enter" && (event.repeat || !pictureIsThere())) {
        // Nobody accepts what nobody has seen.
        event.preventDefault();
        return;
      }
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        walk(event.key === "ArrowDown" ? 1 : -1);
        return;
      }
    }
    const button = buttonFor(event);
    if (!button) return;
    event.preventDefault();
    const decides = button.type === "submit";
    if (!event.repeat && (!decides || pictureIsThere())) button.click();
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do]");
    if (!button) return;
    const doings = {
      help: () => open("help"),
      note: () => open("note"),
      page: wholePage,
      closer: () => look(1),
      wider: () => look(-1),
      turn,
      telex: () => {
        method = METHODS[(METHODS.indexOf(method) + 1) % METHODS.length];
        keep();
        showMethod();
        line().focus();
      },
      close: () => button.closest("dialog").close(),
    };
    doings[button.dataset.do]?.();
  });

  // --- the line that is typed into ------------------------------------------------------------
  function restore() {
    if (!line()) return;
    line().value = line().dataset.original;
    changed();
    line().focus();
    line().select();
  }

  function changed() {
    const word = find("#enter-word");
    const button = word?.parentElement;
    if (word) word.textContent = untouched() && line().value ? button.dataset.accept : button.dataset.save;
    if (untouched()) suggest([], []);
    else askLater();
  }

  document.addEventListener("input", (event) => {
    if (event.target !== line()) return;
    const kind = line().dataset.kind;
    if (!event.isComposing) {
      if (kind === "digits" || kind === "date") keepMask(kind, event.inputType);
      else if (method) window.composeVietnamese(line(), event.data, method);
    }
    chosen = -1;
    changed();
  });

  // What can't stand in such an answer is not let in; a date gets its strokes from the fifth figure
  // on (four alone may be a year). Whoever sets his own strokes is left alone.
  function keepMask(kind, how) {
    const input = line();
    const caret = input.selectionStart === input.value.length;
    let text = input.value.replace(kind === "date" ? /[^0-9 ./-]/g : /[^0-9 .-]/g, "");
    const figures = text.replaceAll("/", "");
    const strokes = `${figures.slice(0, 2)}/${figures.slice(2, 4)}/${figures.slice(4)}`;
    if (kind === "date" && caret && !how?.startsWith("delete") && /^\d{5,8}$/.test(figures) && [figures, strokes].includes(text)) text = strokes;
    if (text !== input.value) input.value = text;
    const count = find("#figures");
    if (count) count.textContent = untouched() ? "" : String(text.replace(/\D/g, "").length);
  }

  let timer = 0;
  function askLater() {
    clearTimeout(timer);
    timer = setTimeout(ask, 120);
  }

  async function ask() {
    const input = line();
    if (!input || untouched()) return;
    const asked = input.value;
    const query = new URLSearchParams({ token: find("#bench").dataset.token, text: asked });
    try {
      const answer = await fetch(`/review/complete?${query}`, { headers: { "HX-Request": "true" } });
      if (!answer.ok) return;
      const { entries, warnings } = await answer.json();
      if (line() === input && input.value === asked) suggest(entries, warnings);
    } catch { /* typing goes on without suggestions */ }
  }

  function suggest(entries, warnings) {
    const list = find("#completions");
    const offers = find("#offers");
    if (!list) return;
    list.replaceChildren(...entries.map((entry, at) => {
      const item = document.createElement("li");
      item.id = `completion-${at}`;
      item.role = "option";
      item.ariaSelected = "false";
      const button = document.createElement("button");
      button.type = "button";
      button.tabIndex = -1;
      button.textContent = entry;
      button.addEventListener("click", () => { take(entry); line().focus(); });
      item.append(button);
      return item;
    }));
    list.hidden = entries.length === 0;
    if (offers) offers.hidden = !untouched();
    line().ariaExpanded = String(entries.length > 0);
    line().removeAttribute("aria-activedescendant");
    find("#typing-warning").textContent = warnings.join(" ");
  }

  function take(text) {
    line().value = text;
    const word = find("#enter-word");
    if (word) word.textContent = word.parentElement.dataset.save;
  }

  function walk(step) {
    const entries = all("#completions [role=option]");
    const offers = all("#offers button");
    if (entries.length && !find("#completions").hidden) {
      chosen = (chosen + step + entries.length) % entries.length;
      entries.forEach((entry, at) => { entry.ariaSelected = String(at === chosen); });
      line().setAttribute("aria-activedescendant", entries[chosen].id);
      take(entries[chosen].textContent);
    } else if (offers.length) {
      const at = offers.indexOf(document.activeElement);
      offers[(at + step + offers.length) % offers.length].focus();
    }
  }

  document.addEventListener("keydown", (event) => {
    const offer = event.target.closest?.("#offers button");
    if (!offer || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
    event.preventDefault();
    const offers = all("#offers button");
    const at = offers.indexOf(offer) + (event.key === "ArrowDown" ? 1 : -1);
    (offers[at] ?? line()).focus();
  });

  function showMethod() {
    const button = find('[data-do="telex"]');
    if (!button) return;
    button.ariaPressed = String(method !== "");
    find("span", button).textContent = method === "vni" ? "VNI" : method === "telex" ? "Telex" : "Telex/VNI";
  }

  function keep() {
    try { localStorage.setItem("method", method); } catch { /* private window */ }
  }

  // --- looking ----------------------------------------------------------------------------------
  function look(step) {
    const sheet = find("#sheet");
    if (!sheet) return;
    if (step > 0 && sheet.dataset.view === "row") return swapSheet("field");
    if (step < 0 && scale === 1) return sheet.dataset.view === "field" ? swapSheet("row") : wholePage();
    scale = Math.min(4, Math.max(1, scale * (step > 0 ? 1.5 : 1 / 1.5)));
    if (scale < 1.1) scale = 1;
    pose();
  }

  function turn() {
    turns = (turns + 1) % 4;
    pose();
  }

  function pose() {
    const sheet = find("#sheet");
    const [x, y] = sheet.dataset.centre.split(" ").map(Number);
    // The picture stands at the bottom of the stage, right above the line, as large as fits.
    const picture = find("img", sheet);
    const fit = Math.min(sheet.clientWidth / picture.width, sheet.clientHeight / picture.height) || 1;
    const natural = { w: picture.naturalWidth, h: picture.naturalHeight };
    const shown = Math.min(sheet.clientWidth / natural.w, sheet.clientHeight / natural.h) || fit;
    const left = (sheet.clientWidth - natural.w * shown) / 2 + x * natural.w * shown;
    const top = sheet.clientHeight - natural.h * shown + y * natural.h * shown;
    sheet.style.transformOrigin = `${left}px ${top}px`;
    sheet.style.transform = `scale(${scale}) rotate(${turns * 90}deg)`;
  }

  function swapSheet(view) {
    scale = 1;
    const token = encodeURIComponent(find("#bench").dataset.token);
    window.htmx.ajax("GET", `/review/sight/${token}/${view}`, { target: "#stage", swap: "innerHTML" });
  }

  function open(id) {
    const dialog = find(`#${id}`);
    if (dialog && !dialog.open) dialog.showModal();
  }

  async function wholePage() {
    const bench = find("#bench");
    if (!bench) return;
    await window.htmx.ajax("GET", `/review/page/${encodeURIComponent(bench.dataset.token)}`, { target: "#page-view", swap: "innerHTML" });
    open("page-view");
    find("#page-region")?.scrollIntoView({ block: "center" });
  }

  // --- the group sheet: arrows walk over the pictures, Enter accepts what isn't struck ------------
  document.addEventListener("keydown", (event) => {
    const boxes = all("#group-sheet [type=checkbox]");
    if (!boxes.length || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Enter" && event.target.tagName !== "BUTTON") {
      event.preventDefault();
      const pictures = all("#group-sheet img");
      if (!event.repeat && pictures.every((each) => each.complete)) find("#group-sheet .main-button").click();
      return;
    }
    const wide = boxes.filter((each) => each.closest("li").offsetTop === boxes[0].closest("li").offsetTop).length;
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: wide, ArrowUp: -wide }[event.key];
    if (!step) return;
    event.preventDefault();
    const at = boxes.indexOf(document.activeElement);
    (boxes[at < 0 ? 0 : at + step] ?? boxes[at]).focus();
  });

  // --- htmx -------------------------------------------------------------------------------------
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target?.id !== "bench-place") return;
    find("#note[open]")?.close();
    const note = find("#note textarea");
    if (note) note.value = "";
    begin();
  });
  document.addEventListener("htmx:sendError", () => {
    const place = find("#problem");
    if (place) place.textContent = document.body.dataset.noAnswer;
  });
  // Typing goes on where it was after a refusal.
  document.addEventListener("htmx:responseError", () => line()?.focus());

  document.addEventListener("close", () => line()?.focus(), true);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
