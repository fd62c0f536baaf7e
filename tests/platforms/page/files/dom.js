// Building elements. Text is always text: nothing that anybody wrote becomes markup.

export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value != null) element.setAttribute(key, value);
  }
  element.append(...children.flat(Infinity).filter((each) => each != null && each !== false));
  return element;
}

export function time(seconds) {
  return new Date(seconds * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}

const HUES = ["#e8912d", "#2bac76", "#3b7dd8", "#c2498f", "#7a5cc8", "#1f9aa8"];

export function avatar(name, bot = false) {
  const hue = bot ? "#4a154b" : HUES[[...name].reduce((sum, each) => sum + each.charCodeAt(0), 0) % HUES.length];
  return h("span", { class: "avatar", style: `background:${hue}` }, name.replace(/^\W+/, "").slice(0, 1).toUpperCase());
}

const EMOJI = {
  eyes: "👀", white_check_mark: "✅", "+1": "👍", thumbsup: "👍", heart: "❤️", tada: "🎉", wave: "👋", warning: "⚠️", x: "❌",
  hourglass: "⌛", speech_balloon: "💬", rotating_light: "🚨", lock: "🔒", memo: "📝", question: "❓", raised_hands: "🙌",
  hourglass_flowing_sand: "⏳", grey_question: "❔", leftwards_arrow_with_hook: "↩️", incoming_envelope: "📨",
};

export const emoji = (name) => EMOJI[name] ?? `:${name}:`;

export function file(name, size) {
  const amount = size < 1024 ? `${size} B` : `${Math.round(size / 1024)} kB`;
  return h("div", { class: "file" }, h("span", { class: "file-icon" }, "📄"), h("span", {}, h("b", {}, name), h("small", {}, amount)));
}
