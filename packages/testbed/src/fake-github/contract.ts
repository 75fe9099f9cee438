import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import { z } from 'zod';
import type { Answer } from './answer.ts';
import { openapiSlice, type Slice } from './openapi-slice.ts';

/** Holds requests and answers against GitHub’s own OpenAPI description. Empty lists mean they fit. */
export interface Contract {
  readonly checkRequest: (request: CheckedRequest) => readonly string[];
  readonly checkAnswer: (method: string, template: string, answer: Answer) => readonly string[];
}

export interface CheckedRequest {
  readonly method: string;
  readonly template: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Parsed JSON; undefined when there is none or it is a file. */
  readonly body: unknown;
}

const Parameter = z.object({
  name: z.string(),
  in: z.enum(['path', 'query', 'header']),
  required: z.boolean().default(false),
});
const Content = z.record(z.string(), z.object({ schema: z.unknown() }));
const Reference = z.object({ $ref: z.string() });
const Response = z.object({ content: Content.optional() });
const Operation = z.object({
  parameters: z.array(z.unknown()).default([]),
  requestBody: z.object({ content: Content, required: z.boolean().default(false) }).optional(),
  responses: z.record(z.string(), z.unknown()),
});
const HasProperties = z.object({ properties: z.record(z.string(), z.unknown()) });

const json = 'application/json';
const basicError = '#/components/schemas/basic-error';

export async function githubContract(templates: readonly string[]): Promise<Contract> {
  const slice = admitStarter(await openapiSlice(templates));
  const strict = validators(slice, new Ajv({ strict: false, allErrors: true }));
  // What stands in a URL is text; numbers and booleans are read out of it.
  const lenient = validators(slice, new Ajv({ strict: false, allErrors: true, coerceTypes: true }));

  function operationOf(method: string, template: string): z.infer<typeof Operation> {
    return Operation.parse(slice.paths[template]?.[method.toLowerCase()]);
  }

  return {
    checkRequest: ({ method, template, params, query, body }) => {
      const operation = operationOf(method, template);
      const at = ['paths', template, method.toLowerCase()];
      const known = operation.parameters.map((parameter, index) => {
        const pointer = [...at, 'parameters', String(index)];
        return { ...Parameter.parse(follow(slice, parameter)), pointer: target(parameter, pointer) };
      });
      const unknown = [...query.keys()].filter(
        (name) => !known.some((parameter) => parameter.in === 'query' && parameter.name === name),
      );
      const wrong = known.flatMap((parameter) => {
        const value = parameter.in === 'path' ? params[parameter.name] : query.get(parameter.name);
        if (parameter.in === 'header' || value === null || value === undefined) {
          return parameter.required ? [`parameter ${parameter.name} is missing`] : [];
        }
        return lenient([...parameter.pointer, 'schema'], value, `parameter ${parameter.name}`);
      });
      return [
        ...unknown.map((name) => `query parameter ${name} is not in the description`),
        ...wrong,
        ...checkBody(operation, [...at, 'requestBody', 'content', json, 'schema'], body),
      ];
    },
    checkAnswer: (method, template, answer) => {
      const { responses } = operationOf(method, template);
      const response = responses[String(answer.status)];
      if (response === undefined) {
        // No operation lists what every one may answer: 401, 403, 429 and the like.
        return answer.status >= 400
          ? strict(pointerOf(basicError), answer.json, `${answer.status} answer`)
          : [`status ${answer.status} is not in the description`];
      }
      if (
        Response.parse(follow(slice, response)).content?.[json] === undefined ||
        answer.json === undefined
      ) {
        return [];
      }
      const place = ['paths', template, method.toLowerCase(), 'responses', String(answer.status)];
      const pointer = [...target(response, place), 'content', json, 'schema'];
      return strict(pointer, answer.json, `${answer.status} answer`);
    },
  };

  function checkBody(
    operation: z.infer<typeof Operation>,
    pointer: readonly string[],
    body: unknown,
  ): readonly string[] {
    const schema = operation.requestBody?.content[json]?.schema;
    if (schema === undefined) {
      return body === undefined ? [] : ['the request takes no JSON body'];
    }
    if (body === undefined) {
      return operation.requestBody?.required === true ? ['the body is missing'] : [];
    }
    const properties = HasProperties.safeParse(schema).data?.properties;
    const names = typeof body === 'object' && body !== null ? Object.keys(body) : [];
    const unknown = properties === undefined ? [] : names.filter((name) => !(name in properties));
    return [
      ...unknown.map((name) => `body field ${name} is not in the description`),
      ...strict(pointer, body, 'body'),
    ];
  }
}

type Validate = (pointer: readonly string[], value: unknown, subject: string) => readonly string[];

function validators(slice: Slice, ajv: Ajv): Validate {
  formats.default(ajv);
  ajv.addFormat('repo.nwo', /^[^/\s]+\/[^/\s]+$/);
  ajv.addSchema({ ...slice, $id: 'gh' });
  const compiled = new Map<string, ValidateFunction>();
  return (pointer, value, subject) => {
    const fragment = pointer.map(escapePointer).join('/');
    const validate = compiled.get(fragment) ?? ajv.compile({ $ref: `gh#/${fragment}` });
    compiled.set(fragment, validate);
    return validate(value)
      ? []
      : (validate.errors ?? []).map(({ instancePath, message }) => `${subject}${instancePath}: ${message}`);
  };
}

function escapePointer(part: string): string {
  return encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
}

/** Where a thing stands that may be a reference to elsewhere. */
function target(thing: unknown, place: readonly string[]): readonly string[] {
  const reference = Reference.safeParse(thing);
  return reference.success ? pointerOf(reference.data.$ref) : place;
}

function pointerOf(reference: string): readonly string[] {
  return reference.split('/').slice(1);
}

function follow(slice: Slice, thing: unknown): unknown {
  const reference = Reference.safeParse(thing);
  if (!reference.success) {
    return thing;
  }
  const [, section = '', name = ''] = pointerOf(reference.data.$ref);
  return slice.components[section]?.[name];
}

/**
 * The description lists `uploaded` and `open` as states of an asset, while its own prose and GitHub itself
 * say `starter` for an upload that did not end.
 */
function admitStarter(slice: Slice): Slice {
  const schemas = slice.components['schemas'] ?? {};
  const asset = z
    .looseObject({ properties: z.looseObject({ state: z.looseObject({ enum: z.array(z.string()) }) }) })
    .safeParse(schemas['release-asset']);
  if (!asset.success) {
    return slice;
  }
  const { properties } = asset.data;
  const state = { ...properties.state, enum: [...properties.state.enum, 'starter'] };
  const patched = { ...asset.data, properties: { ...properties, state } };
  return { ...slice, components: { ...slice.components, schemas: { ...schemas, 'release-asset': patched } } };
}
