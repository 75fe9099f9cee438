import { type Recipe, recipeArches } from '@bakery/core/recipe.ts';
import { hub } from './example.ts';
import { latestInWords } from './in-words.ts';
import { table } from './table.ts';

/** All extensions, a line each, and what their pages have in common. */
export function indexPage(recipes: readonly Recipe[]): string {
  const rows = recipes.map((recipe) => [
    `[${recipe.name}](extensions/${recipe.name}.md)`,
    recipe.summary,
    latestInWords(recipe.versions),
    recipeArches(recipe).join(', '),
    starts(recipe),
    recipe['after-update'],
    recipe.license,
  ]);
  return `<!-- Generated from the recipes by "pnpm generate". -->

# Extensions

${table(['extension', 'what it is', '"latest"', 'for', 'starts by itself', 'after an update', 'licence'], rows).join('\n')}

## On a host

The page of each extension has [Butane](https://coreos.github.io/butane/) configurations for Flatcar (\`version: 1.1.0\`,
which is Ignition 3.4). Any other system gets the same files by other means.

\`${hub}\` stands for where your bakery publishes: a hub, a folder behind any web server
(\`--store dir:out\`), or, without any server of yours, \`https://github.com/OWNER/REPO/releases/download\`. What follows
it is the same for all three. Which versions there are says \`NAME/SHA256SUMS\` there, with the hash of each image;
Ignition checks it when you add it as \`verification: { hash: sha256-… }\` beside \`source\`.

- **The image** lies in \`/opt/extensions/NAME/\`, where systemd-sysupdate keeps up to three of them, and is merged through
  the link \`/etc/extensions/NAME.raw\`. Who starts with the sysupdate files alone makes \`/etc/extensions\`, and for systemd 254
  \`/opt/extensions/NAME\` too: 257 makes that one by itself.
- **\`NAME.conf\`** tells systemd-sysupdate where to look. From systemd 257 on it prefers \`NAME.transfer\`, which is
  published beside it with the same text, and warns about the other.
- **\`noop.conf\`** never finds anything. systemd-sysupdate.service fails on a host that has none but components such as
  \`sysupdate.NAME.d\`; one such file, for all extensions together, is enough.
- **The drop-in** of systemd-sysupdate.service updates one component. If that fails, the journal says why and other
  extensions are updated all the same. Where the link leads before is kept in \`/run\`, which only root can write.
- **Units to be enabled** get a link in \`TARGET.wants\`, because at the first boot presets are applied before images are
  merged.
- **Several extensions** on a host: join the lists; \`systemd-sysupdate.timer\` and \`noop.conf\` are needed once, and
  drop-ins of systemd-sysupdate.service go into one list.

## Back to an older version

Up to two older versions still lie on a host. The link decides which one is merged:

\`\`\`sh
ls /opt/extensions/NAME
ln -sfn /opt/extensions/NAME/NAME-VERSION-ARCH.raw /etc/extensions/NAME.raw
systemd-sysext refresh && systemctl try-restart SERVICE
\`\`\`

There it stays, through updates and reboots too, until a version comes out that is newer than all on the host. Whoever
maintains the feed can withdraw a broken one for all hosts: \`bakery yank\`.
`;
}

function starts({ units }: Recipe): string {
  const merged = units.filter(({ start }) => start === 'merge').map(({ name }) => `\`${name}\``);
  return merged.join(', ');
}
