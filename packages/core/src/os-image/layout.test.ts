import { expect, it } from '@jest/globals';
import { defaultInstallTo, layoutOf, parseInstallTo } from './layout.ts';
import { findPartition, type Partition } from './partitions.ts';

const tool = {
  name: 'tool',
  path: '/tmp/built.raw',
  file: 'tool-1.0-x86-64.raw',
  updates: [{ name: 'tool.conf', text: '[Transfer]\n' }],
};
const rootType = '4F68BCE3-E8CD-4DB1-96E7-FBCAF984B709'; // x86-64
const nothing = new Map<string, string>();

it('gives the root partition images, links to them and their sysupdate files', () => {
  expect(layoutOf([tool], defaultInstallTo)).toEqual(
    new Map([
      [
        'root',
        {
          copies: new Map([['/opt/extensions/tool/tool-1.0-x86-64.raw', '/tmp/built.raw']]),
          texts: new Map([['/etc/sysupdate.tool.d/tool.conf', '[Transfer]\n']]),
          links: new Map([['/etc/extensions/tool.raw', '/opt/extensions/tool/tool-1.0-x86-64.raw']]),
        },
      ],
    ]),
  );
});

it('gives the OEM partition images alone, which hosts see below /oem', () => {
  const layout = layoutOf([tool], parseInstallTo('oem:/sysext/'));
  expect(layout.get('oem')).toEqual({
    copies: new Map([['/sysext/tool/tool-1.0-x86-64.raw', '/tmp/built.raw']]),
    texts: nothing,
    links: nothing,
  });
  expect(layout.get('root')?.links).toEqual(
    new Map([['/etc/extensions/tool.raw', '/oem/sysext/tool/tool-1.0-x86-64.raw']]),
  );
});

it.each(['root', 'root:opt', 'root:/../etc', 'usr:/x', 'root:/a b'])('does not install to %s', (text) => {
  expect(() => parseInstallTo(text)).toThrow(
    `--install-to: expected root:/FOLDER or oem:/FOLDER, got "${text}"`,
  );
});

it.each([
  ['Flatcar’s name', [partition('OEM'), partition('ROOT')], 'ROOT'],
  ['the type for /', [partition('ESP'), partition('debian', rootType)], 'debian'],
  ['Flatcar’s name before a type', [partition('other', rootType), partition('ROOT')], 'ROOT'],
])('finds the root partition by %s', (_what, partitions, name) => {
  expect(findPartition(partitions, 'root', 'os.img').name).toBe(name);
});

it('refuses to choose between two', () => {
  const both = [partition('a', rootType), partition('b', rootType)];
  expect(() => findPartition(both, 'root', 'os.img')).toThrow(
    'os.img: expected one partition called ROOT, or one of the type for /, got a, b',
  );
});

function partition(name: string, type = '0FC63DAF-8483-4772-8E79-3D69D8477DE4'): Partition {
  return { name, type, offset: 0, size: 1 };
}
