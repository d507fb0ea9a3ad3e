/** SHA-256 of a text, in hexadecimal: ids that a test can make up. */
import { createHash } from 'node:crypto'

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
