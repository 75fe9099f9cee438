import { z } from 'zod';
import { Mode } from '../language/image-paths.ts';
import { conditionShape } from '../versions/condition.ts';

const help = z.string().min(1).describe('One sentence on what it is for.');
const dropIn = z.strictObject({
  name: z.string().regex(/^[\w@.:-]+\.conf$/, { error: 'expected a file name that ends in .conf' }),
  content: z.string().min(1),
});

/** What the user supplies on the host, for the documentation: a file, a unit’s setting, an account. */
export const Setup = z.union(
  [
    z.strictObject({
      path: z
        .string()
        .regex(/^\/(etc|var|opt|home)\//, { error: 'expected a path below /etc, /var, /opt or /home' }),
      help,
      mode: Mode.optional(),
      user: z.string().optional(),
      group: z.string().optional(),
      content: z.string().optional(),
      ...conditionShape,
    }),
    z.strictObject({
      unit: z.string().regex(/^[\w@.:-]+\.[a-z]+$/, { error: 'expected the name of a unit' }),
      help,
      enable: z.boolean().optional(),
      mask: z.boolean().optional(),
      'drop-in': dropIn.optional(),
      ...conditionShape,
    }),
    z.strictObject({
      user: z.string().regex(/^[a-z_][a-z0-9_-]*$/),
      help,
      id: z.int().min(1).optional().describe('User and group number.'),
      home: z.string().optional(),
      shell: z.string().optional(),
      groups: z.array(z.string()).optional(),
      ...conditionShape,
    }),
  ],
  { error: 'expected {path}, {unit} or {user}, each with help' },
);
export type Setup = z.infer<typeof Setup>;
