import { describe, expect, it } from '@jest/globals';
import { recipeText } from './write-recipe.ts';

const folder = '/usr/lib/systemd/system';

describe('the recipe of a script', () => {
  it('finds soon which of many units are upheld, however long the texts beside them are', () => {
    const units = Array.from({ length: 5000 }, (_, index) => `${folder}/u${index}.service`);
    const text = recipeText({
      name: 'tool',
      versions: {},
      options: {},
      parts: { arch: {}, artifacts: [], folders: [], text: [], links: [], left: [] },
      isReloading: false,
      image: undefined,
      reading: 'read',
      beside: [],
      paths: [...units, `${folder}/a.target`, `${folder}/a.target.upholds/u9.service`],
      texts: new Map([
        [`${folder}/a.target`, '[Unit]\nUpholds=u7.service\nAfter=u8.service\n'],
        ['/usr/share/long', '\n'.repeat(5_000_000)],
      ]),
    });
    const upheld = [...text.matchAll(/name: (\S+)\n\s+start: merge/g)].map(([, name]) => name);
    expect(upheld).toEqual(['u7.service', 'u9.service']);
    expect(text.match(/start: user/g)).toHaveLength(4998);
  });
});
