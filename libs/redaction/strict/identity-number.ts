import { type Detector, DIGITS } from '../scan/detector.js';
import { namedBefore, names, startOf } from '../scan/names.js';
import { isAlphanumeric, isDigit, isLetter, isWord, unitOf } from '../scan/units.js';

const NAMES = names(
  'passport passports passportnumber reisepass reisepassnummer passeport pasaporte passaporto personalausweis ausweisnummer ' +
    'licence license driverslicense nino nationalid taxid tin itin steuer steuernummer steueridentifikationsnummer dni nie nif siren nhs medicare',
);
const FILLERS = names('number no nr id ids is was my the of s card driver nummer número numéro identification');
const MAX_LETTERS = 3;
const MIN_LENGTH = 6;
const MAX_LENGTH = 14;
const MIN_DIGITS = 5;
const HYPHEN = unitOf('-');

/** Letters and digits behind a word such as `passport`, with five digits at least. */
export const identityNumber: Detector = {
  triggers: DIGITS,
  detect: (window, at) => {
    const start = startOf(window, at, isLetter, MAX_LETTERS);
    if (isWord(window.before(start - 1)) || window.before(start - 1) === HYPHEN) return undefined;
    let [end, digits] = [at, 0];
    for (let unit = window.at(end); isAlphanumeric(unit) && end - start <= MAX_LENGTH; unit = window.at(end)) {
      if (isDigit(unit)) digits += 1;
      end += 1;
    }
    if (isWord(window.at(end)) || end - start < MIN_LENGTH || digits < MIN_DIGITS) return undefined;
    return namedBefore(window, start, NAMES, FILLERS) ? { kind: 'identity_number', start, end } : undefined;
  },
};
