/** The values of headers that no message may show. */
export function secretsOf(headers: Readonly<Record<string, string>>): string[] {
  return Object.entries(headers)
    .filter(([name]) => /auth|cookie|key|token|secret/.test(name))
    .flatMap(([, value]) => [value, value.replace(/^\w+ /, '')]);
}
