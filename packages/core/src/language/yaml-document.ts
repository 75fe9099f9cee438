import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml';
import type { Document, Node, Pair } from 'yaml';
import { diagnosticsError } from '../diagnostics/document-error.ts';
import type { KeyPath } from '../diagnostics/key-path.ts';
import type { Place } from '../diagnostics/place.ts';
import { UserError } from '../diagnostics/user-error.ts';
import { yamlNesting } from './nesting.ts';

const maxBytes = 256 * 1024; // a hand-written file is a few kB; this bounds what a hostile one costs
const maxDepth = 50; // the parser’s time grows with the square of the depth, and a recipe needs eight

export interface YamlDocument {
  readonly data: unknown;
  /** Place of a key or list item; of the nearest one around it when it is not there. */
  readonly locate: (path: KeyPath) => Place;
}

/**
 * Reads one YAML document that holds plain data. Syntax errors, duplicate keys, anchors, aliases and tags
 * are a UserError with one line each: without aliases nothing can expand, and every value stands where it is
 * used.
 */
export function readYaml(text: string, file: string): YamlDocument {
  if (Buffer.byteLength(text) > maxBytes) {
    throw new UserError(
      'recipe.syntax',
      `${file}: expected at most ${maxBytes} bytes, got ${Buffer.byteLength(text)}`,
    );
  }
  if (yamlNesting(text) > maxDepth)
    throw new UserError(
      'recipe.syntax',
      `${file}: expected a few levels of nesting, got more than ${maxDepth}`,
    );
  const lines = new LineCounter();
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const document = parseDocument(text, {
    lineCounter: lines,
    uniqueKeys: true,
    prettyErrors: false,
    logLevel: 'error', // else it warns on our standard error, of a key that is a map
  });
  const problems = [...syntaxProblems(document, text), ...indirections(document)];
  if (problems.length > 0) {
    throw diagnosticsError(
      problems.map(({ offset, text: message }) => ({
        code: 'recipe.syntax',
        severity: 'error',
        place: placeAt(offset),
        message,
      })),
    );
  }
  return {
    data: document.toJS({ maxAliasCount: 0 }),
    locate: (path) => placeAt(offsetOf(document, path)),
  };
}

/** All duplicate keys, but of other errors the first one only: the rest follows from it. */
function syntaxProblems(document: Document.Parsed, text: string): { offset: number; text: string }[] {
  const all = [...document.errors, ...document.warnings].toSorted((a, b) => a.pos[0] - b.pos[0]);
  const duplicates = all.filter(({ code }) => code === 'DUPLICATE_KEY');
  return [...all.filter(({ code }) => code !== 'DUPLICATE_KEY').slice(0, 1), ...duplicates].map((error) => {
    const said = `expected YAML, got ${firstLine(error.message)}`;
    const line = lineAround(text, error.pos[0]);
    // `{ from: {url}.sha256 }` reads well and is not YAML.
    const hint = /[{[].*\{[a-z][a-z0-9-]*\}/.test(line) ? '; text that holds {…} needs quotes there' : '';
    return { offset: error.pos[0], text: `${said}${hint}` };
  });
}

function lineAround(text: string, offset: number): string {
  const end = text.indexOf('\n', offset);
  return text.slice(text.lastIndexOf('\n', offset - 1) + 1, end === -1 ? undefined : end);
}

function indirections(document: Document.Parsed): { offset: number; text: string }[] {
  const found: { offset: number; text: string }[] = [];
  visit(document, {
    Node: (_key, node) => {
      if (isAlias(node)) {
        found.push({ offset: start(node), text: `expected the value itself, got the alias *${node.source}` });
      } else if (node.anchor !== undefined) {
        found.push({ offset: start(node), text: `expected no anchor, got &${node.anchor}` });
      } else if (node.tag !== undefined) {
        found.push({ offset: start(node), text: `expected no tag, got ${node.tag}` });
      }
    },
  });
  return found;
}

function offsetOf(document: Document.Parsed, path: KeyPath): number {
  let node: unknown = document.contents;
  let offset = isNode(node) ? start(node) : 0;
  for (const key of path) {
    if (isMap(node)) {
      const pair = node.items.find(
        (item: Pair) => isScalar(item.key) && String(item.key.value) === String(key),
      );
      if (pair === undefined) return offset;
      if (isNode(pair.key)) offset = start(pair.key);
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(key)];
      if (!isNode(node)) return offset;
      offset = start(node);
    } else {
      return offset;
    }
  }
  return offset;
}

function start(node: Node): number {
  return node.range?.[0] ?? 0;
}

function firstLine(message: string): string {
  const line = message.split('\n', 1)[0] ?? '';
  return line.charAt(0).toLowerCase() + line.slice(1);
}
