import type { TextRequest } from '../provider.port.js';
import type { CacheTerms } from './cache-terms.js';

export const keepsEmbeddings = (calls: CacheTerms['calls']): boolean => calls !== 'off';

/** A draft says nothing of its temperature, so a model may answer it differently each time. */
export const keepsStructured = (calls: CacheTerms['calls']): boolean => calls === 'all';

export const keepsText = (calls: CacheTerms['calls'], request: TextRequest): boolean =>
  (calls === 'all' || (calls === 'deterministic' && request.temperature === 0)) && !looksElsewhere(request);

/** What stands behind an address may be another image tomorrow. */
const looksElsewhere = ({ messages }: TextRequest): boolean =>
  messages.some(
    ({ content }) =>
      typeof content !== 'string' && content.some((part) => part.type === 'image' && !part.url.startsWith('data:')),
  );
