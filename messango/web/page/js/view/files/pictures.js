import { fetchFile } from '../../connection/files/downloads.js';
import { formatSize } from '../../model/files/files.js';
import { PictureFetches } from '../../model/files/picture_fetches.js';
import { withoutMetadata } from '../../model/files/picture_metadata.js';
import { element } from '../dom.js';
import { reasonOf } from './saving.js';

/** Pictures are fetched a little before they come into sight. */
const MARGIN = '200px';

/** A picture with more pixels is a file like any other: decoded, it would take 130 MB. */
const MAX_PIXELS = 33_000_000;

/** A tap does not bring a larger one into memory. */
const MAX_VIEWED_BYTES = 64_000_000;

/** The pictures of the conversation, each fetched when it is in sight. */
export class Pictures {
  #session;
  #root;
  #events;
  #fetches = new PictureFetches();
  #files = new Map();
  #blobs = new Map();
  #never = new AbortController().signal;
  #observer;

  /**
   * @param {import('../../session.js').Session} session
   * @param {HTMLElement} root what scrolls
   * @param {{onGone: function(string): void, onChange: function(string): void}} events with the id of a file
   */
  constructor(session, root, events) {
    this.#session = session;
    this.#root = root;
    this.#events = events;
    this.#observer = new IntersectionObserver((seen) => this.#seen(seen), { root, rootMargin: MARGIN });
  }

  /** @returns {Blob|undefined} a picture that is here */
  blobOf(id) {
    return this.#fetches.urlOf(id) && this.#blobs.get(id);
  }

  /** @returns {string|undefined} the address of a picture that is here */
  urlOf(id) {
    return this.#fetches.urlOf(id);
  }

  /** @returns {string} what to say while a picture is not here */
  noteOf(file) {
    const { id } = file;
    if (this.#fetches.failure(id)) return this.#fetches.failure(id);
    return this.#fetches.isComing(id) ? 'Loading…' : `Tap to show · ${formatSize(file.size)}`;
  }

  /** Show a picture that we have sent: it is here already. */
  keep(file, blob) {
    this.#blobs.set(file.id, blob);
    for (const url of this.#fetches.arrived(file, URL.createObjectURL(blob))) this.#drop(url);
  }

  /** Fetch a picture because a person wants to see it. */
  request(file) {
    if (file.size > MAX_VIEWED_BYTES) this.#fetches.failed(file.id, 'This picture is too large to be shown here. Save it.');
    else this.#fetches.request(file);
    this.#pump();
    this.#changed(file.id);
  }

  /**
   * Show a picture in its place, when it is in sight.
   * @param {HTMLElement} node
   * @param {object} file
   * @param {boolean} isShared whether the room gives it already
   */
  show(node, file, isShared) {
    this.#files.set(file.id, file);
    this.#fill(node, file);
    if (isShared) this.#observer.observe(node);
  }

  #fill(node, file) {
    const url = this.#fetches.urlOf(file.id);
    if (node.firstChild?.src === url && url) return;
    node.replaceChildren(url ? element('img', { src: url, alt: '' }) : element('span', { class: 'muted' }, this.noteOf(file)));
  }

  #seen(entries) {
    for (const { target, isIntersecting } of entries) {
      const file = this.#files.get(target.dataset.file);
      if (isIntersecting) this.#fetches.becameVisible(file);
      else this.#fetches.becameHidden(file.id);
      this.#fill(target, file);
    }
    this.#pump();
  }

  #pump() {
    for (let file; (file = this.#fetches.next());) this.#load(file);
  }

  async #load(file) {
    try {
      this.keep(file, await pictureFrom(await fetchFile(this.#session, file, this.#never)));
    } catch (error) {
      this.#fetches.failed(file.id, reasonOf(error));
      if (error.code === 'unknown-entry') this.#events.onGone(file.id);
    }
    this.#changed(file.id);
    this.#pump();
  }

  /** A picture far away goes; its place stays. */
  #drop(url) {
    URL.revokeObjectURL(url);
    for (const id of this.#blobs.keys()) if (!this.#fetches.urlOf(id)) this.#blobs.delete(id);
    for (const image of this.#root.querySelectorAll(`.picture img[src="${url}"]`)) {
      this.#fill(image.parentElement, this.#files.get(image.parentElement.dataset.file));
    }
  }

  #changed(id) {
    for (const node of this.#root.querySelectorAll(`.picture[data-file="${CSS.escape(id)}"]`)) {
      this.#fill(node, this.#files.get(id));
    }
    this.#events.onChange(id);
  }
}

/** @returns {Promise<Blob>} what a browser may decode: a picture of the four kinds, whatever the file is called */
async function pictureFrom(blob) {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const found = withoutMetadata(bytes);
  if (!found?.width) throw Object.assign(new Error(), { reason: "This file can't be shown as a picture.", hint: 'Save it instead.' });
  if (found.width * found.height > MAX_PIXELS) {
    throw Object.assign(new Error(), { reason: 'This picture has too many pixels to be shown.', hint: 'Save it instead.' });
  }
  return new Blob([bytes], { type: found.type });
}
