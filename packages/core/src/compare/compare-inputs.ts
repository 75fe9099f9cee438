import type { ImageInputs, Inputs } from '../provenance/inputs.ts';
import type { BuildRecord } from '../steps/build-record.ts';

/** One thing that an image is made of, and what stood there before and stands there now. */
export interface ChangedInput {
  /** `artifact`, `option greeting`, `tool` … */
  readonly what: string;
  readonly from?: string;
  readonly to?: string;
}

/** The record of one image, with what it shares with the others of its version where that is known. */
export interface ImageRecord {
  readonly image: ImageInputs;
  readonly version?: Pick<Inputs, 'bakery' | 'recipe'>;
}

/** Compares what two images are made of; what they are, file for file, is another question. */
export function compareInputs(from: ImageRecord, to: ImageRecord): readonly ChangedInput[] {
  return [
    ...compareArtifacts(from.image.artifacts, to.image.artifacts),
    ...compareFacts(factsOf(from.image), factsOf(to.image)),
    ...compareFacts(recordOf(from.image.libraries), recordOf(to.image.libraries)),
    ...compareFacts(recordOf(from.image.packing), recordOf(to.image.packing)),
    ...compareFacts(originOf(from.version), originOf(to.version)),
  ];
}

type Artifacts = ImageInputs['artifacts'];

/** An artifact of another version has another URL: what is left on both sides goes together in the order of the recipe. */
function compareArtifacts(from: Artifacts, to: Artifacts): readonly ChangedInput[] {
  const replaced = from.flatMap(({ url, sha256 }) => {
    const now = to.find((other) => other.url === url);
    if (now === undefined || now.sha256 === sha256) return [];
    return [{ what: `artifact ${url}`, from: `sha256:${sha256}`, to: `sha256:${now.sha256}` }];
  });
  const gone = from.filter(({ url }) => to.every((other) => other.url !== url));
  const come = to.filter(({ url }) => from.every((other) => other.url !== url));
  const moved = Array.from({ length: Math.max(gone.length, come.length) }, (_, index) =>
    change('artifact', gone[index]?.url, come[index]?.url),
  );
  return [...replaced, ...moved];
}

function factsOf(image: ImageInputs): ReadonlyMap<string, string> {
  return new Map([
    ...Object.entries(image.options).map(([name, value]) => [`option ${name}`, value] as const),
    ...(image.builds ?? []).flatMap(buildFacts),
    ['format', image.format],
    ['epoch', String(image.epoch)],
    ['tool', image.tool],
  ]);
}

/** Who made it from which recipe. */
function originOf(version: ImageRecord['version']): ReadonlyMap<string, string> | undefined {
  if (version === undefined) return undefined;
  const { recipe, bakery } = version;
  return new Map([
    ['recipe', recipe.commit ?? `sha256:${recipe.sha256}`],
    ...(bakery === undefined ? [] : [['bakery', bakery.commit ?? bakery.version] as const]),
  ]);
}

/** Earlier records have neither libraries nor how an image was packed. */
function recordOf(
  facts: Readonly<Record<string, string | number | undefined>> | undefined,
): ReadonlyMap<string, string> | undefined {
  return facts && new Map(Object.entries(facts).map(([name, value]) => [name, String(value)]));
}

function buildFacts({ image, sources = [], suite, packages = [] }: BuildRecord): [string, string][] {
  return [
    ...(image === undefined ? [] : [[`image ${image.reference}`, image.id] as [string, string]]),
    ...sources.map(({ url, ref, commit }): [string, string] => [`source ${url}`, `${ref} (${commit})`]),
    ...(suite === undefined ? [] : [['suite', suite] as [string, string]]),
    ...packages.map((line): [string, string] => {
      const [name = '', ...version] = line.split(' ');
      return [`package ${name}`, version.join(' ')];
    }),
  ];
}

/** Nothing is said where one side is not known. */
function compareFacts(
  from: ReadonlyMap<string, string> | undefined,
  to: ReadonlyMap<string, string> | undefined,
): readonly ChangedInput[] {
  if (from === undefined || to === undefined) return [];
  const names = [...new Set([...from.keys(), ...to.keys()])];
  return names
    .filter((what) => from.get(what) !== to.get(what))
    .map((what) => change(what, from.get(what), to.get(what)));
}

function change(what: string, from: string | undefined, to: string | undefined): ChangedInput {
  return { what, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}
