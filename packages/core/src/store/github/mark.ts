import { changeRelease, releaseByTag } from './remote-release.ts';
import type { Remote } from './remote.ts';

const titleEnd = ' (withdrawn)';
const notice = /^> \*\*Withdrawn\*\*: [^\n]*\n\n/;

/** Title and notes of a release say so; GitHub lets both be changed where files cannot be. */
export async function mark(remote: Remote, tag: string, withdrawn: string | undefined): Promise<void> {
  const release = await releaseByTag(remote, tag);
  if (release === undefined) return;
  const notes = release.notes.replaceAll('\r\n', '\n');
  const [title, text] = [release.title.replace(titleEnd, ''), notes.replace(notice, '')];
  const wanted =
    withdrawn === undefined
      ? { title, notes: text }
      : {
          title: title + titleEnd,
          notes: `> **Withdrawn**: ${withdrawn.replaceAll(/\s+/g, ' ')}\n\n${text}`,
        };
  if (wanted.title === release.title && wanted.notes === notes) return;
  await changeRelease(remote, release.id, { tag, ...wanted, newest: false });
}
