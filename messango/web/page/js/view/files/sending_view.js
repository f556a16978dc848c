import { readyToSend } from '../../connection/files/outgoing_file.js';
import { Uploads } from '../../connection/files/uploads.js';
import { ChosenFiles, tooManyText } from '../../model/files/chosen_files.js';
import { datedName } from '../../model/files/files.js';
import { ChosenFilesView } from './chosen_files_view.js';
import { byId } from '../dom.js';
import { mountDrops } from './file_drops.js';
import { uploadsElement } from './uploads_view.js';

const FILES_CHOSEN = 'You are about to send files to everybody. Send them, or close that with ✕, first.';
const NO_FILES = 'This room takes no files: its host has switched them off. Send a link instead.';

/**
 * Choosing files, looking at them, and sending them: with the paper-clip, from the camera, by a paste or a drop, or
 * because a text is too long for a message.
 * @param {object} app with `session` and `composer`
 * @param {HTMLElement} root `#composer-files`
 */
export function mountSending(app, root) {
  const { session, composer } = app;
  const uploads = new Uploads(session);
  const chosen = new ChosenFiles();
  const view = new ChosenFilesView(chosen, changed);

  /** What the message field is for while files are chosen. */
  function modeFor(prior) {
    return {
      get title() { return chosen.title; },
      get label() { return chosen.button; },
      get placeholder() { return chosen.placeholder; },
      quote: prior?.replyTo ? `${prior.title}: ${prior.quote}` : '',
      mayBeEmpty: true,
      blocked: () => chosen.refusal || prior?.blocked?.(),
      keeps: () => FILES_CHOSEN,
      send(caption) {
        delete this.kept; // A text that became a file is sent.
        uploads.add(chosen.outgoing(caption, prior?.replyTo));
        app.transcript.scrollToEnd();
      },
      left() {
        chosen.clear();
        view.show();
      },
    };
  }

  /** @returns {string} why no file can be sent now, or empty */
  function refusal() {
    const { mode } = composer;
    if (session.isOver) return 'You are not in the room any more, so no file can be sent.';
    if (!session.room) return 'You are not in the room yet. Files can be sent once you are.';
    if (!session.can('files')) return NO_FILES;
    if (mode?.isEdit) return 'You are editing a message. Save it, or close it with ✕, before you send a file.';
    if (mode?.to) {
      return "A file goes to everybody in the room, so it can't be sent to one member only. To send it to all, close the private message with ✕ first.";
    }
    return '';
  }

  /** @param {{name: string, blob: Blob, isText?: boolean}[]} files */
  function add(files, text) {
    const refused = refusal();
    composer.showError(refused);
    if (refused || !files.length) return false;
    chosen.limit = session.room.largest_file;
    if (chosen.isEmpty) composer.enter(modeFor(composer.mode), text);
    const added = chosen.add(files.map(({ name, blob, isText }) => ({ name, size: blob.size, isText })));
    if (added.length < files.length) composer.showError(tooManyText(files.length - added.length));
    added.forEach((file, index) => !file.problem && read(file, files[index].blob));
    changed();
    composer.focus();
    return true;
  }

  async function read({ key, name }, blob) {
    try {
      chosen.learned(key, await readyToSend(blob, name));
    } catch {
      chosen.failed(key, "This file can't be read.");
    }
    changed();
  }

  function changed() {
    view.show();
    if (chosen.isEmpty && composer.mode?.keeps) composer.leave();
    else composer.refresh();
  }

  /** A text that is too long for a message goes as a file; it comes back if the person changes their mind. */
  composer.takeLong = (text) => {
    const file = { name: datedName('text', new Date(), 'txt'), blob: new Blob([text], { type: 'text/plain' }), isText: true };
    if (!add([file], '')) return false;
    composer.mode.kept = { text, mode: null };
    return true;
  };

  uploads.addEventListener('stored', ({ detail: { file, blob } }) => app.files.keepPicture(file, blob));
  root.append(uploadsElement(uploads), view.node);
  app.addFiles = add;
  mountDrops(byId('drop-hint'), byId('composer-text'), { add, refusal });
  addEventListener('beforeunload', (event) => uploads.isBusy && event.preventDefault());
}
