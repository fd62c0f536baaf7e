// Block Kit as Slack shows it. `use(block, element, value)` is called when somebody uses an element.

import { emoji, h } from "./dom.js";

export function blocks(list, context) {
  return list.map((block) => (BLOCKS[block.type] ?? unknown)(block, context)).filter(Boolean);
}

const BLOCKS = {
  section: (block, context) =>
    h("div", { class: "section" },
      h("div", { class: "grow" },
        block.text && text(block.text, context),
        block.fields && h("div", { class: "fields" }, block.fields.map((each) => text(each, context)))),
      block.accessory && element(block, block.accessory, context)),
  header: (block, context) => h("div", { class: "header" }, text(block.text, context)),
  divider: () => h("hr"),
  context: (block, context) => h("div", { class: "context" }, block.elements.map((each) => text(each, context))),
  actions: (block, context) => h("div", { class: "actions" }, block.elements.map((each) => element(block, each, context))),
  context_actions: (block, context) => h("div", { class: "actions" }, block.elements.map((each) => element(block, each, context))),
  image: (block) => h("div", { class: "file" }, "🖼", h("b", {}, block.alt_text)),
  markdown: (block, context) => h("div", {}, mrkdwn(block.text, context)),
  rich_text: (block, context) => h("div", { class: "rich" }, block.elements.map((each) => rich(each, context))),
  input: (block, context) => input(block, context),
};

const unknown = (block) => h("div", { class: "context" }, `[${block.type}]`);

export function text(object, context) {
  if (object.type === "image") return h("small", {}, object.alt_text);
  return h("span", { class: "text" }, object.type === "mrkdwn" ? mrkdwn(object.text, context) : object.text.replace(/:([a-z0-9_+]+):/g, (_, name) => emoji(name)));
}

// --- rich text

function rich(element, context) {
  const inside = () => element.elements.map((each) => (each.type.startsWith("rich_text") ? rich(each, context) : run(each, context)));
  if (element.type === "rich_text_list")
    return h(element.style === "ordered" ? "ol" : "ul", {}, element.elements.map((each) => h("li", {}, rich(each, context))));
  if (element.type === "rich_text_quote") return h("blockquote", {}, inside());
  if (element.type === "rich_text_preformatted") return h("pre", {}, inside());
  return h("p", {}, inside());
}

function run(part, context) {
  if (part.type === "user") return mention(`@${context.names[part.user_id] ?? part.user_id}`);
  if (part.type === "channel") return mention(`#${part.channel_id}`);
  if (part.type === "broadcast") return mention(`@${part.range}`);
  if (part.type === "emoji") return emoji(part.name);
  if (part.type === "link") return styled(link(part.url, part.text ?? part.url), part.style);
  return styled(document.createTextNode(part.text ?? `[${part.type}]`), part.style);
}

function styled(node, style = {}) {
  for (const [name, tag] of Object.entries({ bold: "b", italic: "i", strike: "s", code: "code" })) {
    if (style[name]) node = h(tag, {}, node);
  }
  return node;
}

const mention = (words) => h("span", { class: "mention" }, words);
const link = (url, words) => h("a", { href: /^(https?|mailto):/.test(url) ? url : "#", rel: "noreferrer", target: "_blank" }, words);

// --- mrkdwn

const MARKS = /<([^<>]+)>|```([\s\S]+?)```|`([^`\n]+)`|\*([^*\n]+)\*|_([^_\n]+)_|~([^~\n]+)~|:([a-z0-9_+]+):/g;

export function mrkdwn(source, context) {
  return source.split("\n").map((line, index) => {
    const quoted = line.startsWith("&gt;") || line.startsWith(">");
    const words = marks(quoted ? line.replace(/^(&gt;|>) ?/, "") : line, context);
    return [index && !quoted ? h("br") : null, quoted ? h("blockquote", {}, words) : words];
  });
}

function marks(line, context) {
  const found = [];
  let end = 0;
  for (const match of line.matchAll(MARKS)) {
    found.push(plain(line.slice(end, match.index)));
    end = match.index + match[0].length;
    const [, angle, pre, code, bold, italic, strike, name] = match;
    if (angle) found.push(reference(angle, context));
    else if (pre) found.push(h("pre", {}, plain(pre)));
    else if (code) found.push(h("code", {}, plain(code)));
    else if (name) found.push(emoji(name));
    else found.push(h(bold ? "b" : italic ? "i" : "s", {}, marks(bold ?? italic ?? strike, context)));
  }
  return [...found, plain(line.slice(end))];
}

function reference(inside, context) {
  const [target, label] = inside.split("|");
  if (target.startsWith("@")) return mention(`@${label ?? context.names[target.slice(1)] ?? target.slice(1)}`);
  if (target.startsWith("#")) return mention(`#${label ?? target.slice(1)}`);
  if (target.startsWith("!date")) return plain(label ?? target);
  if (target.startsWith("!")) return mention(`@${label ?? target.slice(1)}`);
  return link(target, plain(label ?? target));
}

const plain = (words) => words.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");

// --- elements

function element(block, each, context) {
  const use = (value) => context.use(block, each, value);
  if (each.type === "button") {
    if (each.url) return h("a", { class: "button", href: each.url, target: "_blank", onclick: () => use() }, each.text.text);
    return h("button", { class: `button ${each.style ?? ""}`, onclick: () => use() }, text(each.text, context));
  }
  if (each.type === "image") return h("div", { class: "file" }, "🖼", h("b", {}, each.alt_text));
  if (each.options || each.option_groups) return choice(each, use, context);
  return h("input", { class: "field", placeholder: each.placeholder?.text ?? "", onchange: (event) => use(event.target.value), type: kind(each) });
}

const kind = (each) => ({ datepicker: "date", timepicker: "time", number_input: "number", email_text_input: "email", url_text_input: "url" })[each.type] ?? "text";

function choice(each, use, context) {
  const groups = each.option_groups ?? [{ options: each.options }];
  const options = groups.flatMap((group) => group.options);
  if (each.type === "radio_buttons" || each.type === "checkboxes") {
    const many = each.type === "checkboxes";
    const chosen = new Set((each.initial_options ?? [each.initial_option]).filter(Boolean).map((option) => option.text.text));
    return h("div", { class: "options" }, options.map((option) =>
      h("label", {},
        h("input", {
          type: many ? "checkbox" : "radio", name: each.action_id, checked: chosen.has(option.text.text),
          onchange: (event) => {
            if (!many) return use(option.text.text);
            event.target.checked ? chosen.add(option.text.text) : chosen.delete(option.text.text);
            use([...chosen]);
          },
        }), text(option.text, context), option.description && h("small", {}, option.description.text))));
  }
  const many = each.type.startsWith("multi_");
  const initial = each.initial_option?.text.text;
  return h("select", {
    class: "field", multiple: many,
    onchange: (event) => use(many ? [...event.target.selectedOptions].map((option) => option.value) : event.target.value),
  },
    !many && h("option", { disabled: true, selected: !initial, value: "" }, each.placeholder?.text ?? "Choose …"),
    groups.map((group) => {
      const inside = group.options.map((option) => h("option", { value: option.text.text, selected: option.text.text === initial }, option.text.text));
      return group.label ? h("optgroup", { label: group.label.text }, inside) : inside;
    }));
}

// --- inputs of a modal; what is filled in stays when the modal is drawn again

function input(block, context) {
  const label = block.label.text;
  const held = context.values;
  const each = block.element;
  const keep = (value) => { held[label] = value; };
  let field;
  if (each.options || each.option_groups) {
    const known = held[label];
    const initial = known && { initial_option: { text: { text: known } }, initial_options: [known].flat().map((words) => ({ text: { text: words } })) };
    field = choice({ ...each, ...initial }, keep, context);
  } else {
    const words = held[label] ?? each.initial_value ?? each.initial_date ?? each.initial_time ?? "";
    const tag = each.multiline ? "textarea" : "input";
    field = h(tag, { class: "field wide", placeholder: each.placeholder?.text ?? "", maxlength: each.max_length, type: kind(each), oninput: (event) => keep(event.target.value) });
    field.value = words;
  }
  const error = context.errors[block.block_id];
  return h("div", { class: `input ${error ? "wrong" : ""}` },
    h("b", {}, label, block.optional && h("small", {}, " (optional)")),
    field,
    block.hint && h("small", {}, block.hint.text),
    error && h("small", { class: "error" }, `⚠ ${error}`));
}
