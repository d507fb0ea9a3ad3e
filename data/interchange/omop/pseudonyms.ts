/** Pseudonyms of 64 hexadecimals in the 50 characters that OMOP has for a source value: the same 256 bits in base64url. */

const prefix = 'hmac:'

/** An id as it fits; any other as it stands. */
export const shortened = (id: string): string =>
  /^[0-9a-f]{64}$/.test(id) ? prefix + Buffer.from(id, 'hex').toString('base64url') : id

/** The id before `shortened`. */
export const lengthened = (text: string): string =>
  /^hmac:[A-Za-z0-9_-]{43}$/.test(text) ? Buffer.from(text.slice(prefix.length), 'base64url').toString('hex') : text
