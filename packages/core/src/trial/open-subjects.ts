import { UserError } from '../diagnostics/user-error.ts';
import type { RoomContext } from '../image/room.ts';
import { type ImageToTry, type OpenSubject, openSubject } from './open-subject.ts';

/** Images that are tried together, each of another name. */
export async function openSubjects(
  images: readonly ImageToTry[],
  context: RoomContext,
): Promise<AsyncDisposable & { readonly all: readonly OpenSubject[] }> {
  await using stack = new AsyncDisposableStack();
  const all: OpenSubject[] = [];
  for (const image of images) {
    const subject = stack.use(await openSubject(image, context));
    if (all.some(({ name }) => name === subject.name)) {
      const message = `${image.path}: expected each extension once, got ${subject.name} again`;
      throw new UserError('input.invalid', message);
    }
    all.push(subject);
  }
  const owned = stack.move();
  return { all, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
