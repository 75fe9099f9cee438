/** actions/attest as its action.yml has it at the commit that bake.yaml pins. */
export const attestAction = {
  uses: 'actions/attest@1e69f48acb82d1966a394da916b4c1698aa569d6',
  version: 'v4.2.2',
  inputs: [
    'subject-path',
    'subject-digest',
    'subject-name',
    'subject-checksums',
    'subject-version',
    'sbom-path',
    'predicate-type',
    'predicate',
    'predicate-path',
    'push-to-registry',
    'create-storage-record',
    'show-summary',
    'github-token',
  ],
  outputs: ['bundle-path', 'attestation-id', 'attestation-url', 'storage-record-ids'],
};
