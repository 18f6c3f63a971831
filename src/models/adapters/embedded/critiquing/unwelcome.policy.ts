import { tone } from '../text/tone.policy.js';
import { words } from '../text/words.policy.js';
import type { Drawing } from './drawing.js';

const UNWELCOME = -0.9;

/** Whether a node is an outcome in plainly unwelcome words. */
export const isUnwelcome = (drawing: Drawing, id: string): boolean =>
  drawing.kindOf(id) === 'outcome' && tone(words(drawing.label(id), 0)) <= UNWELCOME;
