/** What a bakery has published, for programs: lies beside the index of everything and is written after it. */
export const catalogueName = 'catalogue.json';
