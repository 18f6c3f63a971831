import { readFileSync } from 'node:fs';

interface Parameter {
  readonly name: string;
  readonly in: string;
}

/** One operation of the published document. */
export interface Operation {
  /** `POST /v1/keys/{id}/rotate` */
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly open: boolean;
}

interface Published {
  readonly parameters?: readonly Parameter[];
  readonly security: readonly object[];
}

const METHODS = { get: 'GET', post: 'POST', patch: 'PATCH', put: 'PUT', delete: 'DELETE' } as const;
const document = new URL('../../docs/openapi.json', import.meta.url);

/** Every operation of `docs/openapi.json`. */
export function publishedOperations(): readonly Operation[] {
  const { paths } = JSON.parse(readFileSync(document, 'utf8')) as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, Published>>>>;
  };
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(METHODS).flatMap(([verb, method]) => {
      const operation = item[verb];
      if (operation === undefined) return [];
      const { parameters = [], security } = operation;
      const open = security.some((way) => Object.keys(way).length === 0);
      return [{ name: `${method} ${path}`, method, path, parameters, open }];
    }),
  );
}
