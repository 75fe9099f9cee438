import { upstreamVersion } from '../names/revision.ts';
import { isSpdx } from '../recipe/license.ts';
import type { BuildRecord } from '../steps/build-record.ts';
import type { ImageInputs, Inputs } from './inputs.ts';
import { artifactPurl, goPurl } from './package-url.ts';

/** What of a recipe a bill of materials repeats. */
export interface Product {
  readonly name: string;
  readonly summary: string;
  readonly homepage: string;
  readonly license: string;
}

interface Component {
  readonly type: 'application' | 'file' | 'library' | 'container';
  readonly 'bom-ref': string;
  readonly name: string;
  readonly [key: string]: unknown;
}

interface Part {
  readonly component: Component;
  /** What it is made of. */
  readonly from: readonly Part[];
}

/**
 * The bill of materials of one version: its images, the artifacts, containers and git sources they were made from, and
 * the modules of programs in Go. CycloneDX 1.6, without serial number and time: the same record gives the same bytes.
 */
export function formatSbom(product: Product, inputs: Inputs): string {
  const images = Object.values(inputs.images)
    .filter((image) => image !== undefined)
    .map((image) => imagePart(image, inputs));
  const root: Part = { component: rootComponent(product, inputs), from: images };
  const parts = new Map<string, Part>();
  collect(root, parts);
  const { component, from } = root;
  parts.delete(component['bom-ref']);
  const others = [...parts.values()].toSorted((a, b) => (refOf(a) < refOf(b) ? -1 : 1));
  const bom = {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      ...toolsOf(inputs),
      component,
      properties: [
        property('recipe:sha256', inputs.recipe.sha256),
        ...optional('recipe:repository', inputs.recipe.repository),
        ...optional('recipe:commit', inputs.recipe.commit),
        ...optional('recipe:path', inputs.recipe.path),
      ],
    },
    components: others.map((part) => part.component),
    dependencies: [{ component, from }, ...others].map((part) => ({
      ref: refOf(part),
      ...(part.from.length === 0 ? {} : { dependsOn: [...new Set(part.from.map(refOf))].toSorted() }),
    })),
  };
  return `${JSON.stringify(bom, undefined, 2)}\n`;
}

function collect(part: Part, into: Map<string, Part>): void {
  if (into.has(refOf(part))) return;
  into.set(refOf(part), part);
  for (const one of part.from) collect(one, into);
}

function refOf({ component }: Part): string {
  return component['bom-ref'];
}

function rootComponent({ summary, homepage, license }: Product, { name, version }: Inputs): Component {
  return {
    type: 'application',
    'bom-ref': `${name}-${version}`,
    name,
    version,
    description: summary,
    licenses: isSpdx(license) ? [{ expression: license }] : [{ license: { name: license } }],
    externalReferences: [{ type: 'website', url: homepage }],
  };
}

function toolsOf({ bakery }: Inputs): object {
  if (bakery === undefined) return {};
  const { version, commit } = bakery;
  const tool = { type: 'application', name: 'sysext-bakery', version };
  const properties = optional('commit', commit);
  return { tools: { components: [{ ...tool, ...(properties.length === 0 ? {} : { properties }) }] } };
}

function imagePart(image: ImageInputs, version: Inputs): Part {
  const {
    file,
    sha256,
    format,
    tool,
    size,
    artifacts,
    builds = [],
    go = [],
    options,
    libraries = {},
  } = image;
  return {
    component: {
      type: 'file',
      'bom-ref': file,
      name: file,
      hashes: hashes(sha256),
      properties: [
        property('format', format),
        property('size', String(size)),
        property('tool', tool),
        ...Object.entries(libraries).map(([name, value]) => property(`library:${name}`, value)),
        ...Object.entries(options).map(([name, value]) => property(`option:${name}`, value)),
        ...builds.flatMap(({ unproved }) => optional('unproved', unproved)),
      ],
    },
    from: [
      ...artifacts.map((artifact) => artifactPart(artifact, version)),
      ...builds.flatMap(buildParts),
      ...go.map((program) => programPart(program, file)),
    ],
  };
}

function artifactPart({ url, sha256, proved }: ImageInputs['artifacts'][number], version: Inputs): Part {
  return {
    component: {
      type: 'file',
      'bom-ref': `sha256:${sha256}`,
      name: url,
      hashes: hashes(sha256),
      purl: artifactPurl(url, { name: version.name, version: upstreamVersion(version.version) }),
      properties: [property('proved', proved)],
    },
    from: [],
  };
}

function buildParts({ image, sources = [] }: BuildRecord): Part[] {
  const container: Part[] =
    image === undefined
      ? []
      : [
          {
            component: {
              type: 'container',
              'bom-ref': `container:${image.id}`,
              name: image.reference,
              version: image.id,
            },
            from: [],
          },
        ];
  const git = sources.map(({ url, ref, commit }): Part => {
    const properties = [property('ref', ref)];
    return {
      component: { type: 'file', 'bom-ref': `git:${url}@${commit}`, name: url, version: commit, properties },
      from: [],
    };
  });
  return [...container, ...git];
}

type Program = NonNullable<ImageInputs['go']>[number];

function programPart({ path, go, main, modules }: Program, file: string): Part {
  return {
    component: {
      type: 'application',
      'bom-ref': `${file}:${path}`,
      name: path,
      ...(main === undefined ? {} : { purl: goPurl(main) }),
      properties: [property('go', go)],
    },
    from: modules.map(modulePart),
  };
}

function modulePart(module: string): Part {
  const [name = '', version] = module.split('@');
  const purl = goPurl(module);
  return {
    component: {
      type: 'library',
      'bom-ref': purl,
      name,
      ...(version === undefined ? {} : { version }),
      purl,
    },
    from: [],
  };
}

function hashes(sha256: string): object[] {
  return [{ alg: 'SHA-256', content: sha256 }];
}

function property(name: string, value: string): { readonly name: string; readonly value: string } {
  return { name: `sysext-bakery:${name}`, value };
}

function optional(name: string, value: string | undefined): ReturnType<typeof property>[] {
  return value === undefined ? [] : [property(name, value)];
}
