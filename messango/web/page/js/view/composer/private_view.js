import { blockedText } from '../../model/text/message_texts.js';
import { goneText, privateNote, privateRefusal } from '../../model/private_talk.js';
import { plainName, quotedText } from '../../model/text/texts.js';
import { messageOf } from '../../model/text/typed.js';

/** Of a name on the button. */
const LABEL_CHARACTERS = 10;

/**
 * Messages to one member only: `app.writeTo({id, name}, answered)` lets the next text go to them, and answers an entry
 * if one is given; it returns false if that is not possible, after saying why.
 * @param {object} app with `session` and `composer`
 */
export function mountPrivate(app) {
  const { session, composer } = app;

  app.writeTo = ({ id, name: knownAs }, answered) => {
    const name = session.people.get(id)?.name ?? knownAs;
    const refusal = privateRefusal(session, { id, name });
    if (refusal) composer.showError(refusal);
    else composer.enter(modeFor({ id, name }, answered));
    return composer.mode?.to?.id === id;
  };

  function modeFor(to, answered) {
    return {
      to,
      get title() { return `Only to ${plainName(this.to.name)}${answered ? ', answering' : ''}`; },
      quote: answered && quotedText(answered.text),
      get note() { return privateNote(session, this.to); },
      get placeholder() { return `Write to ${plainName(this.to.name)} only`; },
      get label() { return sendLabel(this.to.name); },
      blocked() {
        const isGone = session.people.whereabouts(this.to) === 'gone';
        if (isGone) return `${goneText(this.to.name)} This can't be sent; close it with ✕ first.`;
        return answered ? blockedText(answered) : '';
      },
      send(text) { session.tell(this.to.id, text, { replyTo: answered?.seq }); },
    };
  }

  function peopleChanged({ detail: { renamed } }) {
    for (const mode of [composer.mode, composer.mode?.kept?.mode]) {
      if (mode?.to && mode.to.id === renamed?.id) mode.to.name = renamed.name;
    }
    if (composer.mode?.to) composer.refresh();
  }

  composer.onInput = (text) => {
    const { mode } = composer;
    if (!mode?.isEdit && !mode?.blocked?.() && !messageOf(text).refusal) session.typing(mode?.to?.id);
  };
  session.addEventListener('people', peopleChanged);
}

function sendLabel(name) {
  const shown = plainName(name);
  const short = shown.length > LABEL_CHARACTERS ? `${shown.slice(0, LABEL_CHARACTERS - 1)}…` : shown;
  return `${innerWidth < 700 ? 'To' : 'Send to'} ${short}`;
}
