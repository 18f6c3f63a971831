import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { onRequestHookHandler } from 'fastify';
import { z } from 'zod';
import { problems } from '#libs/problem/index.js';
import { READS_ONLY } from './http/index.js';

const PATH = 'documentation';

/** The page needs its own scripts and the inline styles Swagger UI sets; nothing from elsewhere. */
const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'";

const Problem = z
  .object({
    type: z.string().describe('`urn:countersign:problem:<code>`'),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.enum(Object.keys(problems)),
    request_id: z.string(),
    trace_id: z.string(),
    retry_after_seconds: z.int().optional(),
    errors: z.array(z.object({ path: z.string(), code: z.string(), message: z.string() })).optional(),
    details: z.record(z.string(), z.unknown()).optional(),
    error: z.object({ message: z.string(), type: z.string(), param: z.string().nullable(), code: z.string() }),
  })
  .meta({
    id: 'Problem',
    description: 'RFC 9457 problem details; `error` repeats them in the words of the OpenAI API',
  });

type JsonSchema = Record<string, unknown>;

/** Zod to JSON Schema 2020-12, which OpenAPI 3.1 uses as it is; named schemas become components. */
function convert(schema: unknown, { schemaType }: { readonly schemaType: 'input' | 'output' }) {
  if (!(schema instanceof z.ZodType)) return undefined;
  const id = schema.meta()?.id;
  const made = z.toJSONSchema(schema, { target: 'draft-2020-12', io: schemaType, unrepresentable: 'any' });
  const { $defs = {}, ...json } = made;
  const components = Object.fromEntries(Object.entries($defs).map(([name, part]) => [name, withoutId(part)]));
  const own = withoutId(json);
  if (id === undefined || '$ref' in own) return { schema: own, components };
  return { schema: { $ref: `#/components/schemas/${id}` }, components: { ...components, [id]: own } };
}

/** OpenAPI names the dialect once, and a component by its key. */
const withoutId = (schema: object): JsonSchema => {
  const { $schema: _dialect, id: _id, ...rest } = schema as JsonSchema;
  return rest;
};

const SIGNED =
  'Hex HMAC-SHA256 over method, raw target, timestamp, nonce and hex SHA-256 of the body, joined with line feeds; with `X-Countersign-Timestamp` (Unix ms), `X-Countersign-Nonce` (UUID v4) and, unless it is the default, `X-Countersign-Key-Id`';
const MESSAGE_SIGNED =
  'RFC 9421 with `Signature-Input`: `hmac-sha256` or `ed25519` over `@method`, `@target-uri` or `@path` and `@query`, and `content-digest` when there is a body; `created`, `nonce` and `keyid`';

/** The OpenAPI 3.1 document, made from the routes and their schemas. */
export function buildDocument(app: NestFastifyApplication, version: string): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.1')
    .setTitle('Countersign')
    .setDescription('Every call to a model or an agent authenticated, metered, resumable, approved and provable.')
    .setVersion(version)
    .setLicense('Proprietary', 'https://spdx.org/licenses/')
    .addServer('/')
    .addBearerAuth(
      { type: 'http', scheme: 'bearer', description: 'An API key, or a JWT of a configured issuer' },
      'bearer',
    )
    .addApiKey({ type: 'apiKey', in: 'header', name: 'X-Api-Key' }, 'api_key')
    .addApiKey({ type: 'apiKey', in: 'header', name: 'X-Countersign-Signature', description: SIGNED }, 'signature')
    .addApiKey({ type: 'apiKey', in: 'header', name: 'Signature', description: MESSAGE_SIGNED }, 'message_signature')
    .build();
  const document = SwaggerModule.createDocument(app, config, { standardSchemaConverter: convert });
  return withProblems(withIdempotencyKeys(document));
}

const PROBLEM = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };

const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'Makes a repeat safe for 24 hours: the same key with the same body gets the first answer again, with ' +
    '`Idempotent-Replayed: true`, or joins the request that is under way. An answer of more than 1 MiB is not kept: its ' +
    'repeat is refused with 409 `CONFLICT`, and not carried out again',
  schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,255}$' },
} as const;

const KEY_CONFLICTS = {
  '409': { description: 'The first request with this key is still running, or the state forbids it', content: PROBLEM },
  '422': { description: 'The key was used with another request, or the content breaks a rule', content: PROBLEM },
};

/** Every POST that knows its caller, and does something, takes a key. */
function withIdempotencyKeys(document: OpenAPIObject): OpenAPIObject {
  for (const { post } of Object.values(document.paths)) {
    if (post === undefined || READS_ONLY in post) continue;
    if (post.security?.some((way) => Object.keys(way).length === 0)) continue;
    post.parameters = [...(post.parameters ?? []), IDEMPOTENCY_KEY];
    post.responses = { ...KEY_CONFLICTS, ...post.responses };
  }
  return document;
}

/** Every operation can fail, and every failure has one shape. */
function withProblems(document: OpenAPIObject): OpenAPIObject {
  for (const path of Object.values(document.paths)) {
    for (const operation of Object.values(path)) {
      if (typeof operation !== 'object' || !('responses' in operation)) continue;
      Object.assign(operation.responses, { '4XX': { description: 'The request was refused', content: PROBLEM } });
      Object.assign(operation.responses, { '5XX': { description: 'The service could not answer', content: PROBLEM } });
    }
  }
  const problem = convert(Problem, { schemaType: 'output' })?.components;
  const components = { ...document.components, schemas: { ...document.components?.schemas, ...problem } };
  return { ...document, components } as OpenAPIObject;
}

const allowPage: onRequestHookHandler = (_request, reply, done) => {
  reply.header('content-security-policy', PAGE_POLICY);
  done();
};

/** Serves the document and Swagger UI; the document is made at the first look, not at start. */
export function serveDocument(app: NestFastifyApplication, version: string): void {
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRoute', (route) => {
      if (route.url.startsWith(`/${PATH}`)) route.onRequest = allowPage;
    });
  let made: OpenAPIObject | undefined;
  const document = (): OpenAPIObject => {
    made ??= buildDocument(app, version);
    return made;
  };
  SwaggerModule.setup(PATH, app, document, {
    jsonDocumentUrl: `/${PATH}/json`,
    yamlDocumentUrl: `/${PATH}/yaml`,
    customSiteTitle: 'Countersign API',
    swaggerOptions: { persistAuthorization: true, displayRequestDuration: true },
  });
}
