// Reads every workflow with GitHub's own parser and prints what it refuses, a line each. It knows what actionlint and
// act do not yet: `queue:` and `uses: $/…`.
import { readdir, readFile } from 'node:fs/promises';
import { registerHooks } from 'node:module';
import { join } from 'node:path';

// The parser imports JSON as bundlers take it, without `with { type: 'json' }`.
registerHooks({
  load: (url, context, next) =>
    next(url, url.endsWith('.json') ? { ...context, importAttributes: { type: 'json' } } : context),
});
const { NoOperationTraceWriter, parseWorkflow } = await import('@actions/workflow-parser');

const folder = join(import.meta.dirname, '../../../.github/workflows');
for (const name of await readdir(folder)) {
  const content = await readFile(join(folder, name), 'utf8');
  const { context } = parseWorkflow({ name, content }, new NoOperationTraceWriter());
  for (const { message } of context.errors.getErrors()) {
    process.stdout.write(`${message}\n`);
    process.exitCode = 1;
  }
}
