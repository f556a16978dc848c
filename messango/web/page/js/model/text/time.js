/** Times as people read them, in the time zone of this device. Frames have seconds since 1970. */

const MINUTE_S = 60;
const WEEKDAY = new Intl.DateTimeFormat('en', { weekday: 'long' });
const MONTH = new Intl.DateTimeFormat('en', { month: 'long' });

/** After a longer pause, a sender's name and the time are shown again. */
const GROUP_WITHIN_S = 5 * MINUTE_S;

/**
 * @param {number} seconds
 * @returns {string} such as `14:02`
 */
export function clockTime(seconds) {
  const date = localDate(seconds);
  return `${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}`;
}

/**
 * @param {number} seconds
 * @returns {string} such as `Sunday, 22 November 2026`; different for each day
 */
export function dayText(seconds) {
  const date = localDate(seconds);
  return `${WEEKDAY.format(date)}, ${date.getDate()} ${MONTH.format(date)} ${date.getFullYear()}`;
}

/**
 * @param {number} seconds
 * @returns {string} for the attribute `datetime`
 */
export function machineTime(seconds) {
  return localDate(seconds).toISOString();
}

/**
 * @param {object} last the entry above
 * @param {object} next
 * @returns {boolean} whether `next` needs neither a name nor a day line above it
 */
export function isSameGroup(last, next) {
  const pause = next.time - last.time;
  const isSame = !last.notice && !next.notice && last.member === next.member && last.name === next.name
    && last.to === next.to;
  return isSame && pause >= 0 && pause < GROUP_WITHIN_S && dayText(last.time) === dayText(next.time);
}

/** A server may send any number for a time. */
function localDate(seconds) {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? new Date(0) : date;
}

function twoDigits(number) {
  return String(number).padStart(2, '0');
}
