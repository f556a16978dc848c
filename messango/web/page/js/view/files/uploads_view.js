import { formatSize } from '../../model/files/files.js';
import { button, element } from '../dom.js';
import { nameElement } from './file_name.js';

/**
 * The files on their way, above the message field.
 * @param {import('../../connection/files/uploads.js').Uploads} uploads
 * @returns {HTMLElement}
 */
export function uploadsElement(uploads) {
  const list = element('ul', { class: 'uploads', 'aria-label': 'Files on their way' });
  const rows = new Map();

  function rowOf(upload) {
    const state = element('span', { class: 'muted' });
    const bar = element('progress', { max: 1, 'aria-label': `Sending ${upload.file.name}` });
    const buttons = element('span', { class: 'buttons' });
    const node = element('li', {}, nameElement(upload.file.name), bar, state, buttons);
    return { node, state, bar, buttons, shown: '' };
  }

  function update(upload, row) {
    const isFailed = upload.state === 'failed';
    row.state.textContent = uploadText(upload);
    row.state.className = isFailed ? 'error' : 'muted';
    row.bar.hidden = isFailed;
    row.bar.value = upload.size ? upload.done / upload.size : 0;
    if (row.shown === upload.state) return;
    row.shown = upload.state;
    row.state.setAttribute('role', isFailed ? 'alert' : 'none');
    const cancel = button(isFailed ? 'Discard' : 'Cancel', () => uploads.cancel(upload), 'link');
    const retry = button('Try again', () => uploads.retry(upload), 'link');
    row.buttons.replaceChildren(...(isFailed ? [retry, cancel] : [cancel]));
  }

  function show() {
    for (const [upload, row] of rows) {
      if (uploads.list.includes(upload)) continue;
      row.node.remove();
      rows.delete(upload);
    }
    for (const upload of uploads.list) {
      if (!rows.has(upload)) rows.set(upload, rowOf(upload));
      const row = rows.get(upload);
      update(upload, row);
      if (!row.node.parentElement) list.append(row.node);
    }
    list.hidden = rows.size === 0;
  }

  uploads.addEventListener('change', show);
  show();
  return list;
}

function uploadText({ state, size, done, speed, reason, hint }) {
  if (state === 'failed') return `${reason} ${hint}`.trim();
  if (state === 'waiting') return `Waiting to send · ${formatSize(size)}`;
  const percent = size ? Math.floor((done / size) * 100) : 100;
  const parts = ['Sending', `${percent} % of ${formatSize(size)}`];
  if (speed) parts.push(`${formatSize(Math.round(speed))}/s`);
  return parts.join(' · ');
}
