/** An opaque id in the style of GitHub’s global node ids. */
export function nodeId(type: string, id: number | string): string {
  return Buffer.from(`${type}:${id}`).toString('base64');
}
