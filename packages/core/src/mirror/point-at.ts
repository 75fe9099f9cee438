/** The same transfer file with another place to get files from; `url` is a folder, ending in `/`. */
export function pointAt(text: string, url: string): string {
  let section = '';
  const lines = text.split('\n').map((line) => {
    section = /^\s*(\[.*\])\s*$/.exec(line)?.[1] ?? section;
    // `%` starts a specifier there.
    return section === '[Source]' && /^\s*Path\s*=/.test(line) ? `Path=${url.replaceAll('%', '%%')}` : line;
  });
  return lines.join('\n');
}
