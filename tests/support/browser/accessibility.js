// What is wrong for people who do not see the page, or see it badly, or touch it. `check(options)` returns sentences.

const CONTROLS = 'button, input:not([type="file"]), textarea, select, a[href], [tabindex="0"]';
const REFERENCES = ['aria-labelledby', 'aria-describedby', 'aria-controls', 'aria-activedescendant', 'for', 'form'];
const TOUCH_PIXELS = 44;
const LEAST_CONTRAST = 4.5;

const describe = (node) => `<${node.localName}${node.id ? ` id=${node.id}` : ''} class="${node.className}"> ${node.textContent.trim().slice(0, 30)}`;
const isSeen = (node) => node.checkVisibility({ visibilityProperty: true }) && !node.closest('[inert], .unseen')
  && (!document.querySelector('dialog[open]') || node.closest('dialog[open]'));

function colorOf(text) {
  const [red, green, blue, alpha = 1] = text.match(/[\d.]+/g).map(Number);
  return { channels: [red, green, blue], alpha };
}

function blend(above, below) {
  return above.channels.map((each, index) => each * above.alpha + below[index] * (1 - above.alpha));
}

function luminance(channels) {
  const [red, green, blue] = channels.map((each) => each / 255)
    .map((each) => (each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function groundOf(node) {
  let ground = [255, 255, 255];
  const chain = [];
  for (let each = node; each; each = each.parentElement) chain.unshift(each);
  for (const each of chain) ground = blend(colorOf(getComputedStyle(each).backgroundColor), ground);
  return ground;
}

function contrastOf(node, pseudo) {
  const ground = groundOf(node);
  const color = colorOf(getComputedStyle(node, pseudo).color);
  for (let each = node; each; each = each.parentElement) color.alpha *= Number(getComputedStyle(each).opacity);
  const [light, dark] = [luminance(blend(color, ground)), luminance(ground)].sort((one, other) => other - one);
  return (light + 0.05) / (dark + 0.05);
}

function hasOwnText(node) {
  return [...node.childNodes].some((each) => each.nodeType === Node.TEXT_NODE && /[\p{L}\p{N}]/u.test(each.data));
}

function contrastProblems() {
  const texts = [...document.body.querySelectorAll('*')].filter((node) => hasOwnText(node) && isSeen(node) && !node.closest(':disabled'));
  const fields = [...document.querySelectorAll('input, textarea')].filter((node) => isSeen(node) && !node.disabled);
  const measured = [...texts.map((node) => [node, contrastOf(node)]), ...fields.map((node) => [node, contrastOf(node, '::placeholder')]),
    ...fields.map((node) => [node, contrastOf(node)])];
  return measured.filter(([, contrast]) => contrast < LEAST_CONTRAST).map(([node, contrast]) => `${contrast.toFixed(2)} : 1 of ${describe(node)}`);
}

function structureProblems() {
  const problems = [];
  const ids = [...document.querySelectorAll('[id]')].map((node) => node.id);
  for (const id of new Set(ids)) if (ids.filter((each) => each === id).length > 1) problems.push(`the id ${id} is there twice`);
  for (const name of REFERENCES) {
    for (const node of document.querySelectorAll(`[${name}]`)) {
      for (const id of node.getAttribute(name).split(/\s+/)) {
        if (!document.getElementById(id)) problems.push(`${name} leads nowhere in ${describe(node)}`);
      }
    }
  }
  const main = [...document.querySelectorAll('main')].filter((node) => node.checkVisibility());
  if (main.length !== 1) problems.push(`${main.length} main landmarks`);
  const levels = [...document.querySelectorAll('h1, h2, h3')].filter((node) => node.checkVisibility()).map((node) => Number(node.localName[1]));
  if (levels[0] !== 1) problems.push('the first heading is not of level 1');
  if (levels.some((level, index) => level > (levels[index - 1] ?? 0) + 1)) problems.push('a level of headings is left out');
  if (document.querySelector('[tabindex]:not([tabindex="0"], [tabindex="-1"])')) problems.push('a tabindex changes the order');
  const scrollers = [document.documentElement, document.body, ...document.querySelectorAll('main, #talk, .panel, dialog')];
  if (scrollers.some((node) => node.scrollWidth > node.clientWidth)) problems.push('something is wider than the screen');
  return problems;
}

function touchProblems() {
  const isInText = (node) => node.localName === 'a' && node.closest('.text');
  const controls = [...document.querySelectorAll(CONTROLS)].filter((node) => isSeen(node) && !isInText(node));
  return controls.filter((node) => {
    const { width, height } = node.getBoundingClientRect();
    return Math.min(width, height) < TOUCH_PIXELS - 0.5;
  }).map((node) => `${Math.round(node.offsetWidth)} x ${Math.round(node.offsetHeight)} px of ${describe(node)}`);
}

return [...structureProblems(), ...contrastProblems(), ...(args[0] ? touchProblems() : [])];
