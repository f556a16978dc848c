// Replays what came to one page, and keeps a view of it that only follows the changes it is told of.
// `log` is a list of `[what, detail, number]`.
const { Conversation } = await load('model/conversation.js');
const { ChangeBatch } = await load('model/transcript/change_batch.js');

const view = [];
const problems = [];

function draw(change) {
  for (const entry of change.removed) {
    const index = view.indexOf(entry);
    if (index < 0) problems.push(`removed ${entry.key}, which is not in the view`);
    else view.splice(index, 1);
  }
  view.splice(change.at, 0, ...change.added);
  for (const entry of change.changed) if (!view.includes(entry)) problems.push(`changed ${entry.key}, unseen`);
}

const changes = new ChangeBatch(draw);
const report = (type, detail) => { if (type === 'transcript') changes.add(detail); else changes.flush(); };
const conversation = new Conversation(report, () => 1);
const steps = {
  welcome(frame, since) {
    if (conversation.last !== since) problems.push(`would return since ${conversation.last}, not ${since}`);
    conversation.joined(frame, { wanted: frame.you });
  },
  frame: (frame) => conversation.handle(frame),
  pending: (frame) => conversation.addPending(frame),
  problem: (frame) => conversation.removePending(frame.id),
  earlier(answer, before) {
    if (conversation.transcript.oldest === before) conversation.addEarlier(answer, before);
    conversation.transcript.present(answer);
  },
  drawn: () => changes.flush(),
};
for (const [what, detail, number] of log) steps[what](detail, number);
changes.flush();

const { entries, hasEarlier, oldest } = conversation.transcript;
if (view.length !== entries.length || view.some((entry, index) => entry !== entries[index])) {
  problems.push(`the view differs: ${view.map((each) => each.key)} and ${entries.map((each) => each.key)}`);
}
const keys = new Set(entries.map((each) => each.key));
if (keys.size !== entries.length) problems.push('a key comes twice');
return { entries, hasEarlier, oldest, problems };
