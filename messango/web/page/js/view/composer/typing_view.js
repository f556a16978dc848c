import { TypingMembers } from '../../model/typing_members.js';
import { byId } from '../dom.js';

/**
 * Says below the message field who is typing; `app.typing` knows.
 * @param {{session: import('../../session.js').Session}} app
 * @param {function(): void} onChange called when others are typing than before
 */
export function mountTyping(app, onChange) {
  const { session } = app;
  const line = byId('typing-state');
  const typing = app.typing = new TypingMembers();
  let timer = 0;

  function show() {
    clearTimeout(timer);
    const next = typing.update(performance.now()) - performance.now();
    if (next < Infinity) timer = setTimeout(show, next + 20);
    if (line.textContent === typing.text) return;
    line.textContent = typing.text;
    onChange();
  }

  session.addEventListener('typing', ({ detail }) => {
    if (session.people.get(detail.member)?.you === false) typing.started(detail, performance.now());
    show();
  });
  session.addEventListener('transcript', ({ detail: { added } }) => {
    for (const { seq, member } of added) if (seq > session.latest) typing.stopped(member);
    show();
  });
  session.addEventListener('people', ({ detail: { left, renamed } }) => {
    typing.stopped(left?.member ?? renamed?.id);
    show();
  });
  session.addEventListener('state', () => {
    typing.clear();
    show();
  });
}
