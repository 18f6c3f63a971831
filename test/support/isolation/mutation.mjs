// Loaded before the built service: it then runs with the edits of `MUTATION`, each of which must fit in one place.
// A replacement may name what the pattern found: a bundle gives variables names of its own (`$1`).
import { registerHooks } from 'node:module';

/** @type {readonly { readonly find: string, readonly replace: string }[]} */
const edits = JSON.parse(process.env['MUTATION'] ?? '[]');

registerHooks({
  load(url, context, next) {
    const loaded = next(url, context);
    if (!url.endsWith('/dist/start.js')) return loaded;
    return { ...loaded, source: edits.reduce(edited, String(loaded.source)) };
  },
});

/** @param {string} source @param {typeof edits[number]} edit */
function edited(source, { find, replace }) {
  const pattern = new RegExp(find, 'g');
  const places = source.match(pattern)?.length ?? 0;
  if (places !== 1) throw new Error(`The text to mutate occurs ${places} times: ${find}`);
  return source.replace(pattern, replace);
}
