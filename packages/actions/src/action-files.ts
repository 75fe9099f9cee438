/** The actions: each is packages/actions/src/NAME.ts and actions/NAME/action.yml, `bake` being the umbrella. */
export const actionEntries = [
  'check-releases',
  'build-sysext',
  'publish-release',
  'update-metadata',
  'summarize-run',
  'bake',
] as const;

/** Folder of an action’s action.yml and README.md, relative to the repository. */
export function actionFolder(name: (typeof actionEntries)[number]): string {
  return name === 'bake' ? '.' : `actions/${name}`;
}

/** The umbrella’s page is not the README of the whole project. */
export function readmeOf(name: (typeof actionEntries)[number]): string {
  return name === 'bake' ? 'docs/actions.md' : `${actionFolder(name)}/README.md`;
}
