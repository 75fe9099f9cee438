/** The actions: each is packages/actions/src/NAME.ts and actions/NAME/action.yml, `bake` being the umbrella. */
export const actionEntries = [
  'check-releases',
  'build-sysext',
  'publish-release',
  'update-metadata',
  'bake',
] as const;

/** Folder of an action’s action.yml and README.md, relative to the repository. */
export function actionFolder(name: (typeof actionEntries)[number]): string {
  return name === 'bake' ? '.' : `actions/${name}`;
}
