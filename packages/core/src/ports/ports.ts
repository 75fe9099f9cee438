import type { Exec } from './exec.ts';
import type { Http } from './http.ts';
import type { Report } from './report.ts';

/** Everything of the outside world the domain touches beside the file system. */
export interface Ports {
  readonly exec: Exec;
  readonly http: Http;
  readonly report: Report;
}
