/** Entries of a transcript, made from frames: `{key, seq, id, member, name, time, text, own, ...}`. */

import { captionOf } from '../files/files.js';
import { changedReactions, cleanReactions } from './reactions.js';
import { oneLine, quotedText } from '../text/texts.js';

/**
 * @param {object} frame `message` or `told`
 * @param {{me: string, key: string, counted: number}} about the own public id, the entry's key, and the number
 *   up to which all changes are in the frame already
 * @returns {object} the entry
 */
export function entryOf(frame, { me, key, counted }) {
  const own = frame.member === me;
  const isPrivate = frame.type === 'told';
  return {
    key,
    seq: frame.seq,
    id: frame.id,
    member: frame.member,
    name: oneLine(frame.name),
    time: frame.time,
    own,
    private: isPrivate,
    to: isPrivate ? frame.to : '',
    toName: isPrivate ? oneLine(frame.to_name) : '',
    away: own && Boolean(frame.away),
    state: own ? 'sent' : '',
    counted,
    textKnown: 0,
    ...contentOf(frame),
  };
}

/**
 * @param {object} frame an own `say`, `tell` or `share`
 * @param {object} sender `{member, name, time, toName, reply, file, failed}`
 * @returns {object} the entry of a message that the room has not accepted yet
 */
export function pendingEntryOf(frame, { member, name, time, toName = '', reply, file, failed }) {
  return {
    key: `own-${frame.id}`,
    seq: 0,
    id: frame.id,
    member,
    name,
    time,
    own: true,
    private: frame.type === 'tell',
    to: frame.to ?? '',
    toName,
    away: false,
    state: failed ? 'failed' : 'waiting',
    reason: failed?.reason,
    hint: failed?.hint,
    counted: 0,
    textKnown: 0,
    text: frame.text ?? '',
    reply: reply ?? null,
    file: file ?? null,
    edited: false,
    deleted: false,
    reactions: [],
  };
}

/**
 * Change the entry that a frame is about, or one that quotes it.
 * @param {object} entry
 * @param {object} change `reacted`, `edited` or `deleted`
 * @param {string} me the own public id
 * @returns {boolean} whether something differs now
 */
export function applyChange(entry, change, me) {
  if (change.seq <= entry.counted) return false;
  if (change.type !== 'reacted' && change.seq <= entry.textKnown) return false;
  const changed = entry.seq === change.target ? changedContent(entry, change, me) : changedQuote(entry, change);
  if (changed) Object.assign(entry, changed, { counted: change.seq });
  return Boolean(changed);
}

/** @returns {object} what an edit, a reaction or a deletion can change. A deleted message keeps nothing. */
function contentOf(frame) {
  const deleted = Boolean(frame.deleted);
  return {
    text: deleted ? '' : ownText(frame.text, frame.file),
    reply: deleted || !frame.reply ? null : quoteOf(frame.reply),
    file: deleted || !frame.file ? null : { ...frame.file, name: shownFileName(frame.file.name) },
    edited: !deleted && Boolean(frame.edited),
    deleted,
    reactions: deleted ? [] : cleanReactions(frame.reactions),
  };
}

function quoteOf({ seq, name = '', text = '' }) {
  return { seq, name: oneLine(name), text: oneLine(text) };
}

/** A room that does not clean names could show one ending and mean another. */
function shownFileName(name = '') {
  return name.replace(/[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069/\\]/gu, '_');
}

function changedContent(entry, change, me) {
  if (entry.deleted) return null;
  if (change.type === 'deleted') return contentOf({ deleted: true });
  if (change.type === 'edited') return change.text ? { text: ownText(change.text, entry.file), edited: true } : null; // Deleted later.
  const reaction = { emoji: change.emoji, on: change.on, name: oneLine(change.name), own: change.member === me };
  const reactions = changedReactions(entry.reactions, reaction);
  return reactions === entry.reactions ? null : { reactions };
}

function changedQuote({ reply }, change) {
  if (reply?.seq !== change.target || change.type === 'reacted') return null;
  const text = change.type === 'edited' ? quotedText(change.text) : '';
  return text === reply.text ? null : { reply: { ...reply, text } };
}

/** @returns {string} what the sender wrote */
function ownText(text, file) {
  return file ? captionOf(text, file) : text;
}
