const secretName = /key|sig|token|cred|secret|auth/i;

/**
 * The query of each address, its values, and the letters and digits of each value between other characters, which an
 * answer may escape. The longest come first, since a short secret may be part of a longer one.
 */
export function secretsIn(addresses: Iterable<string>): string[] {
  const secrets = [...addresses].flatMap((address) => {
    const { search, searchParams } = new URL(address);
    const values = [...searchParams].flatMap(([name, value]) => {
      // shorter values, such as `mp4` or `true`, are no secrets
      const least = secretName.test(name) ? 4 : 6;
      const forms = [value, encodeURIComponent(value), ...value.split(/[^a-z0-9]/i)];
      return forms.filter(({ length }) => length >= least);
    });
    return [search, ...values.flatMap((value) => [value, value.toLowerCase(), value.toUpperCase()])];
  });
  return [...new Set(secrets)].sort((a, b) => b.length - a.length);
}
