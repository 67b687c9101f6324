const signatures: readonly { type: string; at: number; bytes: string }[] = [
  { type: 'image/png', at: 0, bytes: '\x89PNG\r\n\x1a\n' },
  { type: 'image/jpeg', at: 0, bytes: '\xff\xd8\xff' },
  { type: 'image/webp', at: 8, bytes: 'WEBP' },
  { type: 'image/gif', at: 0, bytes: 'GIF8' },
  { type: 'image/bmp', at: 0, bytes: 'BM' },
  { type: 'video/mp4', at: 4, bytes: 'ftyp' },
];

/** The media type that a file's first bytes tell, or `undefined`. */
export function typeOfBytes(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 16)).toString('latin1');
  return signatures.find((signature) => head.startsWith(signature.bytes, signature.at))?.type;
}
