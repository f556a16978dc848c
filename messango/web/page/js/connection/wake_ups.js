/**
 * Call back when the page may have been away, and its connection with it: from the back of a phone, from sleep, from
 * the browser's memory of pages, from a file chooser that took the network along.
 * @param {function(): void} callback
 */
export function onWakeUp(callback) {
  addEventListener('pageshow', (event) => event.persisted && callback());
  addEventListener('online', callback);
  document.addEventListener('resume', callback);
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && callback());
}
