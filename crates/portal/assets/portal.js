// Improves the pages; none needs it.
"use strict";

document.documentElement.classList.add("scripted");

// Buttons that copy what stands beside them.
for (const button of document.querySelectorAll("button.copy")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.classList.add("done");
    setTimeout(() => button.classList.remove("done"), 1500);
  });
}

// Menus: one at a time, closed by Escape and by a click beside them.
const menus = [...document.querySelectorAll("details.menu")];
const close = (except) => menus.forEach((menu) => { if (menu !== except) menu.open = false; });
for (const menu of menus) menu.addEventListener("toggle", () => { if (menu.open) close(menu); });
document.addEventListener("click", (event) => {
  if (!event.target.closest("details.menu")) close();
});

// The navigation of narrow screens.
const opener = document.querySelector(".open-navigation");
const navigation = document.getElementById("navigation");
opener.setAttribute("role", "button");
opener.setAttribute("aria-expanded", "false");
opener.addEventListener("click", (event) => {
  event.preventDefault();
  opener.setAttribute("aria-expanded", String(navigation.classList.toggle("open")));
});

// Of tabs that do not fit beside each other, the one that is open is in sight.
for (const tab of document.querySelectorAll(".tabs [aria-current]")) {
  tab.closest(".tabs").scrollLeft = tab.offsetLeft - 16;
}

// Exact times in the reader's own zone, behind the relative ones.
for (const time of document.querySelectorAll("time[datetime]")) {
  time.title = new Date(time.dateTime).toLocaleString() + " (" + time.dateTime + ")";
}

// Tables of one page are narrowed down as one types.
for (const input of document.querySelectorAll("input[data-narrows]")) {
  const rows = document.querySelectorAll(input.dataset.narrows + " tbody tr");
  input.addEventListener("input", () => {
    const wanted = input.value.toLowerCase();
    for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
  });
}

// Going on is asked once where something would be lost.
for (const box of document.querySelectorAll("[data-enables]")) {
  const button = document.querySelector(box.dataset.enables);
  const follow = () => { button.disabled = !box.checked; };
  box.addEventListener("change", follow);
  follow();
}

// Parts of a page that go on: fetched again until they say that they are done.
for (const part of document.querySelectorAll("[data-refresh]")) {
  const again = async () => {
    const answer = await fetch(location.href, { headers: { accept: "text/html" } });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(part.id);
    if (!fresh) return location.reload();
    if (fresh.innerHTML !== part.innerHTML) part.innerHTML = fresh.innerHTML;
    if (fresh.dataset.refresh) setTimeout(again, Number(fresh.dataset.refresh));
    else location.reload();
  };
  setTimeout(again, Number(part.dataset.refresh));
}

// Forms that are judged as one types: the page is asked what it would say, and nothing is saved.
for (const form of document.querySelectorAll("form[data-judged]")) {
  let pause = 0;
  let turn = 0;
  const judge = async () => {
    const mine = ++turn;
    const typed = new URLSearchParams(new FormData(form));
    typed.set("do", "check");
    const answer = await fetch(location.href, { method: "POST", body: typed });
    if (mine !== turn || !(answer.headers.get("content-type") || "").startsWith("text/html")) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const told of document.querySelectorAll("[data-told]")) {
      const fresh = page.getElementById(told.id);
      if (fresh && fresh.innerHTML !== told.innerHTML) told.innerHTML = fresh.innerHTML;
      const field = fresh && page.querySelector("[aria-describedby='" + told.id + "']");
      if (field) document.getElementById(field.id)?.setAttribute("aria-invalid", field.getAttribute("aria-invalid") || "false");
    }
  };
  form.addEventListener("input", () => { clearTimeout(pause); pause = setTimeout(judge, 700); });
}

// The palette: every page by its name, and what the search finds.
const palette = document.getElementById("palette");
const input = document.getElementById("palette-input");
const list = document.getElementById("palette-list");
const pages = [...document.querySelectorAll("#navigation a")].map((link) => ({ name: link.textContent.trim(), path: link.getAttribute("href"), kind: "Page" }));
let chosen = 0;
let pause = 0;
let asked = new AbortController();

const show = (places) => {
  chosen = 0;
  list.replaceChildren(...places.map((place, nth) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    const kind = document.createElement("span");
    item.setAttribute("role", "option");
    item.id = "palette-" + nth;
    link.href = place.path;
    link.tabIndex = -1;
    link.textContent = place.name;
    kind.className = "soft";
    kind.textContent = place.kind;
    link.append(kind);
    item.append(link);
    return item;
  }));
  mark();
};
const mark = () => {
  [...list.children].forEach((item, nth) => item.setAttribute("aria-selected", String(nth === chosen)));
  const item = list.children[chosen];
  if (item) { input.setAttribute("aria-activedescendant", item.id); item.scrollIntoView({ block: "nearest" }); }
};
const narrow = () => {
  const wanted = input.value.trim().toLowerCase();
  const known = pages.filter((page) => page.name.toLowerCase().includes(wanted));
  show(known);
  clearTimeout(pause);
  asked.abort();
  if (wanted.length >= 2) pause = setTimeout(search, 250, wanted, known);
};
// Whoever types on no longer waits for what they asked before.
const search = async (wanted, known) => {
  const { signal } = asked = new AbortController();
  const text = await fetch("/search?q=" + encodeURIComponent(wanted), { signal })
    .then((answer) => answer.ok ? answer.text() : "").catch(() => "");
  if (!text || signal.aborted) return;
  const page = new DOMParser().parseFromString(text, "text/html");
  const found = [...page.querySelectorAll("[data-found]")].map((link) => ({ name: link.textContent.trim(), path: link.getAttribute("href"), kind: link.dataset.found }));
  show([...known, ...found.filter((place) => !known.some((page) => page.path === place.path))]);
};
input.addEventListener("input", narrow);
input.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    event.preventDefault();
    chosen = Math.min(Math.max(chosen + step, 0), list.children.length - 1);
    mark();
  } else if (event.key === "Enter") {
    event.preventDefault();
    list.children[chosen]?.querySelector("a").click();
  }
});
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    if (palette.open) return palette.close();
    input.value = "";
    narrow();
    palette.showModal();
  } else if (event.key === "Escape") {
    const menu = menus.find((it) => it.open);
    close();
    menu?.querySelector("summary").focus();
  }
});
