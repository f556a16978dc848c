import { actionText } from '../../model/text/message_texts.js';
import { counted, oneLine, quotedText } from '../../model/text/texts.js';

/** A screen reader gets through about so much; of more, it reads only the number. */
const READ_EVERY_MS = 2_000;
const READ_MOST = 3;

/** So that the same words twice are read twice. */
const READ_TWICE = '\u00a0';

/**
 * Has a screen reader read the new messages of others: not what was said before, and not too much at a time.
 * @param {import('../../session.js').Session} session
 * @param {HTMLElement} root a live region
 */
export function mountAnnouncer(session, root) {
  let waiting = [];
  let timer = 0;

  function read() {
    timer = 0;
    if (!waiting.length) return;
    const text = waiting.length > READ_MOST ? counted(waiting.length, 'new message') : waiting.map(spoken).join('\n');
    root.textContent = root.textContent === text ? text + READ_TWICE : text;
    waiting = [];
    timer = setTimeout(read, READ_EVERY_MS);
  }

  session.addEventListener('transcript', ({ detail: { added } }) => {
    const isNew = ({ seq, own, notice }) => !own && !notice && seq > session.latest;
    waiting.push(...added.filter(isNew));
    if (waiting.length && !timer) read();
  });
}

/** @returns {string} such as `Ben: Hello`, or `Ben, only to you: Hello` */
function spoken(entry) {
  const { name, text, file } = entry;
  if (actionText(text)) return `${name} ${oneLine(actionText(text))}`;
  const parts = [file && `file ${file.name}`, quotedText(text)].filter(Boolean);
  return `${name}${entry.private ? ', only to you' : ''}: ${parts.join(', ')}`;
}
