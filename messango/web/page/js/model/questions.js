/** Our requests for older messages and searches, until the room has answered them. */

/** The room answers two searches a second, and nothing else of ours while one waits. */
const MOST_AT_ONCE = { earlier: 2, search: 1 };

/** Pure; each question is a promise of its answer. */
export class Questions {
  #waiting = new Map();
  #sent = new Set();

  /**
   * @param {object} frame `earlier` or `search`, with an `id`
   * @returns {Promise<object>} the frame that answers; rejects with `{code, reason, hint}`
   */
  ask(frame) {
    return new Promise((resolve, reject) => this.#waiting.set(frame.id, { frame, resolve, reject }));
  }

  /** @returns {object[]} the frames that may be sent now; they count as sent */
  nextBatch() {
    const free = { ...MOST_AT_ONCE };
    for (const id of this.#sent) free[this.#waiting.get(id).frame.type] -= 1;
    const batch = [];
    for (const [id, { frame }] of this.#waiting) {
      if (this.#sent.has(id) || free[frame.type] < 1) continue;
      free[frame.type] -= 1;
      this.#sent.add(id);
      batch.push(frame);
    }
    return batch;
  }

  /**
   * @param {object} answer `earlier` or `found`
   * @returns {object|undefined} the question, if somebody asked it
   */
  answered(answer) {
    const question = this.#take(answer.id);
    question?.resolve(answer);
    return question?.frame;
  }

  /**
   * @param {object} problem with an `id`
   * @returns {object|undefined} the question that the room does not answer
   */
  failed(problem) {
    const question = this.#take(problem.id);
    question?.reject(problem);
    return question?.frame;
  }

  /** The connection broke: everything is asked again. */
  requeue() {
    this.#sent.clear();
  }

  /** @param {{code: string, reason: string, hint: string}} problem why nothing is answered any more */
  failAll(problem) {
    for (const id of [...this.#waiting.keys()]) this.failed({ ...problem, id });
  }

  #take(id) {
    const question = this.#waiting.get(id);
    this.#sent.delete(id);
    this.#waiting.delete(id);
    return question;
  }
}
