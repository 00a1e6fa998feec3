"use strict";
(() => {
  const root = document.documentElement;
  const stage = document.querySelector(".page-stage");
  const details = document.querySelector(".page-details");
  const found = document.querySelector(".page-found");
  const search = document.querySelector(".page-search");
  const themes = document.querySelector(".page-theme");
  const buttons = [...document.querySelectorAll("[data-show]")];
  const levels = [...document.querySelectorAll(".page-level")].map((section) => {
    const svg = section.querySelector("svg");
    svg.setAttribute("role", "group"); // an image would hide its boxes from screen readers
    const things = [...svg.querySelectorAll(".ns-box, .ns-frame")];
    return {
      name: section.dataset.level,
      section,
      svg,
      width: svg.width.baseVal.value,
      height: svg.height.baseVal.value,
      view: null,
      things: things.map(described),
    };
  });
  let level = levels.find((each) => !each.section.hidden);
  let hits = [];
  let chosen = -1;

  /* The tooltip becomes the accessible name and the text of the panel. */
  function described(element) {
    const title = element.querySelector(":scope > title");
    const label = [...element.querySelectorAll("text")].map((each) => each.textContent).join(" ");
    const text = title ? title.textContent : label;
    if (title) {
      title.remove();
    }
    element.setAttribute("role", "img");
    element.setAttribute("aria-label", text);
    return { element, text, words: `${label}\n${text}`.toLowerCase() };
  }

  /* A view is the point in the middle of the stage and the size of a pixel of the picture. */
  function paint() {
    const { x, y, scale } = level.view;
    const wide = stage.clientWidth / scale;
    const high = stage.clientHeight / scale;
    level.svg.setAttribute("viewBox", `${x - wide / 2} ${y - high / 2} ${wide} ${high}`);
  }

  function start() {
    const scale = Math.min(1, stage.clientWidth / level.width);
    const high = stage.clientHeight / scale;
    const y = level.height < high ? level.height / 2 : high / 2;
    level.view = { x: level.width / 2, y, scale };
  }

  function whole() {
    const { clientWidth: wide, clientHeight: high } = stage;
    const scale = Math.min(2, wide / level.width, high / level.height);
    level.view = { x: level.width / 2, y: level.height / 2, scale };
    paint();
  }

  function move(right, down) {
    const view = level.view;
    view.x = Math.min(Math.max(view.x + right / view.scale, 0), level.width);
    view.y = Math.min(Math.max(view.y + down / view.scale, 0), level.height);
    paint();
  }

  /* The point of the picture under (left, top) of the stage stays where it is. */
  function zoom(factor, left = stage.clientWidth / 2, top = stage.clientHeight / 2) {
    const view = level.view;
    const scale = Math.min(Math.max(view.scale * factor, 0.02), 8);
    const right = left - stage.clientWidth / 2;
    const down = top - stage.clientHeight / 2;
    view.x += right / view.scale - right / scale;
    view.y += down / view.scale - down / scale;
    view.scale = scale;
    paint();
  }

  function show(name) {
    level = levels.find((each) => each.name === name);
    for (const each of levels) {
      each.section.hidden = each !== level;
    }
    for (const button of buttons) {
      button.setAttribute("aria-pressed", String(button.dataset.show === name));
    }
    if (level.view === null) {
      start();
    }
    paint();
    look();
  }

  function tell(thing) {
    details.hidden = !thing;
    const [first, ...rest] = thing ? thing.text.split("\n") : [""];
    const strong = document.createElement("strong");
    strong.textContent = first;
    details.replaceChildren(strong, rest.map((each) => `\n${each}`).join(""));
  }

  function choose(place) {
    for (const each of stage.querySelectorAll(".page-chosen")) {
      each.classList.remove("page-chosen");
    }
    const among = hits.length > 0 ? hits : level.things;
    chosen = among.length > 0 ? (place + among.length) % among.length : -1;
    const thing = among[chosen];
    tell(thing);
    if (thing) {
      thing.element.classList.add("page-chosen");
      const { x, y, width, height } = thing.element.getBBox();
      level.view.x = x + width / 2;
      level.view.y = y + Math.min(height, stage.clientHeight / level.view.scale) / 2;
      paint();
    }
    if (hits.length > 0) {
      found.textContent = `${chosen + 1} of ${hits.length}`;
    }
  }

  /* Mark what the search finds in the level that is shown. */
  function look() {
    const wanted = search.value.trim().toLowerCase();
    hits = wanted ? level.things.filter((each) => each.words.includes(wanted)) : [];
    const marked = new Set(hits);
    for (const each of level.things) {
      each.element.classList.toggle("page-hit", marked.has(each));
      each.element.classList.remove("page-chosen");
    }
    level.svg.classList.toggle("page-searching", Boolean(wanted));
    found.textContent = wanted ? `${hits.length} found` : "";
    chosen = -1;
    tell(null);
  }

  function turn() {
    const after = { auto: "light", light: "dark", dark: "auto" };
    const theme = after[root.dataset.theme || "auto"];
    if (theme === "auto") {
      delete root.dataset.theme;
    } else {
      root.dataset.theme = theme;
    }
    themes.textContent = `Theme: ${theme}`;
  }

  const keys = {
    ArrowLeft: () => move(-60, 0),
    ArrowRight: () => move(60, 0),
    ArrowUp: () => move(0, -60),
    ArrowDown: () => move(0, 60),
    PageUp: () => move(0, -0.9 * stage.clientHeight),
    PageDown: () => move(0, 0.9 * stage.clientHeight),
    Home: () => move(0, -level.height * level.view.scale),
    End: () => move(0, level.height * level.view.scale),
    "+": () => zoom(1.25),
    "=": () => zoom(1.25),
    "-": () => zoom(0.8),
    0: whole,
    n: () => choose(chosen + 1),
    p: () => choose(chosen < 0 ? -1 : chosen - 1),
    "/": () => search.focus(),
    Escape: clear,
  };
  levels.forEach((each, at) => {
    keys[String(at + 1)] = () => show(each.name);
  });

  function clear() {
    search.value = "";
    look();
    stage.focus();
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    if (event.target === search) {
      if (event.key === "Enter") {
        choose(chosen + (event.shiftKey ? -1 : 1));
        event.preventDefault();
      } else if (event.key === "Escape") {
        clear();
      }
      return;
    }
    const act = Object.hasOwn(keys, event.key) ? keys[event.key] : null;
    if (act) {
      act();
      event.preventDefault();
    }
  });

  stage.addEventListener(
    "wheel",
    (event) => {
      const box = stage.getBoundingClientRect();
      if (event.ctrlKey || event.metaKey) {
        zoom(Math.exp(-event.deltaY / 300), event.clientX - box.left, event.clientY - box.top);
      } else if (event.shiftKey) {
        move(event.deltaY || event.deltaX, 0);
      } else {
        move(event.deltaX, event.deltaY);
      }
      event.preventDefault();
    },
    { passive: false },
  );

  /* One pointer moves the picture, two zoom it. */
  const pointers = new Map();
  function middle() {
    const points = [...pointers.values()];
    const x = points.reduce((sum, each) => sum + each.x, 0) / points.length;
    const y = points.reduce((sum, each) => sum + each.y, 0) / points.length;
    const apart = points.length > 1 ? Math.hypot(points[0].x - points[1].x, points[0].y - points[1].y) : 0;
    return { x, y, apart };
  }
  stage.addEventListener("pointerdown", (event) => {
    if (event.button === 0) {
      pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
      stage.setPointerCapture(event.pointerId);
      stage.classList.add("page-dragged");
    }
  });
  stage.addEventListener("pointermove", (event) => {
    if (!pointers.has(event.pointerId)) {
      const near = event.target.closest(".ns-box, .ns-frame");
      tell(near && level.things.find((each) => each.element === near));
      return;
    }
    const before = middle();
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    const after = middle();
    move(before.x - after.x, before.y - after.y);
    if (before.apart > 0 && after.apart > 0) {
      const box = stage.getBoundingClientRect();
      zoom(after.apart / before.apart, after.x - box.left, after.y - box.top);
    }
  });
  function lift(event) {
    pointers.delete(event.pointerId);
    stage.classList.toggle("page-dragged", pointers.size > 0);
  }
  stage.addEventListener("pointerup", lift);
  stage.addEventListener("pointercancel", lift);
  stage.addEventListener("pointerleave", () => tell(null));

  const acts = { in: () => zoom(1.25), out: () => zoom(0.8), whole };
  for (const button of document.querySelectorAll("[data-act]")) {
    button.addEventListener("click", acts[button.dataset.act]);
  }
  for (const button of buttons) {
    button.addEventListener("click", () => show(button.dataset.show));
  }
  search.addEventListener("input", look);
  if (themes) {
    themes.addEventListener("click", turn);
  }
  window.addEventListener("resize", paint);
  root.classList.add("page-live");
  show(level.name);
})();
