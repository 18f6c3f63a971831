import { AppError } from '#src/kernel/index.js';
import type { ModelCard } from './provider.port.js';

interface Missing {
  readonly kind: ModelCard['kind'];
  /** As the caller called it; `undefined` for whoever named none. */
  readonly model: string | undefined;
  /** Names that would do; left out where nobody can tell. */
  readonly instead?: readonly string[];
}

export const modelNotFound = ({ kind, model, instead }: Missing): AppError =>
  new AppError('NOT_FOUND', `No provider serves ${model === undefined ? `an ${kind}` : `that ${kind}`} model`, {
    ...(instead === undefined ? {} : { details: { models: instead } }),
    openai: { code: 'model_not_found', param: 'model' },
  });
