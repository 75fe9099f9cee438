export { attestable, type Attestable, type AttestMode } from '../provenance/attestable.ts';
export { formatInputs, ImageInputs } from '../provenance/inputs.ts';
export { type ProvenImage, verifyProvenance } from '../provenance/verify-provenance.ts';
