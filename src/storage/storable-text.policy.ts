const REPLACEMENT = '\ufffd';

/** A text as PostgreSQL stores it: neither U+0000 nor half a character (§8.3), which models do write. They become U+FFFD. */
export const storableText = (text: string): string => text.toWellFormed().replaceAll('\0', REPLACEMENT);
