import { nextStep } from '../model/outcome.js';
import { MAX_NAME, counted, lengthOf, oneLine, quotedName, seatsText } from '../model/text/texts.js';
import { byId } from './dom.js';

/**
 * The form in which a guest gives a name, with what the room tells everybody.
 * @param {{session: import('../session.js').Session, storage: import('../model/storage.js').Storage}} app
 * @param {HTMLElement} root `#join`
 */
export function mountJoin({ session, storage }, root) {
  const [form, name, error, submit] = ['join-form', 'join-name', 'join-error', 'join-button'].map(byId);
  const [title, about] = ['join-title', 'join-room'].map(byId);
  name.value = storage.name;

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const problem = nameProblem(name.value);
    error.textContent = problem;
    name.toggleAttribute('aria-invalid', Boolean(problem));
    if (problem) name.focus();
    else session.join(name.value);
  });

  function show() {
    const isAsked = session.state === 'new' || (session.state === 'refused' && nextStep(session) === 'join');
    const isConnecting = session.state === 'connecting' && !session.room && !session.isWaiting;
    const wasHidden = root.hidden;
    root.hidden = !isAsked && !isConnecting;
    submit.disabled = isConnecting;
    submit.textContent = isConnecting ? 'Joining…' : 'Join';
    error.textContent = isAsked && session.code === 'bad-name' ? `${session.reason} ${session.hint}` : '';
    if (!isAsked) return;
    name.focus();
    if (wasHidden) session.look();
  }

  function showRoom() {
    title.textContent = `Join ${quotedName(session.preview.name)}`;
    about.textContent = aboutRoom(session.preview);
  }

  session.addEventListener('preview', showRoom);
  session.addEventListener('state', show);
}

/**
 * @param {{members: number, seats: number, locked: boolean}} room
 * @returns {string} whether there is a place in it
 */
export function aboutRoom({ members, seats, locked }) {
  if (locked) return `${counted(members, 'member')} inside. The host has locked the room: you can wait until it is unlocked.`;
  const taken = seatsText(members, seats);
  return members < seats ? taken : `${taken}. The room is full: you can wait for a seat.`;
}

/**
 * @param {string} typed
 * @returns {string} why this can't be a name; empty if it can
 */
export function nameProblem(typed) {
  const length = lengthOf(oneLine(typed));
  if (!length) return 'Please enter your name.';
  return length > MAX_NAME ? `The name is too long: ${length} characters; the limit is ${MAX_NAME}.` : '';
}
