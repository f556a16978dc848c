/** The reactions to a message: `[{emoji, count, mine, names}]`, the oldest kind first. */

const MAX_REACTIONS = 20;
const MAX_NAMES = 10;

/**
 * @param {object[]} reactions
 * @param {{emoji: string, on: boolean, name: string, own: boolean}} change
 * @returns {object[]} the reactions after a change; the same array if nothing differs
 */
export function changedReactions(reactions, change) {
  const index = reactions.findIndex((each) => each.emoji === change.emoji);
  if (index < 0) return withNewKind(reactions, change);
  const before = reactions[index];
  if (change.own && before.mine === change.on) return reactions; // Our request has changed nothing.
  const after = change.on ? added(before, change) : removed(before, change);
  return [...reactions.slice(0, index), ...(after.count > 0 ? [after] : []), ...reactions.slice(index + 1)];
}

/**
 * @param {?object[]} reactions as a server sends them
 * @returns {object[]} those that can be shown: each emoji once, by at least one member
 */
export function cleanReactions(reactions) {
  const kinds = new Map();
  for (const { emoji, count, mine, names = [] } of reactions ?? []) {
    if (emoji && !kinds.has(emoji) && count > 0) kinds.set(emoji, { emoji, count, mine, names: [...names] });
  }
  return [...kinds.values()].slice(0, MAX_REACTIONS);
}

function withNewKind(reactions, { emoji, on, name, own }) {
  if (!on || reactions.length >= MAX_REACTIONS) return reactions;
  return [...reactions, { emoji, count: 1, mine: own, names: [name] }];
}

function added(before, { name, own }) {
  const names = [...before.names, name].slice(0, MAX_NAMES);
  return { ...before, count: before.count + 1, mine: before.mine || own, names };
}

function removed(before, { name, own }) {
  const index = before.names.indexOf(name);
  const names = before.names.filter((_, each) => each !== index);
  return { ...before, count: before.count - 1, mine: before.mine && !own, names };
}
