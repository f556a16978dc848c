/** What a typed text asks for. Commands are for the window and the terminal; here they are never sent to all by mistake. */

const COMMAND = /^\/[^\s/]*(?=\s|$)|^\/msg(?=\/)/i;

/** What input methods leave behind, and nobody sees. */
const UNSEEN_BEFORE = /^[\s\p{Default_Ignorable_Code_Point}]+/u;

/** What input methods for Chinese and Japanese make of the slash, before words that were not meant for all. */
const WIDE_COMMAND = /^／(?=(?:me|msg|tell|w|whisper|pm|dm|query|private|message|reply|r)(?:\s|$))/i;

/**
 * @param {string} typed
 * @returns {{text: string, refusal: string}} what is sent, or why nothing is
 */
export function messageOf(typed) {
  if (/^\/[/／]/.test(typed)) return { text: typed.slice(1), refusal: '' };
  const line = typed.replace(UNSEEN_BEFORE, '').replace(WIDE_COMMAND, '/');
  const command = COMMAND.exec(line)?.[0];
  if (command === undefined) return { text: typed, refusal: '' };
  const action = command.toLowerCase() === '/me' ? line.slice(command.length).trim() : '';
  if (action) return { text: `/me ${action}`, refusal: '' };
  const refusal = command.toLowerCase() === '/me'
    ? '/me needs an argument: /me ACTION'
    : `There is no command ${command} in the browser. To send it as a message, type /${command}.`;
  return { text: '', refusal };
}

/**
 * @param {string} text
 * @returns {string} what to type so that this text is sent
 */
export function editableText(text) {
  return messageOf(text).text === text ? text : `/${text}`;
}
