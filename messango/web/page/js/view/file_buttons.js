import { element } from './dom.js';

const SVG = 'http://www.w3.org/2000/svg';
const CLIP = 'M20 11.5l-8.2 8.2a5 5 0 0 1-7.1-7.1L13.4 4a3.4 3.4 0 0 1 4.8 4.8l-8.5 8.5a1.7 1.7 0 0 1-2.4-2.4l7.7-7.7';
const CAMERA = 'M4 8h3l1.5-2.5h7L17 8h3a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V9a1 1 0 0 1 1-1zM12 16.5a3.5 3.5 0 1 0 0-7a3.5 3.5 0 0 0 0 7z';

/**
 * @param {function({name: string, blob: Blob}[]): void} onFiles
 * @returns {HTMLElement[]} the paper-clip, and on phones the camera
 */
export function fileButtons(onFiles) {
  return [
    picker('Send files', CLIP, { multiple: true }, onFiles),
    picker('Take a picture', CAMERA, { accept: 'image/*', capture: 'environment' }, onFiles, 'camera'),
  ];
}

function picker(label, path, properties, onFiles, kind = '') {
  const input = Object.assign(element('input', { type: 'file', hidden: true }), properties);
  const node = element('button', { type: 'button', class: `icon ${kind}`, 'aria-label': label, title: label }, drawing(path), input);
  node.addEventListener('click', () => input.click());
  input.addEventListener('click', (event) => event.stopPropagation());
  input.addEventListener('change', () => {
    onFiles([...input.files].map((file) => ({ name: file.name || 'file', blob: file })));
    input.value = ''; // The same file can be chosen again.
  });
  return node;
}

function drawing(path) {
  const svg = document.createElementNS(SVG, 'svg');
  const line = document.createElementNS(SVG, 'path');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  line.setAttribute('d', path);
  svg.append(line);
  return svg;
}
