/**
 * Make an element. Texts become text nodes, so nothing that a stranger writes is ever markup.
 * @param {string} tag
 * @param {object} [properties] of the element; `class` and names with a dash are attributes
 * @param {...(Node|string)} children
 * @returns {HTMLElement}
 */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === 'class' || name.includes('-')) made.setAttribute(name, value);
    else made[name] = value;
  }
  made.append(...children);
  return made;
}

/**
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  return document.getElementById(id);
}

/**
 * @param {string} label
 * @param {function(): void} onClick
 * @param {string} [kind] a class
 * @param {object} [properties] others, as of `element`
 * @returns {HTMLButtonElement}
 */
export function button(label, onClick, kind = '', properties = {}) {
  const made = element('button', { type: 'button', class: kind, ...properties }, label);
  made.addEventListener('click', onClick);
  return made;
}
