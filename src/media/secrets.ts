/** Shorter values, such as `mp4` or `true`, are no secrets. */
const shortestSecret = 6;

/**
 * The query of each address, its values, and the letters and digits of each value between other characters, which an
 * answer may escape. The longest come first, since a short secret may be part of a longer one.
 */
export function secretsIn(addresses: Iterable<string>): string[] {
  const secrets = [...addresses].flatMap((address) => {
    const { search, searchParams } = new URL(address);
    const values = [...searchParams.values()].flatMap((value) => [value, ...value.split(/[^a-z0-9]/i)]);
    return [search, ...values.filter(({ length }) => length >= shortestSecret)];
  });
  return secrets.sort((a, b) => b.length - a.length);
}
