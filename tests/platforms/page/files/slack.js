// A person's Slack: rooms at the side, messages with their threads, a composer, a modal on top.

import { blocks, mrkdwn } from "./blocks.js";
import { avatar, emoji, file, h, time } from "./dom.js";

export function slack(scene, pane) {
  const room = scene.rooms.find((each) => each.id === pane.room) ?? scene.rooms[0];
  const home = pane.room === "home";
  return h("section", { class: "pane slack" },
    h("aside", {},
      h("div", { class: "team" }, "Acme", h("small", {}, scene.name)),
      h("div", { class: "group" }, "Apps"),
      entry(pane, scene.rooms[0].id, "Triage", room === scene.rooms[0] && !home),
      entry(pane, "home", "Home tab", home, () => pane.deed({ do: "home" })),
      h("div", { class: "group" }, "Channels"),
      scene.rooms.slice(1).map((each) => entry(pane, each.id, each.title, each === room && !home))),
    h("div", { class: "stage" },
      pane.switcher(),
      home ? homeTab(scene, pane) : conversation(scene, room, pane),
      scene.modal && modal(scene, pane)));
}

function entry(pane, id, title, active, also) {
  return h("button", { class: `room ${active ? "active" : ""}`, onclick: () => { pane.go(id); also?.(); } }, title);
}

function conversation(scene, room, pane) {
  const roots = room.messages.filter((each) => !each.thread_ts || each.thread_ts === each.ts || each.subtype === "thread_broadcast");
  const thread = room.messages.some((each) => each.ts === pane.thread) ? pane.thread : null;
  return [
    h("div", { class: "title" }, room.title, room.archived && h("small", {}, "archived")),
    h("div", { class: "messages" },
      roots.length ? null : h("p", { class: "empty" }, "Nothing here yet. Write something, or /triage."),
      roots.map((root) => {
        const replies = room.messages.filter((each) => each.thread_ts === root.ts && each.ts !== root.ts);
        const status = room.assistant[root.ts]?.status;
        return h("div", { class: "entry" },
          message(scene, room, root, pane),
          h("div", { class: "thread" },
            replies.map((each) => message(scene, room, each, pane)),
            status && h("p", { class: "status" }, `Triage ${status}`),
            h("button", { class: "link", onclick: () => pane.answer(thread === root.ts ? null : root.ts) },
              thread === root.ts ? "Stop replying here" : replies.length ? "Reply" : "Reply in thread")));
      })),
    pane.composer({
      hint: thread ? "Reply in the thread" : `Message ${room.title}`,
      send: (text) => pane.deed({ do: "send", room: room.id, thread, text }),
      upload: (name, data) => pane.deed({ do: "upload", room: room.id, thread, name, data }),
    }),
  ];
}

function message(scene, room, each, pane) {
  const bot = Boolean(each.bot_id);
  const context = {
    names: scene.names, values: {}, errors: {},
    use: (block, element, value) =>
      pane.deed({ do: "act", room: room.id, message: each.ts, block: block.block_id, action: element.action_id, value }),
  };
  const name = each.username ?? scene.names[each.user] ?? each.user;
  return h("article", { class: each.is_ephemeral ? "message whisper" : "message" },
    avatar(name, bot),
    h("div", { class: "grow" },
      each.is_ephemeral && h("small", { class: "note" }, "Only visible to you"),
      each.subtype === "thread_broadcast" && h("small", { class: "note" }, "also sent to the channel"),
      h("div", {}, h("b", {}, name), bot && h("span", { class: "app" }, "APP"), h("small", {}, time(Number(each.ts))), each.edited && h("small", {}, "(edited)")),
      each.blocks ? blocks(each.blocks, context) : h("div", {}, mrkdwn(each.text, context)),
      each.blocks && each.subtype === "file_share" && each.text && h("div", {}, mrkdwn(each.text, context)),
      (each.files ?? []).map((one) => file(one.title ?? one.name, one.size)),
      (each.attachments ?? []).map((one) => h("blockquote", {}, one.title ?? one.text ?? one.fallback)),
      each.reactions?.length ? h("div", { class: "reactions" }, each.reactions.map((one) => h("span", {}, emoji(one.name), " ", one.count))) : null),
    h("div", { class: "tools" }, ["eyes", "white_check_mark", "+1"].map((one) =>
      h("button", { title: one, onclick: () => pane.deed({ do: "react", room: room.id, message: each.ts, emoji: one }) }, emoji(one)))));
}

function homeTab(scene, pane) {
  if (!scene.home) return h("div", { class: "messages" }, h("p", { class: "empty" }, "The app has not published a home tab yet."));
  return [
    h("div", { class: "title" }, "Triage", h("small", {}, "Home")),
    h("div", { class: "messages home" }, blocks(scene.home.blocks, view(scene, scene.home, pane))),
  ];
}

function view(scene, shown, pane) {
  return {
    names: scene.names, values: pane.values(shown.id), errors: scene.errors,
    use: (block, element, value) => pane.deed({ do: "act", view: shown.id, block: block.block_id, action: element.action_id, value }),
  };
}

function modal(scene, pane) {
  const shown = scene.modal;
  const context = view(scene, shown, pane);
  const submit = (event) => { event.preventDefault(); pane.deed({ do: "submit", values: context.values }); };
  return h("div", { class: "curtain" },
    h("form", { class: "modal", onsubmit: submit },
      h("div", { class: "title" }, shown.title.text, h("button", { type: "button", class: "link", onclick: () => pane.deed({ do: "close" }) }, "✕")),
      h("div", { class: "inside" }, blocks(shown.blocks, context)),
      h("div", { class: "foot" },
        h("button", { type: "button", class: "button", onclick: () => pane.deed({ do: "close" }) }, shown.close?.text ?? "Cancel"),
        shown.submit && h("button", { class: "button primary" }, shown.submit.text))));
}
