import { type Evidence, writtenOf } from './evidence.policy.js';
import { itemsOf } from './lists.policy.js';
import type { Topic } from './topic.policy.js';

const HALVES = /;\s|,?\s(?:and|while|whereas|but)\s/iu;
const MOST_PARTS = 200;
const MOST_HALVES = 6;

/** A piece of text that may speak of one thing, and the smaller pieces that may speak of one each instead. */
export interface Part {
  readonly text: string;
  readonly halves: readonly string[];
}

/** Where a list of things may be told one by one: in bullets, or else in sentences. */
export function partsFor(topic: Topic, evidence: Evidence): readonly Part[] {
  const items = itemsOf(topic, evidence);
  const bullets = items.length > 0 ? items : evidence.sentences.filter(({ place }) => place === 'item');
  const told = bullets.length > 0 ? bullets : evidence.sentences;
  return told.slice(0, MOST_PARTS).map((sentence) => {
    const text = writtenOf(sentence);
    const halves = text.split(HALVES).filter((half) => half.trim() !== '');
    return { text, halves: halves.length > 1 && halves.length <= MOST_HALVES ? halves : [] };
  });
}
