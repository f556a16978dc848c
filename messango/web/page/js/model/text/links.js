/** Web links in a text, by the rules of Messango's other front ends: only http and https count. Pure. */

import { UNSPACED_SCRIPTS } from './emphasis.js';

/** What an address may have in it: of the punctuation of other scripts only what is part of names. */
const LINK_RUN = /^(?:(?![<>`])[!#-~（）·・•…\u200c\u200d\p{L}\p{M}\p{N}\p{S}\p{Pd}\p{Pc}])+/u;

/** At the end of a link, these end the sentence rather than the address. */
const LINK_TRAILING = /[.,;:!?'*_|…‒–—―•\u200c\u200d]/;

/** The host and port, as far as they may go. */
const LINK_HOST = /^https?:\/\/(?:\[[^\]]*\]|[^/?#:()[\]{}（）|^,;!'*=~$&‒–—―•…]*)(?::[0-9]*)?/i;

/** After a Latin top-level domain, a script without spaces, or a symbol, belongs to the sentence. */
const LINK_GLUED = new RegExp(`(?:\\.|//)[A-Za-z0-9-]+(?=[${UNSPACED_SCRIPTS}\\p{sc=Hang}\\p{So}][^.:]*$)`, 'u');

const LINK_BRACKETS = { ')': '(', ']': '[', '}': '{', '）': '（' };

/**
 * @param {string} text
 * @param {number} start where `http` stands
 * @returns {number} where the link ends; `start` if no browser should open it
 */
export function linkEnd(text, start) {
  if (!mayBeginLink(text.slice(Math.max(start - 2, 0), start))) return start;
  const run = LINK_RUN.exec(text.slice(start))?.[0] ?? '';
  if (/^https?:\/\/[^/?#]*@/i.test(run)) return start; // A user's name may look like a host.
  let link = run.slice(0, hostEnd(run));
  link = link.slice(0, unpairedBracket(link));
  let end = link.length;
  while (end && (LINK_TRAILING.test(link[end - 1]) || (text[start - 1] === '~' && link[end - 1] === '~'))) end -= 1;
  return isOpenable(link.slice(0, end)) ? start + end : start;
}

/** Latin letters before it would be part of another word or scheme, an underscore alone makes italic text. */
function mayBeginLink(before) {
  return !/[A-Za-z0-9/+]$/.test(before) && !/[A-Za-z0-9_/+]_$/.test(before);
}

function hostEnd(run) {
  const host = LINK_HOST.exec(run)?.[0] ?? '';
  const glued = LINK_GLUED.exec(host);
  if (glued) return glued.index + glued[0].length;
  return /^(?:$|[/?#])/.test(run.slice(host.length)) ? run.length : host.length;
}

/** The place of the first closing bracket without an opening one. */
function unpairedBracket(link) {
  const opened = [];
  for (let place = 0; place < link.length; place += 1) {
    const opening = LINK_BRACKETS[link[place]];
    if ('([{（'.includes(link[place])) opened.push(link[place]);
    else if (opening && opened.pop() !== opening) return place;
  }
  return link.length;
}

function isOpenable(link) {
  if (!/^https?:\/\/[^/?#\\%]+(?:[/?#]|$)/i.test(link)) return false;
  try {
    return Boolean(new URL(link).host);
  } catch {
    return false;
  }
}
