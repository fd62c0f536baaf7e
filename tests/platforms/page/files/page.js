// Two people side by side. The server says when something changed; each pane then draws itself anew.

import { h } from "./dom.js";
import { slack } from "./slack.js";
import { telegram } from "./telegram.js";

const DRAW = { slack, telegram };
const SIDES = ["left", "right"];
const address = new URLSearchParams(location.hash.slice(1));

class Pane {
  constructor(side, roles, key) {
    this.side = side;
    this.roles = roles;
    this.drafts = {};
    this.filled = {};
    this.element = h("section", { class: "pane" });
    this.become(key);
  }

  get role() { return this.roles.find((each) => each.key === this.key); }

  become(key) {
    this.key = key;
    this.room = this.topic = this.thread = null;
    address.set(this.side, key);
    history.replaceState(null, "", `#${address}`);
    this.refresh();
  }

  go(room, topic = null) {
    this.room = room;
    this.topic = topic;
    this.thread = null;
    this.refresh();
  }

  answer(thread) {
    this.thread = thread;
    this.refresh();
    this.element.querySelector(".composer textarea")?.focus();
  }

  values(view) { return (this.filled[view] ??= {}); }

  async deed(deed) {
    const sent = await fetch(`/deed/${this.key}`, { method: "POST", body: JSON.stringify(deed) });
    const { notice } = sent.ok ? await sent.json() : { notice: "⚠ That did not work; the terminal says why." };
    if (notice) this.notify(notice);
  }

  notify(words) {
    const toast = h("div", { class: "toast" }, words);
    this.element.append(toast);
    setTimeout(() => toast.remove(), 3500);
  }

  async refresh() {
    const asked = (this.asked = Symbol());
    const scene = await (await fetch(`/scene/${this.key}`)).json();
    if (asked !== this.asked) return;
    const drawn = JSON.stringify([scene, this.room, this.topic, this.thread]);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    const focused = this.element.contains(document.activeElement) ? place(document.activeElement) : null;
    const before = this.element.querySelector(".messages");
    const low = !before || before.scrollHeight - before.scrollTop - before.clientHeight < 80;
    const fresh = DRAW[scene.platform](scene, this);
    fresh.append(...this.element.querySelectorAll(":scope > .toast"));
    this.element.replaceWith(fresh);
    this.element = fresh;
    const after = fresh.querySelector(".messages");
    if (after) after.scrollTop = low ? after.scrollHeight : before.scrollTop;
    if (focused) restore(fresh, focused);
  }

  switcher() {
    return h("nav", {}, this.roles.map((each) =>
      h("button", { class: each.key === this.key ? "chosen" : "", onclick: () => this.become(each.key) },
        h("i", { class: `mark ${each.platform}` }), each.label)));
  }

  composer({ hint, send, upload, commands = [] }) {
    const draft = `${this.key} ${this.room} ${this.topic} ${this.thread}`;
    const go = () => {
      const words = field.value.trim();
      if (!words) return;
      this.drafts[draft] = field.value = "";
      send(words);
    };
    const field = h("textarea", {
      rows: 1, placeholder: hint, "aria-label": hint,
      oninput: () => { this.drafts[draft] = field.value; },
      onkeydown: (event) => { if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); go(); } },
    });
    field.value = this.drafts[draft] ?? "";
    const attach = h("input", { type: "file", hidden: true, onchange: async () => { const [one] = attach.files; if (one) upload(one.name, await base64(one)); } });
    return h("div", { class: "composer" },
      commands.length ? h("div", { class: "commands" }, commands.map(([name, about]) => h("button", { title: about, onclick: () => send(name) }, name))) : null,
      h("div", { class: "line" },
        h("button", { title: "Send a file", onclick: () => attach.click() }, "+"), attach, field,
        h("button", { class: "send", title: "Send", onclick: go }, "➤")));
  }
}

// Which field of a pane has the caret, so that it keeps it when the pane is drawn anew.
function place(element) {
  const fields = [...element.closest(".pane").querySelectorAll("input, textarea, select")];
  return { index: fields.indexOf(element), caret: element.selectionStart };
}

function restore(pane, { index, caret }) {
  const field = pane.querySelectorAll("input, textarea, select")[index];
  field?.focus();
  if (caret != null && field?.setSelectionRange && field.type !== "number" && field.type !== "email") field.setSelectionRange(caret, caret);
}

function base64(file) {
  return new Promise((done) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result.split(",")[1]);
    reader.readAsDataURL(file);
  });
}

const roles = await (await fetch("/cast")).json();
const panes = SIDES.map((side, index) => new Pane(side, roles, address.get(side) ?? roles[index].key));
for (const pane of panes) document.getElementById("panes").append(pane.element);
new EventSource("/news").onmessage = () => panes.forEach((pane) => pane.refresh());
