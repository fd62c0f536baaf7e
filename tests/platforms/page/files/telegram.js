// A person's Telegram: chats and topics at the side, bubbles with inline buttons, a composer with commands.

import { avatar, file, h, time } from "./dom.js";

export function telegram(scene, pane) {
  const room = scene.rooms.find((each) => each.id === pane.room) ?? scene.rooms[0];
  const topic = room.topics?.find((each) => each.id === pane.topic) ?? null;
  return h("section", { class: "pane telegram" },
    h("aside", {}, scene.rooms.map((each) => [
      chat(pane, each, each === room && !topic),
      (each.topics ?? []).map((one) =>
        h("button", { class: `topic ${one === topic ? "active" : ""}`, onclick: () => pane.go(each.id, one.id) }, one.closed ? "🔒 " : "# ", one.name)),
    ])),
    h("div", { class: "stage" }, pane.switcher(), conversation(scene, room, topic, pane)));
}

function chat(pane, room, active) {
  const last = room.messages.at(-1);
  return h("button", { class: `room ${active ? "active" : ""}`, onclick: () => pane.go(room.id) },
    avatar(room.title, room.private),
    h("span", { class: "grow" }, h("b", {}, room.title), h("small", {}, last ? (last.text ?? last.caption ?? "…") : "no messages yet")));
}

function conversation(scene, room, topic, pane) {
  const inside = room.messages.filter((each) => (topic ? each.message_thread_id === topic.id : !room.topics?.length || !each.message_thread_id));
  const where = { room: room.id, topic: topic?.id };
  return [
    h("div", { class: "title" }, topic?.name ?? room.title, h("small", {}, room.action ? `${room.action} …` : room.private ? "bot" : topic ? room.title : "")),
    room.pinned && h("div", { class: "pinned" }, "📌 ", room.messages.find((each) => each.message_id === room.pinned)?.text ?? "pinned message"),
    h("div", { class: "messages" },
      inside.length ? null : welcome(scene, room),
      inside.map((each) => bubble(scene, room, each, where, pane))),
    !inside.length && room.private
      ? h("button", { class: "start", onclick: () => pane.deed({ do: "send", ...where, text: "/start" }) }, "START")
      : [keyboard(room, where, pane), pane.composer({
          hint: "Message",
          commands: room.private ? scene.commands.map((each) => [`/${each.command}`, each.description]) : [],
          send: (text) => pane.deed({ do: "send", ...where, text }),
          upload: (name, data) => pane.deed({ do: "upload", ...where, name, data }),
        })],
  ];
}

function welcome(scene, room) {
  return h("div", { class: "welcome" }, h("b", {}, room.private ? "What can this bot do?" : "No messages here yet"), h("p", {}, room.private ? (scene.about[""] ?? "") : ""));
}

function bubble(scene, room, each, where, pane) {
  const event = service(each);
  if (event) return h("div", { class: "service" }, event);
  const mine = each.from.id === scene.me;
  const text = each.text ?? each.caption;
  const reply = each.reply_to_message;
  const reactions = room.reactions?.[each.message_id] ?? [];
  return h("article", { class: mine ? "bubble mine" : "bubble" },
    h("div", { class: "cloud" },
      !mine && !room.private && h("b", { class: "who" }, each.from.first_name),
      each.forward_origin && h("small", { class: "note" }, `Forwarded from ${each.forward_origin.sender_user.first_name}`),
      reply && !reply.forum_topic_created && h("div", { class: "reply" }, h("b", {}, reply.from.first_name), h("span", {}, reply.text ?? "…")),
      attachment(each),
      text && h("div", { class: "text" }, entities(text, each.entities ?? each.caption_entities ?? [])),
      h("div", { class: "meta" },
        reactions.length ? h("span", { class: "reactions" }, reactions.map((one) => one.emoji)) : null,
        each.edit_date && "edited ", time(each.date), mine && " ✓✓")),
    each.reply_markup?.inline_keyboard && h("div", { class: "inline" }, each.reply_markup.inline_keyboard.map((row) =>
      h("div", {}, row.map((button) => inline(button, each, where, pane))))));
}

function inline(button, each, where, pane) {
  if (button.url) return h("a", { href: button.url, target: "_blank", rel: "noreferrer" }, button.text, " ↗");
  const press = () => button.callback_data && pane.deed({ do: "press", ...where, message: each.message_id, data: button.callback_data });
  return h("button", { class: button.style ?? "", disabled: Boolean(button.disabled), onclick: press }, button.text);
}

function keyboard(room, where, pane) {
  if (!room.keyboard?.keyboard) return null;
  return h("div", { class: "keyboard" }, room.keyboard.keyboard.map((row) => h("div", {}, row.map((button) => {
    const text = button.text ?? button;
    return h("button", { onclick: () => pane.deed({ do: "send", ...where, text }) }, text);
  }))));
}

function attachment(each) {
  if (each.photo) return h("div", { class: "photo" }, "🖼");
  for (const kind of ["document", "video", "audio", "voice"]) {
    if (each[kind]) return file(each[kind].file_name ?? kind, each[kind].file_size);
  }
  if (each.contact) return file(`${each.contact.first_name} ${each.contact.phone_number}`, 0);
  if (each.location) return h("div", {}, `📍 ${each.location.latitude}, ${each.location.longitude}`);
  return null;
}

function service(each) {
  const who = each.from.first_name;
  if (each.forum_topic_created) return `${who} created the topic "${each.forum_topic_created.name}"`;
  if (each.forum_topic_edited) return `${who} changed the topic to "${each.forum_topic_edited.name ?? "another icon"}"`;
  if (each.forum_topic_closed) return `${who} closed the topic`;
  if (each.forum_topic_reopened) return `${who} reopened the topic`;
  return null;
}

// Offsets count UTF-16 units, as JavaScript's strings do. Entities nest and never cross.
function entities(text, list, start = 0, end = text.length) {
  const found = [];
  let at = start;
  const inside = list.filter((each) => each.offset >= start && each.offset + each.length <= end);
  for (let index = 0; index < inside.length; index += 1) {
    const each = inside[index];
    if (each.offset < at) continue;
    const stop = each.offset + each.length;
    found.push(text.slice(at, each.offset));
    const rest = inside.filter((other, place) => place > index);
    found.push(wrapped(each, entities(text, rest, each.offset, stop), text.slice(each.offset, stop)));
    at = stop;
  }
  return [...found, text.slice(at, end)];
}

const TAGS = { bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "pre", blockquote: "blockquote", expandable_blockquote: "blockquote" };

function wrapped(entity, children, words) {
  if (TAGS[entity.type]) return h(TAGS[entity.type], {}, children);
  if (entity.type === "spoiler") return h("span", { class: "spoiler" }, children);
  const url = entity.type === "text_link" ? entity.url : entity.type === "url" ? words : null;
  if (url && /^https?:/.test(url)) return h("a", { href: url, target: "_blank", rel: "noreferrer" }, children);
  return h("span", { class: "mention" }, children);
}
