import { gzipSync, zstdCompressSync } from 'node:zlib';
import { sha256 } from './sample-releases.ts';

/** A feed as somebody other than a bakery lays it out, for an extension called `tool`. */
export interface FieldFeed {
  readonly what: string;
  /** Names of the files in it. */
  readonly files: readonly string[];
  /** Sysupdate files by name; `{url}` stands for the folder. */
  readonly transfers: Readonly<Record<string, string>>;
  /** Versions that a host of `fieldHost` is offered, newest first. */
  readonly offered: readonly string[];
  /** Why no host can be asked here; asked when not there. */
  readonly unasked?: string;
  /** Names of rules; nothing else may be said, and none of these as an error. */
  readonly warnings?: readonly string[];
}

/** os-release(5) of the hosts that are asked. */
export const fieldHost = { ID: 'fieldos', VERSION_ID: '42', IMAGE_VERSION: '7.1', IMAGE_ID: 'field' };

const target = `[Target]
Type=regular-file
Path=/var/lib/extensions.d
CurrentSymlink=/etc/extensions/tool.raw
`;

/** The layouts that the field has, in its own words but with names and versions of nobody. */
export function fieldFeeds(arch: 'x86-64' | 'arm64'): readonly FieldFeed[] {
  const other = arch === 'arm64' ? 'x86-64' : 'arm64';
  const both = (start: string, end: string): string[] => [arch, other].map((one) => start + one + end);
  return [
    {
      what: 'RPMs of several releases of an OS, .conf alone',
      files: [...both('tool-3.8-1.fc42-42-', '.raw'), ...both('tool-3.8.1-1.fc43-43-', '.raw')],
      transfers: {
        'tool.conf': `[Transfer]\nVerify=false\n\n[Source]\nType=url-file\nPath={url}\nMatchPattern=tool-@v-%w-%a.raw\n\n${target}MatchPattern=tool-@v-%w-%a.raw\nInstancesMax=2\n`,
      },
      offered: ['3.8-1.fc42'],
      warnings: ['transfer-pair'],
    },
    {
      what: 'an optional feature in several compressions, patterns on lines of their own',
      files: [
        `tool_1.35.1+r1_42_${arch}.raw.zst`,
        `tool_1.34.3+r1_42_${arch}.raw.gz`,
        `tool_1.33_42_${arch}.raw`,
      ],
      transfers: {
        'tool.transfer': `[Transfer]
Features=tools
Verify=no
ProtectVersion=%A

[Source]
Type=url-file
Path={url}
MatchPattern=tool_@v_%w_%a.raw.zst \\
# what older releases have
             tool_@v_%w_%a.raw.gz \\
             tool_@v_%w_%a.raw

[Target]
Type=regular-file
Path=/var/lib/extensions.d/
MatchPattern=tool_@v_%w_%a.raw
CurrentSymlink=tool.raw
Mode=0644
`,
      },
      offered: ['1.35.1+r1', '1.34.3+r1', '1.33'],
      warnings: ['transfer-pair', 'image-compression'],
    },
    {
      what: 'the layout of the older bakery, .conf alone',
      files: [...both('tool-2026.6.1-', '.raw'), ...both('tool-2026.5.2-', '.raw')],
      transfers: {
        'tool.conf': `[Transfer]\nVerify=false\n\n[Source]\nType=url-file\nPath={url}\nMatchPattern=tool-@v-%a.raw\n\n[Target]\nInstancesMax=3\nType=regular-file\nPath=/opt/extensions/tool\nCurrentSymlink=/etc/extensions/tool.raw\n`,
      },
      offered: ['2026.6.1', '2026.5.2'],
      warnings: ['transfer-pair'],
    },
    {
      what: 'images of one OS image version, with a lower bound',
      files: [`tool-7.1-2.0-${arch}.raw`, `tool-7.1-1.0-${arch}.raw`, `tool-7.2-3.0-${arch}.raw`],
      transfers: {
        'tool.transfer': `[Transfer]\nVerify=false\nMinVersion=1.5\nProtectVersion=%A\nChangeLog=https://news.example/@v\n[Source]\nType=url-file\nPath={url}\nMatchPattern=tool-%A-@v-%a.raw\n${target}`,
      },
      offered: ['2.0', '1.0'],
      warnings: ['transfer-pair'],
    },
    {
      what: 'what an image builder writes: underscores, compressed, read-only, boot counting',
      files: [`tool_0.1_${arch}.raw.gz`, `tool_0.2_${arch}.raw.gz`, `tool_0.2_${arch}.efi`],
      transfers: {
        'tool.transfer': `[Transfer]\nVerify=false\nProtectVersion=%w\n[Source]\nType=url-file\nPath={url}\nMatchPattern=tool_@v_%a.raw.gz tool_@v_%a.raw\n${target}MatchPattern=tool_@v_%a+@l-@d.raw tool_@v_%a.raw\nPathRelativeTo=root\nReadOnly=yes\nTriesLeft=3\nTriesDone=0\nRemoveTemporary=yes\n`,
      },
      offered: ['0.2', '0.1'],
      warnings: ['transfer-pair'],
    },
    {
      what: 'a partition with its UUID and flags in the file name',
      files: [`tool_0.2_${arch}_0f1e2d3c-0000-4000-8000-000000000001_1.usr.raw.gz`],
      transfers: {
        'tool.transfer': `[Transfer]\nVerify=false\n[Source]\nType=url-file\nPath={url}\nMatchPattern=tool_@v_%a_@u_@a.usr.raw.gz\n[Target]\nType=partition\nPath=auto\nMatchPattern=tool_@v\nMatchPartitionType=usr\nPartitionNoAuto=yes\nPartitionGrowFileSystem=no\nReadOnly=1\n`,
      },
      offered: ['0.2'],
      unasked: 'it needs a disk with partitions',
      warnings: ['transfer-pair'],
    },
    {
      what: 'a folder from a tar',
      files: both('tool-1.2-', '.tar.gz'),
      transfers: {
        'tool.transfer': `[Transfer]\nVerify=false\n[Source]\nType=url-tar\nPath={url}\nMatchPattern=tool-@v-%a.tar.gz\n[Target]\nType=directory\nPath=/var/lib/extensions.d\nMatchPattern=tool-@v-%a\nCurrentSymlink=/etc/extensions/tool\n`,
        'tool.conf': `[Transfer]\nVerify=false\n[Source]\nType=url-tar\nPath={url}\nMatchPattern=tool-@v-%a.tar.gz\n[Target]\nType=directory\nPath=/var/lib/extensions.d\nMatchPattern=tool-@v-%a\nCurrentSymlink=/etc/extensions/tool\n`,
      },
      offered: ['1.2'],
    },
    {
      what: 'a folder of versions that needs no link, for any architecture',
      files: ['tool_1.0.raw', 'tool_1.1.raw'],
      transfers: {
        'tool.transfer': `[Transfer]\nVerify=false\n[Source]\nType=url-file\nPath={url}\nMatchPattern=tool_@v.raw\n[Target]\nType=regular-file\nPath=/var/lib/extensions/tool.raw.v\nMatchPattern=tool_@v.raw\n`,
      },
      offered: ['1.1', '1.0'],
      warnings: ['transfer-pair', 'transfer-pattern-arch'],
    },
    {
      what: 'time, mode and size in the file name',
      files: [`tool-1.0-${arch}_1700000000000000_644_4096.raw`],
      transfers: {
        'tool.transfer': `[Transfer]\nVerify=false\n[Source]\nType=url-file\nPath={url}\nMatchPattern=tool-@v-%a_@t_@m_@s.raw\n${target}MatchPattern=tool-@v-%a.raw\n`,
      },
      offered: ['1.0'],
      warnings: ['transfer-pair'],
    },
    {
      what: 'revisions of a version, and notes beside the images',
      files: [`tool-1.2.3-${arch}.raw`, `tool-1.2.3-r2-${arch}.raw`, 'README.txt', `tool-1.2.3-${arch}.json`],
      transfers: {
        'tool.transfer': `; by hand\n[Transfer]\r\nVerify = no\r\n[Source]\n  Type=url-file\n  Path={url}\n  MatchPattern=\n  MatchPattern=tool-@v-%a.raw\n[X-Notes]\nAuthor=me\n${target}`,
      },
      offered: ['1.2.3-r2', '1.2.3'],
      warnings: ['transfer-pair'],
    },
  ];
}

/** Everything a server answers for a feed: bytes by file name. */
export function feedFiles({ files, transfers }: FieldFeed, url: string): ReadonlyMap<string, Buffer> {
  const images = files.map((file): [string, Buffer] => [file, contentOf(file)]);
  const sums = images.map(([file, bytes]) => `${sha256(bytes)}  ${file}\n`).join('');
  const texts = Object.entries(transfers).map(([file, text]): [string, Buffer] => [
    file,
    Buffer.from(text.replaceAll('{url}', url)),
  ]);
  return new Map([...images, ...texts, ['SHA256SUMS', Buffer.from(sums)]]);
}

/** What a host must have in the end of an image. */
export function contentOfFeed(file: string): string {
  return `bytes of ${file}\n`.repeat(200);
}

function contentOf(file: string): Buffer {
  if (file.endsWith('.tar.gz')) return gzipSync(Buffer.alloc(10_240)); // a tar of nothing
  const plain = Buffer.from(contentOfFeed(file));
  if (file.endsWith('.gz')) return gzipSync(plain);
  return file.endsWith('.zst') ? zstdCompressSync(plain) : plain;
}
