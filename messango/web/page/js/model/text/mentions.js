/** Which messages mention us, by the rules of the window. Pure. */

import { mentionsName, oneSpaced } from './matching.js';

/**
 * @param {object} entry
 * @param {{transcript: import('../transcript/transcript.js').Transcript, people: import('../people.js').People}} session
 * @returns {boolean} whether a message of somebody else has our name as a word of its own, or answers one of ours
 */
export function isMentionOfUs(entry, { transcript, people }) {
  const you = people.me?.name;
  if (entry.own || entry.deleted || entry.notice || !you) return false;
  const answered = entry.reply && transcript.get(entry.reply.seq);
  if (entry.reply && (answered ? answered.own : entry.reply.name === you)) return true;
  return mentionsName(withoutLongerNames(entry.text, you, people.all), you);
}

/** `@Ann Lee` mentions Ann Lee, and not Ann, if both are in the room. */
function withoutLongerNames(text, you, all) {
  const own = `${oneSpaced(you)} `;
  const longer = all.map(({ name }) => oneSpaced(name)).filter((name) => name.startsWith(own));
  longer.sort((one, other) => other.length - one.length);
  return longer.reduce((rest, name) => rest.split(name).join(' · '), longer.length ? oneSpaced(text) : text);
}
