/**
 * The paper-clip and, on phones, the camera.
 * @param {object} app with `later`, and then with `addFiles`
 * @param {HTMLElement} tools with buttons, each followed by its input
 */
export function mountFileButtons(app, tools) {
  for (const input of tools.querySelectorAll('input')) {
    input.previousElementSibling.addEventListener('click', () => input.click());
    input.addEventListener('change', async () => {
      const files = [...input.files].map((blob) => ({ name: blob.name || 'file', blob }));
      input.value = ''; // The same file can be chosen again.
      await app.later;
      app.addFiles(files);
    });
  }
  // A file that is dropped would take the place of the page.
  for (const type of ['dragover', 'drop']) {
    addEventListener(type, (event) => event.dataTransfer.types.includes('Files') && event.preventDefault());
  }
}
