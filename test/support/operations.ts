import { readFileSync } from 'node:fs';

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
}

/** One operation of the published document. */
export interface Operation {
  /** `POST /v1/keys/{id}/rotate` */
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly parameters: readonly Parameter[];
  /** Every property its body may have, at any depth: `attachments.id`. */
  readonly fields: readonly string[];
  readonly open: boolean;
}

interface Schema {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}

interface Published {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema?: Schema }>> };
  readonly security: readonly object[];
}

export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Published>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> };
}

const METHODS = { get: 'GET', post: 'POST', patch: 'PATCH', put: 'PUT', delete: 'DELETE' } as const;
const document = new URL('../../docs/openapi.json', import.meta.url);

/** Every operation of `docs/openapi.json`. */
export const publishedOperations = (): readonly Operation[] =>
  operationsOf(JSON.parse(readFileSync(document, 'utf8')) as ApiDocument);

/** Every operation of a document. */
export function operationsOf({ paths, components }: ApiDocument): readonly Operation[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(METHODS).flatMap(([verb, method]) => {
      const operation = item[verb];
      if (operation === undefined) return [];
      const { parameters = [], requestBody, security } = operation;
      const bodies = Object.values(requestBody?.content ?? {}).map(({ schema = {} }) => schema);
      const fields = bodies.flatMap((body) => fieldsOf(body, components?.schemas ?? {}, []));
      const open = security.some((way) => Object.keys(way).length === 0);
      return [{ name: `${method} ${path}`, method, path, parameters, fields: [...new Set(fields)], open }];
    }),
  );
}

/** @param seen components this one lies in, so that one that holds itself ends */
function fieldsOf(schema: Schema, components: Readonly<Record<string, Schema>>, seen: readonly string[]): string[] {
  const { $ref = '', properties = {}, items, anyOf = [], oneOf = [], allOf = [] } = schema;
  const component = seen.includes($ref) ? undefined : components[$ref.split('/').at(-1) ?? ''];
  const inner = [...anyOf, ...oneOf, ...allOf, ...(items === undefined ? [] : [items])];
  return [
    ...Object.entries(properties).flatMap(([name, part]) => [
      name,
      ...fieldsOf(part, components, seen).map((field) => `${name}.${field}`),
    ]),
    ...inner.flatMap((part) => fieldsOf(part, components, seen)),
    ...(component === undefined ? [] : fieldsOf(component, components, [...seen, $ref])),
  ];
}
