// The script of every page: it does only what pages cannot do alone. It asks no server for anything.
'use strict';

for (const button of document.querySelectorAll('button.copy')) {
  button.addEventListener('click', async () => {
    const block = button.parentElement.querySelector('code');
    const said = (await copied(block)) ? 'Copied' : 'Press Ctrl+C';
    button.textContent = said;
    setTimeout(() => (button.textContent = 'Copy'), 2000);
  });
}

/** Whether the text is in the clipboard; otherwise it is marked, ready to be copied by hand. */
async function copied(block) {
  try {
    await navigator.clipboard.writeText(block.textContent);
    return true;
  } catch {
    getSelection().selectAllChildren(block);
    return false;
  }
}

const byId = (id) => document.getElementById(id);

if (byId('filter')) filter();
if (byId('snippets')) install();
if (byId('parts')) compose();

function filter() {
  const rows = [...byId('extensions').tBodies[0].rows].map((row) => ({
    row,
    text: row.textContent.toLowerCase(),
  }));
  const whole = byId('count').textContent;
  const apply = () => {
    const words = byId('query').value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const { row, text } of rows) {
      const fits =
        words.every((word) => text.includes(word)) &&
        (byId('arch').value === '' || row.dataset.arches.split(' ').includes(byId('arch').value)) &&
        (byId('license').value === '' || row.dataset.license === byId('license').value) &&
        (!byId('starts').checked || 'starts' in row.dataset);
      row.hidden = !fits;
      if (fits) shown++;
    }
    byId('count').textContent = shown === rows.length ? whole : `${shown} of ${whole}`;
    byId('none').hidden = shown > 0;
  };
  byId('filter').addEventListener('input', apply);
  byId('filter').addEventListener('submit', (event) => event.preventDefault());
  apply(); // What a browser filled in again.
}

/** A text that names one image, about another one. */
function withImage(text, from, to) {
  const values = { [from.url]: to.url, [from.file]: to.file, [from.sha256]: to.sha256 };
  const any = Object.keys(values).map((one) => one.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return text.replaceAll(new RegExp(any.join('|'), 'g'), (found) => values[found]);
}

function install() {
  const groups = JSON.parse(byId('snippets').textContent);
  const blocks = [...document.querySelectorAll('[id^="text-"]')];
  const marks = { url: '@url@', file: '@file@', sha256: '@sha256@' };
  groups[0].kept = Object.fromEntries(
    blocks.map((block) => [block.id.slice(5), withImage(block.textContent, groups[0].shown, marks)]),
  );
  const images = [...document.querySelectorAll('.images > [data-group]')].map((item) => {
    const url = item.querySelector('a').getAttribute('href');
    const sha256 = item.querySelector('code').textContent;
    return {
      version: item.closest('[id]').id,
      arch: item.querySelector('a').textContent,
      group: item.dataset.group,
      image: { url, file: url.slice(url.lastIndexOf('/') + 1), sha256 },
    };
  });
  const apply = () => {
    const arch = byId('arch').value;
    const choice = byId('version').selectedOptions[0];
    const found = images.find((one) => one.version === choice.value && one.arch === arch);
    for (const block of blocks)
      block.textContent = found
        ? textOf(block.id.slice(5), found, choice)
        : `# This version was not published for ${arch}.\n`;
  };
  const textOf = (way, { group, image }, { dataset: { stream }, value }) => {
    const { name, kept, fixed } = groups[group];
    if (way === 'sysupdate' && stream === undefined)
      return `# ${value} is never replaced: systemd-sysupdate has nothing to do with it.\n`;
    const text = stream === undefined && way !== 'uninstall' ? fixed[way] : kept[way];
    const streamed = stream
      ? text
          .replaceAll(`${name}-@v-`, `${name}-${stream}@v-`)
          .replaceAll(`${name}-%40v-`, `${name}-${stream}%40v-`)
      : text;
    return withImage(streamed, marks, image);
  };
  byId('version').addEventListener('change', apply);
  byId('arch').addEventListener('change', apply);
  apply();
}

function compose() {
  const { common, versions, extensions } = JSON.parse(byId('parts').textContent);
  const apply = () => {
    const ticked = new Set(
      [...document.querySelectorAll('[name="extension"]:checked')].map(({ value }) => value),
    );
    const chosen = extensions.filter(({ name }) => ticked.has(name));
    const arch = byId('arch').value;
    byId('remarks').replaceChildren(
      ...remarks(chosen, ticked, arch).map((text) => {
        const item = document.createElement('li');
        item.textContent = text;
        return item;
      }),
    );
    byId('composed').textContent = composed(
      chosen.filter(({ images }) => arch in images),
      arch,
    );
  };
  const composed = (chosen, arch) => {
    if (chosen.length === 0) return '# Tick an extension.\n';
    const variant = byId('variant').value;
    const flatcar = variant === 'flatcar';
    const parts = chosen.map(({ images, parts: all }) => {
      const { part, ...image } = images[arch];
      const { own, image: from } = all[part];
      return { ...own, files: withImage(own.files, from, image), links: withImage(own.links, from, image) };
    });
    const join = (key) => parts.map((one) => one[key]).join('');
    const masks = [...new Set(join('masks').split(/^(?= {4}- )/m))].join('');
    return [
      `variant: ${variant}\nversion: ${versions[variant]}\n`,
      `storage:\n  files:\n${join('files')}${common}  links:\n${join('links')}${flatcar ? masks : ''}`,
      'systemd:\n  units:\n',
      flatcar ? '' : '    - name: systemd-sysext.service\n      enabled: true\n',
      '    - name: systemd-sysupdate.timer\n      enabled: true\n',
      `    - name: systemd-sysupdate.service\n      dropins:\n${join('dropins')}${join('units')}`,
    ].join('');
  };
  byId('compose').addEventListener('input', apply);
  byId('compose').addEventListener('submit', (event) => event.preventDefault());
  apply();
}

function because({ why }) {
  return why ? `: ${why}.` : '.';
}

function remarks(chosen, ticked, arch) {
  // Most pairs are told by both.
  const isSaid = (other, name) =>
    other < name &&
    chosen.some(
      (one) =>
        one.name === other && one.conflicts.some((two) => two.name === name && two.arches.includes(arch)),
    );
  return chosen.flatMap(({ name, images, conflicts, requires }) => [
    ...(arch in images ? [] : [`${name} is not published for ${arch} and left out.`]),
    ...conflicts
      .filter((other) => other.arches.includes(arch) && ticked.has(other.name) && !isSaid(other.name, name))
      .map((other) => `${name} does not go together with ${other.name}${because(other)}`),
    ...requires
      .filter((other) => other.arches.includes(arch) && !ticked.has(other.name))
      .map((other) => `${name} needs ${other.name}${because(other)}`),
  ]);
}
