/** Lone surrogates and U+0000 are no text: neither UTF-8 nor the database can hold them. */
export const isStorableText = (text: string): boolean => text.isWellFormed() && !text.includes('\0');
