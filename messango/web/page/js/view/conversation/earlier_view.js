import { byId } from '../dom.js';

/** A wait that is worth a word, and the time after which a failed request is made again. */
const EARLIER_NOTE_MS = 400;
const EARLIER_RETRY_MS = 5_000;

/** On the way to an old message, the room is asked for as many as it gives at once. */
const EARLIER_MOST = 200;

/** Nobody reads back beyond so many, and a room that always has more must not fill the memory. */
export const MOST_ENTRIES = 100_000;

/**
 * Loads the older messages before somebody has scrolled to the beginning, and says there what the room has.
 * @param {{session: import('../../session.js').Session}} app
 * @param {HTMLElement} root `#conversation`
 * @param {function(): boolean} isShown whether the first entry is among those that are shown
 * @returns {{load: function(): void, find: function(number): Promise<object|undefined>}}
 */
export function mountEarlier({ session }, root, isShown) {
  const note = byId('earlier-state');
  let [isLoading, isSlow, hasFailed] = [false, false, false];

  function canLoad() {
    const { transcript } = session;
    return session.state === 'joined' && session.can('earlier') && transcript.hasEarlier && transcript.entries.length < MOST_ENTRIES;
  }

  function show() {
    if (hasFailed) note.textContent = 'Earlier messages could not be loaded. Messango tries again in a moment';
    else if (isLoading && isSlow) note.textContent = 'Loading earlier messages…';
    else note.textContent = isShown() ? beginningText(session) : '';
  }

  async function ask(count) {
    isLoading = true;
    const timer = setTimeout(() => {
      isSlow = true;
      show();
    }, EARLIER_NOTE_MS);
    try {
      await session.earlier(count);
    } finally {
      clearTimeout(timer);
      [isLoading, isSlow] = [false, false];
    }
  }

  function isNeeded() {
    return !isLoading && !hasFailed && isShown() && root.scrollTop < 2 * root.clientHeight && canLoad();
  }

  async function load() {
    try {
      while (isNeeded()) await ask();
    } catch {
      hasFailed = true;
      setTimeout(retry, EARLIER_RETRY_MS);
    }
    show();
  }

  function retry() {
    hasFailed = false;
    load();
  }

  /** Return the message with this number, after loading all that follows it. */
  async function find(seq) {
    const { transcript } = session;
    try {
      while (!transcript.get(seq) && seq < transcript.oldest && canLoad()) await ask(EARLIER_MOST);
    } catch {
      show();
    }
    return transcript.get(seq);
  }

  return { load, find };
}

/**
 * @param {object} session
 * @returns {string} what stands above the first message
 */
export function beginningText({ transcript, room }) {
  if (!room || !transcript.oldest || transcript.hasEarlier) return '';
  return transcript.isCut ? 'The room keeps nothing older' : `This is the beginning of ${room.name}`;
}
