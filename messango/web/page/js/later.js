/** What nobody needs before they are in the room. */

import { mountAnswering } from './view/composer/answering.js';
import { byId } from './view/dom.js';
import { mountFiles } from './view/files/files_view.js';
import { mountMentionChoices } from './view/composer/mention_choices.js';
import { mountMessageSheet } from './view/conversation/message_sheet.js';
import { mountPeople } from './view/people/people_view.js';
import { mountSearch } from './view/conversation/search_view.js';
import { mountSending } from './view/files/sending_view.js';

/** @param {object} app what the views share */
export function mountLater(app) {
  mountFiles(app);
  mountMentionChoices(app);
  mountAnswering(app);
  mountPeople(app, byId('people-panel'));
  mountMessageSheet(app, byId('dialog'));
  mountSending(app, byId('composer-files'));
  mountSearch(app, byId('search-panel'));
}
