import { jsonOrNothing } from '../../language/foreign-data.ts';
import { inputsName } from '../../names/file-names.ts';
import { tagOf } from '../../names/tag.ts';
import { Inputs } from '../../provenance/inputs.ts';
import type { Store } from '../../store/store.ts';

/** What a published version was made from; `undefined` when nobody recorded it so that it can be read. */
export async function readRecord(name: string, version: string, store: Store): Promise<Inputs | undefined> {
  const text = await store.read(tagOf({ name, version }), inputsName(name, version));
  return Inputs.safeParse(jsonOrNothing(text ?? '')).data;
}
