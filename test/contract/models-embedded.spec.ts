import { describe, it } from '@jest/globals';
import { EmbeddedProvider } from '#src/models/adapters/embedded/embedded-provider.js';
import { deterministicContract, embeddingContract, modelProviderContract } from './models.contract.ts';

describe('EmbeddedProvider', () => {
  it.each(Object.entries({ ...modelProviderContract, ...embeddingContract, ...deterministicContract }))(
    '%s',
    (_title, check) => check(new EmbeddedProvider()),
  );
});
