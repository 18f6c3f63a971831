/** The members that have a value. */
export type Given<T> = { -readonly [Name in keyof T]?: NonNullable<T[Name]> };

/** What a request says, without what it leaves out or calls `null`. */
export function given<T extends object>(members: T): Given<T> {
  const said: Given<T> = {};
  for (const name in members) if (members[name] != null) said[name] = members[name];
  return said;
}
