// A room in the page itself: its messages, and the answers to what the page asks. `start(modules, options)` shows it.

const LONG_AGO = 1764500000;
const FEATURES = ['files', 'private', 'earlier', 'search', 'reactions', 'edits', 'web'];
const PEOPLE = [
  { id: 'm-ann', name: 'Ann', host: true },
  { id: 'm-ben', name: 'Ben' },
  { id: 'm-zoe', name: 'Zoë', web: true },
  { id: 'm-lee', name: 'Ann Lee' },
];

class FakeMembership extends EventTarget {
  state = 'new';
  code = '';
  reason = '';
  hint = '';
  isWaiting = false;
  sent = [];
  room = null;

  start() {}

  remember() {}

  send(frame) {
    this.sent.push(frame);
    queueMicrotask(() => this.room.asked(frame));
  }

  receive(...frames) {
    this.dispatchEvent(new CustomEvent('frames', { detail: frames }));
  }
}

class FakeRoom {
  constructor(membership, { count = 0, oldest = count ? 1 : 0, features = FEATURES, text = (seq) => `Message ${seq}` }) {
    this.membership = membership;
    this.features = features;
    this.oldest = oldest;
    this.messages = [];
    for (let seq = Math.max(oldest, 1); seq <= count; seq += 1) {
      const { id, name } = PEOPLE[Math.floor(seq / 3) % 2];
      this.messages.push({ type: 'message', seq, id: `x-${seq}`, member: id, name, time: LONG_AGO + seq * 60, text: text(seq) });
    }
    this.latest = count;
    this.isSilent = false;
  }

  welcome() {
    const { features, latest, oldest } = this;
    const room = { id: 'r-1', name: 'Table 4', seats: 20, features };
    const frame = { type: 'welcome', room, you: 'Zoë', member: 'm-zoe', session: 'web.s', people: PEOPLE, latest, oldest };
    this.membership.state = 'joined';
    this.membership.dispatchEvent(new Event('state'));
    this.membership.dispatchEvent(new CustomEvent('welcome', { detail: { frame, stored: null, isSameRoom: true } }));
    this.membership.receive(...this.messages.slice(-100));
  }

  /** Something new happens in the room. */
  add(frame) {
    this.latest += 1;
    const entry = { seq: this.latest, id: `n-${this.latest}`, time: Math.floor(Date.now() / 1000), ...frame };
    if (entry.type === 'message' || entry.type === 'told') this.messages.push(entry);
    this.membership.receive(entry);
    return entry.seq;
  }

  says(name, text, more = {}) {
    const { id } = PEOPLE.find((each) => each.name === name);
    return this.add({ type: 'message', member: id, name, text, ...more });
  }

  asked(frame) {
    if (this.isSilent) return;
    const own = { id: frame.id, member: 'm-zoe', name: 'Zoë' };
    const answers = {
      earlier: () => this.membership.receive({ ...this.before(frame), type: 'earlier', id: frame.id, latest: this.latest }),
      search: () => this.membership.receive({ ...this.found(frame), type: 'found', id: frame.id, latest: this.latest }),
      say: () => this.add({ type: 'message', ...own, text: frame.text, reply: this.quote(frame.reply_to) }),
      tell: () => this.add({ type: 'told', ...own, to: frame.to, to_name: 'Ben', text: frame.text }),
      react: () => this.add({ type: 'reacted', ...own, target: frame.seq, emoji: frame.emoji, on: frame.on }),
      edit: () => this.add({ type: 'edited', ...own, target: frame.seq, text: frame.text }),
      delete: () => this.add({ type: 'deleted', ...own, target: frame.seq }),
    };
    answers[frame.type]?.();
  }

  before({ before, count }) {
    const older = this.messages.filter(({ seq }) => seq < before);
    return { messages: older.slice(-count), more: older.length > count };
  }

  found({ words, before = Infinity }) {
    const has = ({ seq, text }) => seq < before && text.toLowerCase().includes(words.toLowerCase());
    const found = this.messages.filter(has);
    return { messages: found.slice(-30), more: found.length > 30 };
  }

  quote(seq) {
    const answered = this.messages.find((each) => each.seq === seq);
    return answered && { seq, name: answered.name, text: answered.text };
  }
}

/** After what took long the page rests; here it draws all at once, so that a test sees what it has just caused. */
async function drawAtOnce(load) {
  const { Pace } = await load('pace.js');
  const { request } = Pace.prototype;
  Pace.prototype.request = function requestAtOnce() {
    const { now } = performance;
    performance.now = () => 0; // As if nothing took any time.
    try {
      request.call(this);
    } finally {
      performance.now = now;
    }
  };
}

async function start(load, options) {
  const html = await (await fetch('../index.html')).text();
  const page = new DOMParser().parseFromString(html, 'text/html');
  for (const sheet of page.querySelectorAll('link[rel="stylesheet"]')) {
    const link = document.createElement('link');
    const loaded = new Promise((resolve) => { link.onload = resolve; });
    Object.assign(link, { rel: 'stylesheet', href: sheet.getAttribute('href').replace('/page/HASH', '..') });
    document.head.append(link);
    await loaded;
  }
  for (const meta of page.querySelectorAll('meta[name]')) document.head.append(meta);
  document.documentElement.lang = 'en';
  document.body.replaceWith(page.body);
  await drawAtOnce(load);
  const { Storage } = await load('model/storage.js');
  const { Session } = await load('session.js');
  const { mountViews } = await load('views.js');
  const storage = new Storage(null);
  const membership = new FakeMembership();
  const room = membership.room = new FakeRoom(membership, options);
  const app = { session: new Session(storage, membership), storage };
  mountViews(app);
  room.welcome();
  await app.later;
  Object.assign(globalThis, { app, room, membership, session: app.session });
}
