import { parse } from 'yaml';
import { z } from 'zod';

/** What a README says of an action.yml. */
const ActionYaml = z.object({
  description: z.string(),
  inputs: z.record(
    z.string(),
    z.object({
      description: z.string(),
      required: z.boolean().default(false),
      default: z.string().default(''),
    }),
  ),
  outputs: z.record(z.string(), z.object({ description: z.string() })),
});

/** Puts the tables of inputs and outputs of `yaml` (an action.yml) between the marks in `readme`. */
export function fillReadme(readme: string, yaml: string): string {
  const { description, inputs, outputs } = ActionYaml.parse(parse(yaml));
  const inputRows = Object.entries(inputs).map(([name, input]) => {
    const standard = input.required ? 'required' : input.default === '' ? '' : `\`${input.default}\``;
    return `| \`${name}\` | ${input.description} | ${standard} |`;
  });
  const outputRows = Object.entries(outputs).map(
    ([name, output]) => `| \`${name}\` | ${output.description} |`,
  );
  const filled = between(readme, 'description', [description]);
  const withInputs = between(filled, 'inputs', ['| input | | default |', '|---|---|---|', ...inputRows]);
  return between(withInputs, 'outputs', ['| output | |', '|---|---|', ...outputRows]);
}

function between(text: string, mark: string, content: readonly string[]): string {
  const [start, end] = [`<!-- ${mark}: generated from action.yml -->`, `<!-- end of ${mark} -->`];
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from === -1 || to < from) throw new Error(`expected "${start}" and "${end}" in the text`);
  return `${text.slice(0, from + start.length)}\n${content.join('\n')}\n${text.slice(to)}`;
}
