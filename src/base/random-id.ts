/** A uuid. A page that was not loaded over https has no `crypto.randomUUID`, and a script may have no `crypto` at all. */
export function randomId(): string {
  const source: Partial<typeof globalThis.crypto> | undefined = globalThis.crypto;
  if (source?.randomUUID) return source.randomUUID();
  const bytes = new Uint8Array(16);
  for (const index of bytes.keys()) bytes[index] = Math.random() * 256;
  source?.getRandomValues?.(bytes);
  // version 4, variant 1
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
