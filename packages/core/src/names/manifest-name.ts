/** File name of every manifest; systemd-sysupdate has it built in. */
export const manifestName = 'SHA256SUMS';
/** Tag of the release that indexes everything. */
export const globalTag = 'SHA256SUMS';
