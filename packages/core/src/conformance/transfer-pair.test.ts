import { expect, it } from '@jest/globals';
import { transferFiles } from '../sysupdate/transfer.ts';
import { readTransfer } from './read-transfer.ts';
import { checkPair } from './transfer-rules.ts';

const url = 'https://hub.example/k3s/';
const [conf = '', transfer = ''] = transferFiles({
  name: 'k3s',
  url,
  notes: 'https://notes.example/k3s-',
}).map(({ text }) => text);

it.each([
  ['are as the bakery writes them', conf, transfer, []],
  ['name no page at all', conf, conf, []],
  [
    'have in .conf what systemd up to 256 warns of',
    transfer,
    transfer.replace(/ChangeLog.*\n/, ''),
    ['two texts'],
  ],
  ['have a setting of their own in .transfer', conf, transfer.replace('=3', '=4'), ['two texts']],
])('judges files that %s', (_what, left, right, got) => {
  const files = [readTransfer('k3s.conf', left), readTransfer('k3s.transfer', right)];
  const found = checkPair('k3s', files, 'k3s/');
  expect(found.map(({ message }) => /two texts/.exec(message)?.[0])).toEqual(got);
});

it('takes one text for both, whatever systemd makes of it', () => {
  const files = [readTransfer('k3s.conf', transfer), readTransfer('k3s.transfer', transfer)];
  expect(checkPair('k3s', files, 'k3s/')).toEqual([]);
});
