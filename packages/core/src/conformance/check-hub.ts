import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { fileUrls } from '../hub/address.ts';
import { listedExtensions } from '../hub/listed-extensions.ts';
import { globalTag, manifestName } from '../names/manifest-name.ts';
import { ringNames } from '../names/ring-names.ts';
import type { Exec } from '../ports/exec.ts';
import type { Http } from '../ports/http.ts';
import type { Report } from '../ports/report.ts';
import type { Ring } from '../signing/ring.ts';
import { checkPresent } from './answer-rules.ts';
import { checkCatalogue } from './catalogue-rules.ts';
import { checkExtension, type CheckedExtension } from './check-extension.ts';
import { complain } from './complain.ts';
import { readManifest, type ManifestLine } from './manifest-rules.ts';
import { read } from './observe.ts';
import { checkRing } from './ring-rules.ts';
import { checkSignatures } from './signature-rules.ts';

export interface ConformanceRequest {
  /** What all URLs of the bakery begin with. */
  readonly url: string;
  /** All the hub lists, when there are none. */
  readonly extensions: readonly string[];
  /** Download every image and compare its hash. */
  readonly deep: boolean;
  /** Ask this machine’s systemd-sysupdate too. */
  readonly systemd: boolean;
  /** Names that extensions are known to have. */
  readonly known: readonly string[];
  /** `YYYY-MM-DD` */
  readonly today: string;
  /** The public keys that hosts have; those the hub hands out when there are none. */
  readonly ring?: Ring;
}

export interface ConformanceContext {
  readonly http: Http;
  readonly exec: Exec;
  readonly report: Report;
  /** For scratch files. */
  readonly tmpdir: string;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

export interface Conformance {
  readonly url: string;
  readonly extensions: readonly CheckedExtension[];
  readonly complaints: readonly Diagnostic[];
}

/** What a folder of a hub says of itself. */
export interface Index {
  /** URL of the folder, ending in `/`. */
  readonly folder: string;
  readonly lines: readonly ManifestLine[];
}

/** Checks what a hub serves by what systemd-sysupdate makes of it. */
export async function checkHub(
  request: ConformanceRequest,
  context: ConformanceContext,
): Promise<Conformance> {
  const { url, extensions: asked, known } = request;
  const { index, bytes, complaints, isUnreachable = false } = await readGlobal(request, context);
  if (isUnreachable) return { url, extensions: [], complaints };
  const theirs = await checkRing(url, context);
  const hub = { everything: index, ring: request.ring ?? theirs.ring };
  const signatures =
    index === undefined || bytes === undefined
      ? undefined
      : await checkSignatures(bytes, index.folder, hub.ring, context);
  const ofCatalogue = index === undefined ? [] : await checkCatalogue(index, context.http);
  const names = asked.length > 0 ? asked : listedExtensions(index?.lines ?? [], known);
  const extensions: CheckedExtension[] = [];
  for (const name of names) {
    const work = () => checkExtension(name, hub, request, context);
    extensions.push(await context.report.group(`Check ${name}`, work));
  }
  const isSigned = signatures?.found === true || extensions.some((extension) => extension.isSigned);
  const missing = complain(
    'ring-missing',
    'warning',
    url,
    ringNames.join(' and '),
    'neither; no signature was checked',
  );
  return {
    url,
    extensions,
    complaints: [
      ...complaints,
      ...theirs.complaints,
      ...(isSigned && hub.ring === undefined && theirs.complaints.length === 0 ? [missing] : []),
      ...(signatures?.complaints ?? []),
      ...ofCatalogue,
      ...extensions.flatMap((extension) => extension.complaints),
    ],
  };
}

interface GlobalReading {
  /** Whether nobody is there, so that nothing else need be asked for. */
  readonly isUnreachable?: boolean;
  readonly index: Index | undefined;
  readonly bytes: Uint8Array | undefined;
  readonly complaints: readonly Diagnostic[];
}

async function readGlobal(
  { url, extensions, today }: ConformanceRequest,
  { http }: ConformanceContext,
): Promise<GlobalReading> {
  let problems: readonly Diagnostic[] = [];
  for (const place of fileUrls(url, globalTag, manifestName)) {
    const { observed, bytes } = await read(http, place);
    const wrong = checkPresent(observed);
    if (wrong.length === 0 && bytes !== undefined) {
      const { lines, complaints } = readManifest(bytes, place, today);
      const folder = place.slice(0, -manifestName.length);
      // Whoever names extensions needs no names from here, and other feeds have names of another form.
      const isSought = extensions.length === 0 && lines.length > 0 && complaints.length === 0;
      const none = isSought && listedExtensions(lines, []).length === 0;
      const nothing = complain('index-empty', 'error', place, 'images NAME-VERSION-ARCH.raw', 'none');
      return { index: { folder, lines }, bytes, complaints: none ? [nothing] : complaints };
    }
    problems = problems.length === 0 || problems[0]?.code === 'hub.answer-missing' ? wrong : problems;
    if (observed.kind === 'failed' && observed.isUnreachable === true)
      return { isUnreachable: true, index: undefined, bytes: undefined, complaints: wrong };
  }
  // Who names extensions may not care for the index of everything.
  const severity = extensions.length === 0 ? 'error' : 'warning';
  return {
    index: undefined,
    bytes: undefined,
    complaints: problems.map((problem) => ({ ...problem, severity })),
  };
}
