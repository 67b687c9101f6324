/** Whether the same request may be answered otherwise in a moment. */
export function isPassing(status: number): boolean {
  return status >= 500 || [408, 425, 429].includes(status);
}
