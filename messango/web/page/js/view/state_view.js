import { Pace } from '../pace.js';
import { nextStep } from '../model/outcome.js';
import { seatsText } from '../model/text/texts.js';
import { button, byId } from './dom.js';

const KEEP_WRITING = 'Keep writing; it will be sent when you are back.';

/** What the banner offers, by what the person can do next. */
const LABELS = { wait: 'Wait for a seat', join: '', again: 'Try again', here: 'Continue here' };

/** Where "Try again" would be the wrong words. */
const AGAIN_LABELS = { __proto__: null, kicked: 'Rejoin', left: 'Rejoin' };

/**
 * The line below the room's name, and the banner that says what went wrong and what to do.
 * @param {{session: import('../session.js').Session, storage: import('../model/storage.js').Storage}} app
 * @param {HTMLElement} root `#banner`
 */
export function mountState({ session, storage }, root) {
  const [line, name, text, hint, buttons] = ['room-state', 'room-name', 'banner-text', 'banner-hint', 'banner-buttons']
    .map(byId);
  const actions = {
    wait: () => session.waitForSeat(),
    again: () => session.join(storage.name),
    here: () => session.takeOver(),
  };

  function show() {
    const banner = bannerOf(session);
    line.textContent = stateLine(session);
    name.textContent = (session.room ?? session.preview)?.name ?? 'Messango';
    root.hidden = !banner;
    if (!banner) return;
    root.classList.toggle('danger', banner.isFinal);
    text.textContent = banner.text;
    hint.textContent = banner.hint;
    buttons.replaceChildren(...banner.buttons.map(({ label, step }) => {
      const action = { ...actions, retry: () => session.retryNow(), stop: () => session.stopWaiting() }[step];
      return button(label, action);
    }));
  }

  const showing = new Pace(show);
  for (const type of ['state', 'room', 'people', 'preview']) session.addEventListener(type, () => showing.request());
  show();
}

/**
 * @param {object} session
 * @returns {string} the line below the room's name
 */
export function stateLine({ state, room, people, isWaiting }) {
  if (state === 'joined' && room) return seatsText(people.count, room.seats, people.servers?.length);
  if (isWaiting) return 'Waiting…';
  const words = { new: 'Not joined yet', connecting: 'Connecting…', reconnecting: 'Reconnecting…' };
  return words[state] ?? 'Not in the room';
}

/**
 * @param {object} session
 * @returns {?{text: string, hint: string, isFinal: boolean, buttons: {label: string, step: string}[]}} null if
 *   nothing is wrong
 */
export function bannerOf(session) {
  const { state, code, reason, hint, isWaiting, linkDown } = session;
  if (state === 'elsewhere') {
    return bannerWith('The conversation goes on in another tab of this browser.', '', session);
  }
  if (isWaiting && reason) {
    const until = code === 'locked' ? 'the host unlocks the room' : 'a seat is free';
    const stop = [{ label: 'Stop waiting', step: 'stop' }];
    return { text: `Waiting. ${reason}`, hint: `You'll join when ${until}.`, isFinal: false, buttons: stop };
  }
  if (state === 'joined' && linkDown) return { text: linkDown.reason, hint: linkDown.hint, isFinal: false, buttons: [] };
  const retry = { isFinal: false, buttons: [{ label: 'Retry now', step: 'retry' }] };
  if (state === 'reconnecting' && reason) {
    return { text: `${reason} Reconnecting…`, hint: `${KEEP_WRITING} ${hint}`.trim(), ...retry };
  }
  if (state === 'connecting' && reason) return { text: `${reason} Trying again…`, hint, ...retry };
  return state === 'refused' || state === 'closed' ? bannerWith(reason, hint, session) : null;
}

function bannerWith(text, hint, session) {
  const step = nextStep(session);
  const label = AGAIN_LABELS[session.code] ?? LABELS[step];
  return { text, hint, isFinal: !step, buttons: label ? [{ label, step }] : [] };
}
