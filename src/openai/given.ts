/** The members that have a value. */
export type Given<T> = { -readonly [Name in keyof T]?: NonNullable<T[Name]> };

/** What a request says, without what it leaves out or calls `null`. */
export const given = <T extends object>(members: T): Given<T> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined && value !== null)) as Given<T>;
