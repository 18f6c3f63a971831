import { describe, expect, it } from '@jest/globals';
import { read } from '../reading/reading.policy.js';
import { sourcesOf } from './sources.policy.js';
import { topicsOf } from './topics.policy.js';

function topicsOfLast(text: string): readonly string[] {
  const sources = sourcesOf({ brief: text, documents: [], constraints: [] });
  const last = Array.from(read(sources)).flat().at(-1);
  return last === undefined ? [] : [...topicsOf(last)].sort();
}

describe('what a sentence is about', () => {
  it.each([
    ['its own words', 'Ferries sink.', ['ferry', 'sink']],
    ['not its figures and measures', 'Ferries sink in 2027, 300 days a year.', ['ferry', 'sink']],
    ['not the words that announce it', 'The main risk is that ferries sink.', ['ferry', 'sink']],
    ['the heading it stands under', '# Harbours\n\nFerries sink.', ['ferry', 'harbour', 'sink']],
    ['the label in front of it', 'Harbour risks: ferries sink.', ['ferry', 'harbour', 'sink']],
    ['the sentence before it when it points back', 'Ferries rust. Then they sink.', ['ferry', 'rust', 'sink']],
    ['not the sentence before it when it does not', 'Ferries rust. Then boats sink.', ['boat', 'sink']],
    ['not the paragraph before it', 'Ferries rust.\n\nThen they sink.', ['sink']],
  ])('is %s', (_what, text, topics) => {
    expect(topicsOfLast(text)).toEqual(topics);
  });
});
