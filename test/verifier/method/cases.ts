/** Worked examples of the verifier's own steps. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

/** What a file of `test/verifier/cases` holds. */
export const casesOf = (name: string): unknown =>
  parse(readFileSync(join(import.meta.dirname, '../cases', `${name}.yaml`), 'utf8'))
