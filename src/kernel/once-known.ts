/**
 * Uses a value as soon as it is known: at once when it is no promise. For steps that rarely wait: a promise costs a request
 * more than most of what is decided in it.
 */
export const onceKnown = <T, R>(value: T | Promise<T>, use: (value: T) => R | Promise<R>): R | Promise<R> =>
  value instanceof Promise ? value.then(use) : use(value);
