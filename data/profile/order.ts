/** Texts in the order of their UTF-8 bytes, as the database's "C" has them. */
export const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))
