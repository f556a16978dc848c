/** As a link has it: `#k=KEY`. */
const KEY_IN_HASH = /^#k=([\w~.-]{1,128})$/;

/**
 * Take the guest key out of the address: it must not stay there, where others see it or pages are shared.
 * @param {import('./model/storage.js').Storage} storage
 * @returns {boolean} whether there was one
 */
export function takeGuestKey(storage) {
  const found = KEY_IN_HASH.exec(location.hash);
  if (!found) return false;
  storage.key = found[1];
  history.replaceState(history.state, '', location.pathname + location.search);
  return true;
}
