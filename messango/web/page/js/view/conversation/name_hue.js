const HUES = 8;

/**
 * @param {string} name
 * @returns {string} the class of the colour of a name, the same in every visit
 */
export function hueOf(name) {
  let hash = 0x811c9dc5;
  for (const character of name.normalize('NFKC').toLowerCase()) {
    hash = Math.imul(hash ^ character.codePointAt(0), 0x01000193);
  }
  hash ^= hash >>> 15; // The lowest bits alone would put most names into half of the colours.
  return `hue-${(hash >>> 0) % HUES}`;
}
