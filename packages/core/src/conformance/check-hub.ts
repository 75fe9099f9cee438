import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { fileUrls } from '../hub/address.ts';
import { listedExtensions } from '../hub/listed-extensions.ts';
import { globalTag, manifestName } from '../names/manifest-name.ts';
import type { Exec } from '../ports/exec.ts';
import type { Http } from '../ports/http.ts';
import type { Report } from '../ports/report.ts';
import { checkPresent } from './answer-rules.ts';
import { checkExtension, type CheckedExtension } from './check-extension.ts';
import { complain } from './complain.ts';
import { readManifest, type ManifestLine } from './manifest-rules.ts';
import { read } from './observe.ts';

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
}

export interface ConformanceContext {
  readonly http: Http;
  readonly exec: Exec;
  readonly report: Report;
  /** For scratch files. */
  readonly tmpdir: string;
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
  const { index, complaints } = await readGlobal(request, context);
  const names = asked.length > 0 ? asked : listedExtensions(index?.lines ?? [], known);
  const extensions: CheckedExtension[] = [];
  for (const name of names) {
    const work = () => checkExtension(name, index, request, context);
    extensions.push(await context.report.group(`Check ${name}`, work));
  }
  return {
    url,
    extensions,
    complaints: [...complaints, ...extensions.flatMap((extension) => extension.complaints)],
  };
}

async function readGlobal(
  { url, extensions, today }: ConformanceRequest,
  { http }: ConformanceContext,
): Promise<{ readonly index: Index | undefined; readonly complaints: readonly Diagnostic[] }> {
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
      return { index: { folder, lines }, complaints: none ? [nothing] : complaints };
    }
    problems = problems.length === 0 || problems[0]?.code === 'hub.answer-missing' ? wrong : problems;
  }
  // Who names extensions may not care for the index of everything.
  const severity = extensions.length === 0 ? 'error' : 'warning';
  return { index: undefined, complaints: problems.map((problem) => ({ ...problem, severity })) };
}
