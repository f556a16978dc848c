import { Departed } from './transcript/departed.js';

/** The members of the room by their public ids, in the order in which they joined. */
export class People {
  #members = new Map();
  #me = '';
  /** The names of all servers of a linked room, and that of ours; empty in others. */
  servers = [];
  server = '';
  #departed = new Departed();

  /** @returns {object[]} all, you first: `{id, name, you, host, web, encrypted, resembles, server}` */
  get all() {
    const members = [...this.#members.values()];
    return [...members.filter((each) => each.you), ...members.filter((each) => !each.you)];
  }

  /** @returns {number} */
  get count() {
    return this.#members.size;
  }

  /** @returns {object|undefined} the own entry */
  get me() {
    return this.#members.get(this.#me);
  }

  /**
   * @param {string} id
   * @returns {object|undefined}
   */
  get(id) {
    return this.#members.get(id);
  }

  /**
   * Replace all by those of the room that was just joined.
   * @param {object} welcome
   */
  reset(welcome) {
    const servers = welcome.servers ?? [];
    this.#me = welcome.member;
    this.servers = servers.map((each) => each.name);
    this.server = servers.find((each) => each.id === welcome.room?.id)?.name ?? '';
    this.#members.clear();
    for (const person of welcome.people ?? []) this.add(person);
    if (!this.me) this.add({ id: welcome.member, name: welcome.you });
  }

  /**
   * Add a member, or put them right.
   * @param {object} person as in `welcome.people`
   * @returns {object} the member
   */
  add({ id, name, host = false, web = false, encrypted = true, resembles = '', server = '' }) {
    const member = { id, name, you: id === this.#me, host, web, encrypted, resembles, server };
    this.#members.set(id, member);
    this.#departed.returned(id);
    return member;
  }

  /**
   * @param {object} frame `left`
   * @param {number} now seconds since 1970
   * @returns {boolean} whether this was a member
   */
  left(frame, now) {
    if (!this.#members.delete(frame.member)) return false;
    this.#departed.left(frame, now);
    return true;
  }

  /**
   * @param {number} now
   * @returns {object[]} former members whose connection broke a short time ago, `{id, name, isLost}`
   */
  lost(now) {
    return this.#departed.lost(now, this.#names);
  }

  /**
   * @param {{id: string, name: string}} member
   * @returns {'here'|'away'|'gone'} whether a private message reaches them now, later or never
   */
  whereabouts(member) {
    return this.#members.has(member.id) ? 'here' : this.#departed.whereabouts(member, this.#names);
  }

  get #names() {
    return [...this.#members.values()].map((each) => each.name);
  }
}
