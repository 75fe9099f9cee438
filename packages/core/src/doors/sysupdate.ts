export { formatManifest } from '../sysupdate/manifest.ts';
export { type Stream, streamsOf } from '../sysupdate/streams.ts';
export {
  linkEnds,
  noopTransfer,
  noopTransfers,
  type TextFile,
  transferFiles,
  transferText,
} from '../sysupdate/transfer.ts';
