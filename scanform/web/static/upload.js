// Scans by drag and drop: one request a file, two at a time, each with its progress.
"use strict";
(() => {
  const drop = document.querySelector("#drop");
  const list = document.querySelector("#sending");
  if (!drop) return;
  const waiting = [];
  let sending = 0;

  function take(files) {
    for (const file of files) {
      const row = document.createElement("li");
      const name = document.createElement("span");
      const bar = document.createElement("progress");
      const state = document.createElement("span");
      name.textContent = file.name;
      bar.max = 1;
      bar.value = 0;
      bar.ariaLabel = file.name;
      row.append(name, bar, state);
      list.append(row);
      waiting.push({ file, row, bar, state });
    }
    next();
  }

  function next() {
    while (sending < 2 && waiting.length) send(waiting.shift());
  }

  function send({ file, row, bar, state }) {
    sending += 1;
    const query = new URLSearchParams({ name: file.name });
    for (const box of drop.querySelectorAll("[name=template]:checked")) query.append("template", box.value);
    const request = new XMLHttpRequest();
    request.open("POST", `/scans?${query}`);
    request.setRequestHeader("X-CSRF-Token", drop.dataset.csrf);
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) bar.value = event.loaded / event.total;
    });
    request.addEventListener("loadend", () => {
      sending -= 1;
      if (request.status === 200) {
        bar.value = 1;
        state.textContent = drop.dataset.sent;
        setTimeout(() => row.remove(), 2000);
        window.htmx.trigger("#jobs", "refresh");
      } else {
        let problem = "";
        try { problem = JSON.parse(request.responseText).problem; } catch { /* no answer at all */ }
        state.textContent = `${drop.dataset.failed}. ${problem}`;
      }
      next();
    });
    request.send(file);
  }

  for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("over"); });
  }
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    take(event.dataTransfer.files);
  });
  // A file dropped beside the place must not replace the page.
  for (const name of ["dragover", "drop"]) {
    window.addEventListener(name, (event) => event.preventDefault());
  }
  document.querySelector("#files").addEventListener("change", (event) => {
    take(event.target.files);
    event.target.value = "";
  });
})();
