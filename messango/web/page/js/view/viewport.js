/** Let the page be as high as what is visible: the keyboard of an iPhone covers a page without telling its styles. */
export function followViewport() {
  const viewport = globalThis.visualViewport;
  if (!viewport) return;
  const follow = () => {
    if (viewport.scale > 1.01) return; // Zoomed in: the page keeps its size.
    document.documentElement.style.setProperty('--viewport', `${viewport.height}px`);
    scrollTo(0, 0);
  };
  viewport.addEventListener('resize', follow);
  follow();
}
