/** The paper-clip and, on phones, the camera. */

/**
 * @param {HTMLElement} tools with buttons, each followed by its input
 * @param {function({name: string, blob: Blob}[]): void} onFiles
 */
export function mountFileButtons(tools, onFiles) {
  for (const input of tools.querySelectorAll('input')) {
    input.previousElementSibling.addEventListener('click', () => input.click());
    input.addEventListener('change', () => {
      onFiles([...input.files].map((blob) => ({ name: blob.name || 'file', blob })));
      input.value = ''; // The same file can be chosen again.
    });
  }
}
