import type { CatalogueKey } from '@bakery/core/catalogue.ts';
import { ringPath } from '@bakery/install/extension-config.ts';
import { quote } from '@bakery/install/shell.ts';
import { html, type Html } from '../html.ts';
import { layout } from '../layout.ts';
import { away, badge, code, day, table } from '../parts.ts';
import type { Site } from '../site-pages.ts';

/** Whom hosts trust. */
export function keysPage({ catalogue: { hub, ring, keys }, now }: Site): string {
  return layout({
    title: 'Keys · System extensions',
    description: 'The keys that sign what this bakery publishes',
    top: '../',
    here: 'keys',
    hub,
    body: html`<div class="lead">
      <h1>Keys</h1>
      ${
        ring === undefined
          ? html`<p>Nothing here is signed. Hosts check each image against its hash in <code>SHA256SUMS</code>, and trust whoever serves that file over HTTPS.</p></div>`
          : html`<p>Each <code>SHA256SUMS</code> is signed. systemd-sysupdate takes only images that are named in one signed by these keys.</p></div>
<h2>The ring</h2>
<p>${away(ring.url, ring.file)} holds all of them. Snippets for hosts put it where systemd looks, and check its hash. By hand:</p>
${code(`curl --fail --location --output import-pubring.gpg ${quote(ring.url)}\necho "${ring.sha256}  import-pubring.gpg" | sha256sum --check\ninstall -m 0644 import-pubring.gpg ${ringPath}\n`, 'commands that install the ring')}
<h2>Fingerprints</h2>
${fingerprints(keys, now)}`
      }
     `,
  });
}

function fingerprints(keys: readonly CatalogueKey[], now: number): Html {
  return table(
    'Keys',
    ['Fingerprint', 'What for', 'Created', 'Expires'],
    keys.map(({ fingerprint, primary, created, expires, signs, revoked }) => [
      html`<code>${fingerprint.replaceAll(/(.{4})(?=.)/g, '$1 ')}</code>`,
      html`${fingerprint === primary ? 'primary' : 'subkey'}${signs ? ', signs' : ''}
      ${revoked === true ? badge('revoked', 'bad') : ''}`,
      day(created),
      expires !== undefined && Date.parse(expires) < now
        ? badge(`expired ${expires.slice(0, 10)}`, 'bad')
        : expires === undefined
          ? html`never`
          : day(expires),
    ]),
  );
}
