import { expect, it } from '@jest/globals';
import { isPrivateHost } from './public-address.ts';

it.each([
  'http://127.0.0.1/',
  'http://127.1/',
  'http://2130706433/',
  'http://0x7f000001/',
  'http://0177.0.0.1/',
  'http://0/',
  'http://localhost/',
  'http://LOCALHOST./',
  'http://a.localhost/',
  'http://10.1.2.3/',
  'http://172.31.0.1/',
  'http://192.168.1.1/',
  'http://100.64.0.1/',
  'http://169.254.169.254/latest/meta-data/',
  'http://255.255.255.255/',
  'http://[::1]/',
  'http://[::]/',
  'http://[::ffff:127.0.0.1]/',
  'http://[::ffff:a9fe:a9fe]/',
  'http://[::127.0.0.1]/',
  'http://[64:ff9b::10.0.0.1]/',
  'http://[64:ff9b:1::10.0.0.1]/',
  'http://[2001::f5ff:fffe]/',
  'http://[5f00::1]/',
  'http://[2002:7f00:1::]/',
  'http://[fd00::1]/',
  'http://[fe80::1]/',
  'http://[fec0::1]/',
])('takes %s for an address of somebody’s own network', (url) => {
  expect(isPrivateHost(new URL(url).hostname)).toBe(true);
});

it.each([
  'https://github.com/',
  'https://localhost.example.org/',
  'https://1.1.1.1/',
  'https://172.32.0.1/',
  'https://100.128.0.1/',
  'https://[2606:4700::1111]/',
  'https://[2001:4860:4860::8888]/',
  'https://[64:ff9b::1.1.1.1]/',
  'https://[2002:0101:0101::]/',
])('takes %s for public', (url) => {
  expect(isPrivateHost(new URL(url).hostname)).toBe(false);
});
