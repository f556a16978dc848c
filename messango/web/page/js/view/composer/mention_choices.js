import { nameChoices, nameQuery } from '../../model/text/name_choices.js';
import { byId, element } from '../dom.js';

/**
 * Offers the names of members behind an `@`, in a list above the message field.
 * @param {object} app with `session` and `composer`
 */
export function mountMentionChoices({ session, composer }) {
  const field = byId('composer-text');
  const box = element('ul', { id: 'mention-choices', role: 'listbox', 'aria-label': 'Members', hidden: true });
  const options = () => [...box.children];
  let chosen = 0;
  byId('composer').prepend(box);
  field.setAttribute('aria-controls', box.id);
  field.setAttribute('aria-autocomplete', 'list');

  function query() {
    return field.selectionStart === field.selectionEnd ? nameQuery(field.value.slice(0, field.selectionStart)) : null;
  }

  function show() {
    const typed = query();
    const others = session.people.all.filter((person) => !person.you).map((person) => person.name);
    const names = typed === null ? [] : nameChoices(typed, others);
    box.replaceChildren(...names.map((name, index) => {
      const option = element('li', { id: `mention-${index}`, role: 'option', dir: 'auto' }, name);
      option.addEventListener('pointerdown', (event) => event.preventDefault()); // The field keeps the focus.
      option.addEventListener('click', () => take(name));
      return option;
    }));
    box.hidden = !names.length;
    choose(0);
  }

  function choose(index) {
    const all = options();
    chosen = all.length ? (index + all.length) % all.length : 0;
    all.forEach((option, place) => option.setAttribute('aria-selected', place === chosen));
    all[chosen]?.scrollIntoView({ block: 'nearest' });
    if (all.length) field.setAttribute('aria-activedescendant', `mention-${chosen}`);
    else field.removeAttribute('aria-activedescendant');
  }

  function take(name) {
    const end = field.selectionStart;
    field.setRangeText(`@${name} `, end - query().length - 1, end, 'end');
    composer.refresh();
    hide();
  }

  function hide() {
    box.hidden = true;
    box.replaceChildren();
    choose(0);
  }

  field.addEventListener('keydown', (event) => {
    if (box.hidden || event.isComposing) return;
    const keys = {
      ArrowUp: () => choose(chosen - 1),
      ArrowDown: () => choose(chosen + 1),
      Enter: () => take(options()[chosen].textContent),
      Tab: () => take(options()[chosen].textContent),
      Escape: hide,
    };
    if (!keys[event.key] || event.shiftKey) return;
    keys[event.key]();
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);
  field.addEventListener('input', show);
  field.addEventListener('click', show);
  field.addEventListener('blur', hide);
}
