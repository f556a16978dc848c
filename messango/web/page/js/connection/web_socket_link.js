import { OPEN_WITHIN_MS, RoomLink, lineOf } from './room_link.js';

/** Frames over a WebSocket, one message for each. */
export class WebSocketLink extends RoomLink {
  #socket;
  #timer;

  /** @param {string} [url] */
  constructor(url = `${location.origin.replace(/^http/, 'ws')}/talk`) {
    super();
    this.#socket = new WebSocket(url);
    this.#timer = setTimeout(() => this.broke(), OPEN_WITHIN_MS);
    this.#socket.onopen = () => {
      clearTimeout(this.#timer);
      this.opened();
    };
    this.#socket.onmessage = (event) => this.received(event.data);
    this.#socket.onclose = () => this.broke();
  }

  /** @param {object} frame */
  send(frame) {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(lineOf(frame));
  }

  disconnect() {
    clearTimeout(this.#timer);
    this.#socket.close();
  }
}
