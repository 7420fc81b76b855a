"use strict";
// Everything shown comes from JSON and is set by textContent: judged text never becomes markup.
(() => {
  const source = document.getElementById("items");
  const list = document.getElementById("list");
  if (!source || !list) return;
  const items = JSON.parse(source.textContent);
  const PAGE = 20;
  const field = (id) => document.getElementById(id);
  const controls = field("controls"), pager = field("pager"), status = field("status");
  const inputs = { q: field("q"), rubric: field("f-rubric"), judge: field("f-judge"), direction: field("f-direction"),
    mode: field("f-mode"), by: field("f-by"), slice: field("f-slice") };
  const white = field("white");
  const texts = new Map();
  let found = items, page = 0;

  const make = (tag, cls, text) => {
    const node = document.createElement(tag);
    if (cls) node.className = cls;
    if (text !== undefined) node.textContent = text;
    return node;
  };
  const plainJudge = (name) => (name.startsWith("baseline:") ? name.slice(9).replaceAll("_", " ") : name);
  const value = (name) => (inputs[name] ? inputs[name].value : "");
  const shownText = (text) => (white.checked
    ? text.replace(/ /g, "·").replace(/\t/g, "→\t").replace(/\n/g, "↵\n") : text);

  function searchable(item) {
    let text = texts.get(item);
    if (text === undefined) {
      text = [item.id, item.prompt, item.response, item.model, ...item.verdicts.map((v) => v.rationale)].join("\n").toLowerCase();
      texts.set(item, text);
    }
    return text;
  }

  const WRONG = ["over", "under", "wrong"];
  function did(v, what, by) {
    if (["positive", "negative", "unscored"].includes(what)) return v[what];
    return what ? v.by[by] === what : WRONG.includes(v.by[by]);
  }

  function fits(item, words) {
    const rubric = value("rubric"), judge = value("judge"), direction = value("direction"), mode = value("mode"), by = value("by"), slice = value("slice");
    if (rubric && item.rubric !== rubric) return false;
    if (mode.startsWith("=") ? item.coherence !== mode.slice(1) : mode && !item.modes.includes(mode)) return false;
    if (slice && !item.slices.includes(slice)) return false;
    if ((judge || direction || by) && !item.verdicts.some((v) => (!judge || v.judge === judge) && did(v, direction, by))) return false;
    return words.every((word) => searchable(item).includes(word));
  }

  // A text is put into the page only when its reader opens it.
  function folded(title, text) {
    const box = make("details", "text");
    box.append(make("summary", "", title));
    box.addEventListener("toggle", () => {
      if (box.open && !box.querySelector("pre")) {
        const pre = make("pre", "", shownText(text));
        pre.tabIndex = 0;
        box.append(pre);
      } else if (!box.open) {
        box.querySelector("pre")?.remove();
      }
    });
    return box;
  }

  function verdicts(item) {
    const table = make("table", "verdicts");
    table.append(make("caption", "off", "Verdicts"));
    const head = table.createTHead().insertRow();
    for (const [name, cls] of [["judge", ""], ["verdict", ""], ["score", "num"], ["against the labels", ""]]) {
      const th = make("th", cls, name);
      th.scope = "col";
      head.append(th);
    }
    const body = table.createTBody();
    for (const v of item.verdicts) {
      const row = body.insertRow();
      if (v.wrong) row.className = "wrong";
      const th = make("th", "", plainJudge(v.judge));
      th.scope = "row";
      const verdict = make("td", "", v.verdict === "" ? "— " + v.status : v.verdict);
      const against = !v.wrong ? "" : v.by[""] === "over" ? "✗ called positive wrongly" : v.by[""] === "under" ? "✗ missed" : "✗ wrong";
      row.append(th, verdict, make("td", "num", v.score), make("td", "", against));
    }
    return table;
  }

  function card(item) {
    const node = make("li", "item");
    const head = make("p", "item-head");
    head.append(make("code", "", item.id));
    for (const chip of [item.model, item.coherence, ...item.modes]) if (chip) head.append(" ", make("span", "chip", chip));
    const labels = make("p", "labels");
    item.reference.forEach(([kind, v], i) => labels.append(i ? " · " : "", kind + ": ", make("b", "", v)));
    if (item.labels.length) labels.append(make("span", "", " (" + item.labels.map(([, who, v]) => who + " " + v).join(", ") + ")"));
    node.append(head, verdicts(item), labels);
    if (item.prompt) node.append(folded("Prompt", item.prompt));
    node.append(folded("Response, " + item.length.toLocaleString("en") + " characters", item.response));
    for (const v of item.verdicts) if (v.rationale) node.append(folded("Why " + plainJudge(v.judge) + " said so", v.rationale));
    return node;
  }

  function show() {
    const pages = Math.max(1, Math.ceil(found.length / PAGE));
    page = Math.min(page, pages - 1);
    list.replaceChildren(...found.slice(page * PAGE, page * PAGE + PAGE).map(card));
    list.start = page * PAGE + 1;
    status.textContent = found.length === items.length
      ? items.length.toLocaleString("en") + " outputs"
      : (found.length ? "" : "no example in this file: ") + found.length.toLocaleString("en") + " of " + items.length.toLocaleString("en") + " outputs";
    field("page").textContent = "page " + (page + 1) + " of " + pages;
    field("prev").disabled = page === 0;
    field("next").disabled = page >= pages - 1;
    pager.hidden = pages === 1;
  }

  function filter() {
    const words = value("q").toLowerCase().split(/\s+/).filter(Boolean);
    found = items.filter((item) => fits(item, words));
    page = 0;
    show();
  }

  function turn(step) {
    page += step;
    show();
    field("disagreements").scrollIntoView();
  }

  // An id named by a finding leads to its output, if that is among the disagreements.
  const known = new Set(items.map((item) => item.id));
  for (const code of document.querySelectorAll(".ids code")) {
    if (!known.has(code.textContent)) continue;
    const button = make("button", "find", code.textContent);
    button.type = "button";
    button.addEventListener("click", () => {
      controls.reset();
      inputs.q.value = code.textContent;
      filter();
      field("disagreements").scrollIntoView();
    });
    code.replaceWith(button);
  }

  // A cell leads to the outputs that show what it counts; the link itself goes to the list, so "back" returns to the cell.
  for (const link of document.querySelectorAll("a.eg")) {
    link.addEventListener("click", () => {
      controls.reset();
      for (const name of ["rubric", "judge", "mode", "by", "direction"]) if (inputs[name]) inputs[name].value = link.dataset[name];
      filter();
    });
  }

  let waiting = 0;
  inputs.q.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(filter, 120); });
  for (const [name, input] of Object.entries(inputs)) if (input && name !== "q") input.addEventListener("change", filter);
  controls.addEventListener("submit", (event) => { event.preventDefault(); filter(); });
  white.addEventListener("change", show);
  field("prev").addEventListener("click", () => turn(-1));
  field("next").addEventListener("click", () => turn(1));
  document.getElementById("without")?.remove();
  controls.hidden = false;
  filter();
})();

// On paper every section is open; texts of judged outputs stay folded.
addEventListener("beforeprint", () => {
  for (const part of document.querySelectorAll("details.part:not([open])")) { part.open = true; part.dataset.printed = "1"; }
});
addEventListener("afterprint", () => {
  for (const part of document.querySelectorAll("details.part[data-printed]")) { part.open = false; delete part.dataset.printed; }
});
