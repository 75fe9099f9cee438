import { InvalidArgumentError } from 'commander';

interface Schema<T> {
  safeParse(text: string): {
    readonly data?: T | undefined;
    readonly error?: { readonly issues: readonly { readonly message: string }[] } | undefined;
  };
}

/** For an option of commander: its value as `schema` reads it. */
export function parsedBy<T>(schema: Schema<T>): (text: string) => T {
  return (text) => {
    const { data, error } = schema.safeParse(text);
    if (data === undefined) throw new InvalidArgumentError(error?.issues[0]?.message ?? 'cannot be read');
    return data;
  };
}
