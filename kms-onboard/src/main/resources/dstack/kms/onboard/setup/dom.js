// Small parts from which the page is built. Text only ever becomes text, never markup.

export const byId = (id) => document.getElementById(id);

/** An element with these attributes and children; children that are strings become text. */
export function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

export function show(id, visible) {
  byId(id).hidden = !visible;
}

/** Sets a text only if it is another one, so that screen readers are not told twice. */
export function say(id, text) {
  const element = byId(id);
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/** A value with a button that copies it; what names it for people who do not see where it stands. */
export function copyable(value, what) {
  const code = make("code", {}, value);
  const button = make("button", { type: "button", class: "copy", "aria-label": `Copy ${what}` }, "Copy");
  button.addEventListener("click", async () => {
    button.textContent = (await copy(value, code)) ? "Copied" : "Press Ctrl+C";
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  });
  return make("div", { class: "copyable" }, code, button);
}

/** Over plain HTTP browsers offer no clipboard to scripts; the selection is the way that is left. */
async function copy(value, shown) {
  try {
    await navigator.clipboard.writeText(value);
    return true;
  } catch {
    getSelection().selectAllChildren(shown);
    return document.execCommand("copy");
  }
}
