export { formatManifest } from '../sysupdate/manifest.ts';
export { type Stream, streamsOf } from '../sysupdate/streams.ts';
export {
  noopTransfer,
  noopTransfers,
  type TextFile,
  transferFiles,
  transferText,
} from '../sysupdate/transfer.ts';
