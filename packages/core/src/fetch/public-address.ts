import { lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { Agent } from 'undici';
import { UserError } from '../diagnostics/user-error.ts';

/** Whether `host` of a parsed URL is an address that leads into a network of somebody’s own; names are not looked up. */
export function isPrivateHost(host: string): boolean {
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  return /(?:^|\.)localhost\.?$/i.test(bare) || isPrivate(bare);
}

const lookUpPublic: LookupFunction = (host, options, answer) => {
  lookup(host, { ...options, all: true }, (error, found) => {
    if (error !== null) return answer(error, '');
    const bad = found.find(({ address }) => isPrivate(address));
    if (bad !== undefined) return answer(refusal(host, bad.address), '');
    const [first] = found;
    if (options.all === true) answer(null, found);
    else answer(null, first?.address ?? '', first?.family);
  });
};

/**
 * Connects to where a stranger’s redirect leads. The check is made on what the connection itself goes by, so a name
 * that changes between two questions gains nothing.
 */
export const publicDispatcher = new Agent({ connect: { lookup: lookUpPublic } });

export function refusal(host: string, address = host): UserError {
  const which = address === host ? host : `${host} (${address})`;
  return new UserError('fetch.redirect', `expected a redirect to a public address, got one to ${which}`, {
    hint: 'if that is right, name the last address in the recipe, or send the first one there with mirrors',
  });
}

// https://www.iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry
const ranges: readonly (readonly [network: string, prefix: number])[] = [
  ['0.0.0.0', 8], // this host
  ['10.0.0.0', 8],
  ['100.64.0.0', 10], // behind a carrier's NAT
  ['127.0.0.0', 8],
  ['169.254.0.0', 16], // link-local; clouds keep credentials at 169.254.169.254
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15], // benchmarks
  ['224.0.0.0', 3], // multicast, reserved, broadcast
  ['::', 127], // unspecified and loopback
  ['64:ff9b:1::', 48], // NAT64 of a network's own
  ['2001::', 32], // Teredo: stands for an IPv4 address, with its bits turned over
  ['5f00::', 16], // segment routing
  ['fc00::', 7], // unique local
  ['fe80::', 9], // link-local, and the site-local of old
  ['ff00::', 8], // multicast
];

const privateNetworks = new BlockList();
for (const [network, prefix] of ranges) {
  privateNetworks.addSubnet(network, prefix, network.includes(':') ? 'ipv6' : 'ipv4');
}

function isPrivate(address: string): boolean {
  const family = isIP(address.split('%', 1)[0] ?? '');
  if (family === 0) return false;
  const plain = address.split('%', 1)[0] ?? '';
  if (family === 4) return privateNetworks.check(plain, 'ipv4');
  const inside = embedded(plain);
  return (
    privateNetworks.check(plain, 'ipv6') || (inside !== undefined && privateNetworks.check(inside, 'ipv4'))
  );
}

/** The IPv4 address that an IPv6 one of ::a.b.c.d, ::ffff:, 64:ff9b:: (NAT64) or 2002: (6to4) stands for. */
function embedded(address: string): string | undefined {
  // The parser of URLs writes every address in one way: eight groups at most, none with leading zeros.
  const written = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [before = '', after] = written.split('::');
  const left = before === '' ? [] : before.split(':');
  const right = after === undefined || after === '' ? [] : after.split(':');
  const zeros = after === undefined ? 0 : 8 - left.length - right.length;
  const groups = [...left, ...Array.from({ length: zeros }, () => '0'), ...right].map((group) =>
    Number.parseInt(group, 16),
  );
  const start = groups.slice(0, 6).join();
  const known = ['0,0,0,0,0,0', '0,0,0,0,0,65535', '0,0,0,0,65535,0', '100,65435,0,0,0,0'];
  const at = groups[0] === 0x2002 ? 1 : known.includes(start) ? 6 : undefined;
  if (at === undefined) return undefined;
  return groups
    .slice(at, at + 2)
    .flatMap((group) => [group >> 8, group & 0xff])
    .join('.');
}
