import type { Host, Route } from './call.ts';

export interface Match {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

export type MatchRoute = (method: string, host: Host, path: string) => Match | undefined;

/** Finds the first route that fits. Parameters named here may hold slashes, encoded or not. */
const spanning = new Set(['path', 'ref', 'tag']);

export function routeTable(routes: readonly Route[]): MatchRoute {
  const compiled = routes.map((route) => ({ route, pattern: compile(route.template) }));
  return (method, host, path) => {
    for (const { route, pattern } of compiled) {
      if (route.method === method && route.host === host) {
        const groups = pattern.exec(path)?.groups;
        if (groups !== undefined) {
          const params = decodeAll(groups);
          return params === undefined ? undefined : { route, params };
        }
      }
    }
    return undefined;
  };
}

/** The name a route goes by in logs, counters and faults, such as `GET /repos/{owner}/{repo}/releases`. */
export function routeName(route: Route): string {
  return `${route.method} ${route.template}`;
}

function compile(template: string): RegExp {
  const source = template
    .split(/(\{\w+\})/)
    .map((part) => {
      const name = /^\{(\w+)\}$/.exec(part)?.[1];
      if (name === undefined) {
        return part.replaceAll('.', String.raw`\.`);
      }
      return `(?<${name}>${spanning.has(name) ? '.+' : '[^/]+'})`;
    })
    .join('');
  // The empty group makes `groups` an object for templates without parameters too.
  return new RegExp(`^${source}(?<_>)$`);
}

function decodeAll(groups: Readonly<Record<string, string>>): Record<string, string> | undefined {
  try {
    return Object.fromEntries(
      Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)]),
    );
  } catch (error) {
    if (error instanceof URIError) {
      return undefined;
    }
    throw error;
  }
}
