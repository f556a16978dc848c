/** Web links in a text, by the rules of Messango's other front ends: only http and https count. Pure. */

/** Characters that are never part of a link: spaces, invisible ones, quotation marks, brackets, and punctuation. */
const LINK_RUN = new RegExp('^[^\\s<>"`\\x00-\\x1f\\x7f-\\x9f\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff'
  + '“”„‟‘’‚‛«»‹›\\u275b-\\u2760\\u2e42\\u05f4\\u2045\\u2046\\u2329\\u232a\\u2768-\\u2775\\u27e6-\\u27ef\\u2983-\\u2998'
  + '\\u2e02-\\u2e0d\\u2e1c-\\u2e1d\\u2e20-\\u2e29\\u2e55-\\u2e5c\\ufd3e\\ufd3f\\ufe10-\\ufe19\\ufe30-\\ufe6b'
  + '\\u1361-\\u1368\\u0f08-\\u0f14\\u0f3a-\\u0f3d\\u3001\\u3002\\u3008-\\u3011\\u3014-\\u301f\\uff01-\\uff07'
  + '\\uff0a-\\uff0f\\uff1a-\\uff20\\uff3b-\\uff40\\uff5b-\\uff64]+');

/** At the end of a link, these end the sentence rather than the address. */
const LINK_TRAILING = new RegExp("[.,;:!?'*_|…‒–—―•\\u200c\\u200d\\u037e\\u0387\\u055b-\\u055e\\u0589\\u05f3\\u060c"
  + '\\u061b\\u061f\\u06d4\\u0964\\u0965\\u104a\\u104b\\u17d4\\u17d5\\u1802\\u1803\\u1808\\u1809]');

/** The host and port, as far as they may go. */
const LINK_HOST = /^https?:\/\/(?:\[[^\]]*\]|[^/?#:()[\]{}（）|^,;!'*=~$&‒–—―•…]*)(?::[0-9]*)?/i;

/** After a Latin top-level domain, a script without spaces, or a symbol, belongs to the sentence. */
const LINK_GLUED = new RegExp('(?:\\.|//)[A-Za-z0-9-]+(?=[\\u0e00-\\u0eff\\u1000-\\u109f\\u1780-\\u17ff\\u2e80-\\u2fdf'
  + '\\u3040-\\u30ff\\u3100-\\u312f\\u31f0-\\u31ff\\u2190-\\u21ff\\u2300-\\u27bf\\u2b00-\\u2bff\\u{1f000}-\\u{1faff}'
  + '\\u3400-\\u4dbf\\u4e00-\\u9fff\\uac00-\\ud7af\\uf900-\\ufaff\\u{20000}-\\u{3ffff}][^.:]*$)', 'u');

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
