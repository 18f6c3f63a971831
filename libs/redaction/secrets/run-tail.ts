import type { Tail } from '../scan/detector.js';
import { isAlphanumeric, type UnitSet, unitSet } from '../scan/units.js';

/** Swallows a run. A joint, such as the dot between two parts, belongs to it only when the run goes on behind it. */
export const runTail =
  (belongs: UnitSet, joins: UnitSet = () => false): Tail =>
  (window, from) => {
    let at = from;
    for (;;) {
      const unit = window.at(at);
      if (belongs(unit)) at += 1;
      else if (joins(unit) && belongs(window.at(at + 1))) at += 2;
      else return at;
    }
  };

/** The alphabet of base64url (RFC 4648 §5). */
export const isBase64Url = unitSet('_-', isAlphanumeric);
