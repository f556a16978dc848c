/** What the page needs for files, loaded once a person is in the room. */

import { byId } from './view/dom.js';
import { mountFiles } from './view/files_view.js';
import { mountSending } from './view/sending_view.js';

/** @param {object} app what the views share */
export function mountWithFiles(app) {
  mountFiles(app);
  mountSending(app, byId('composer-files'));
}
