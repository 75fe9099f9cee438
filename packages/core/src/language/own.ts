/**
 * What a record has itself under a name from outside: plain objects also have what every object has, so that an
 * extension called `constructor` would be found in all of them.
 */
export function own<Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
