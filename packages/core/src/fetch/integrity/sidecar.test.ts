import { describe, expect, it } from '@jest/globals';
import { parseSidecar } from './sidecar.ts';

const hex = '0123456789abcdef'.repeat(4);
const sha512 = hex + hex;
const source = 'https://example.org/kubelet.sha256';

describe('parseSidecar', () => {
  it.each([
    ['a bare hash, as of kubernetes', hex, 'sha256', hex],
    ['a bare hash and a line end', `${hex}\n`, 'sha256', hex],
    ['a bare sha512', `${sha512}\n`, 'sha512', sha512],
    ['hash and name, as of cilium', `${hex}  kubelet\n`, 'sha256', hex],
    ['binary mode, as of docker-compose', `${hex} *kubelet\n`, 'sha256', hex],
    ['a name with ./', `${hex}  ./kubelet\n`, 'sha256', hex],
    ['a name in the folder it was built in', `${hex}  build/kubelet\n`, 'sha256', hex],
    ['BSD', `SHA256 (kubelet) = ${hex}\n`, 'sha256', hex],
    ['BSD sha512', `SHA512 (kubelet) = ${sha512}\n`, 'sha512', sha512],
    ['capitals and a carriage return', `${hex.toUpperCase()}\r\n`, 'sha256', hex],
    ['spaces around', `  ${hex}  \n\n`, 'sha256', hex],
  ])('reads %s', (_title, text, algorithm, wanted) => {
    expect(parseSidecar(text, 'kubelet', source)).toEqual({ algorithm, hex: wanted, source });
  });

  it.each([
    [
      'the hash of another file',
      `${hex}  kubeadm\n`,
      'expected the hash of "kubelet", got that of "kubeadm"',
    ],
    [
      'several lines',
      `${hex}  kubelet\n${hex}  kubeadm\n`,
      'expected one line with the hash of "kubelet", got 2 lines',
    ],
    ['nothing', '\n', 'expected one line with the hash of "kubelet", got 0 lines'],
    ['a page', '<html>Moved</html>', 'expected a sha256 or sha512 hash, got "<html>Moved</html>"'],
    ['SHA-1', `${'a'.repeat(40)}\n`, 'expected a sha256 or sha512 hash, got'],
    ['a hash that lost its end', `${hex.slice(2)}\n`, 'expected a sha256 or sha512 hash, got'],
  ])('refuses %s', (_title, text, message) => {
    expect(() => parseSidecar(text, 'kubelet', source)).toThrow(`${source}: ${message}`);
  });
});
