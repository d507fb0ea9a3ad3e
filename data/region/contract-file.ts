/** A contract file, read and hashed. */
import { createHash } from 'node:crypto'
import { parseDocument } from 'yaml'

import { canonicalJson } from '../../engine/kernel/canonical.ts'
import { contractOf } from '../../engine/contract/rules.ts'
import { yearsOf } from '../../engine/contract/term.ts'
import type { Contract } from '../../engine/contract/contract.ts'
import type { Programme } from '../../engine/contract/programme.ts'
import type { Fault } from '../../engine/kernel/document.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import { EXCHANGE } from '../exchange/exchange.ts'
import { readText } from '../files/text-file.ts'
import { linesOfPaths, yamlDocument } from '../yaml/yaml-document.ts'

export interface ContractFile {
  readonly contract: Contract
  /** the document as parsed, for the store */
  readonly document: unknown
  readonly yaml: string
  readonly contractSha256: string
}

/** sha256 of what a contract says, in hex: of its canonical JSON with every default filled in, so that comments, the
 *  order of keys and a default written out leave it as it is. */
const contractSha256Of = (contract: Contract): string =>
  createHash('sha256').update(canonicalJson(contract)).digest('hex')

/** The contract in a YAML text.
 *  @throws Refusal `invalid_yaml` or `invalid_contract`, naming the file */
export function contractFileOf(yaml: string, file: string, programmes: ReadonlyMap<string, Programme>): ContractFile {
  const document = yamlDocument(yaml, file)
  const contract = inFile(file, () => withLines(yaml, () => contractOf(document, programmes, EXCHANGE.rates)))
  return { contract, document, yaml, contractSha256: contractSha256Of(contract) }
}

/** Runs `read`, and lets each fault of a refusal say its line in the text too. */
function withLines<T>(yaml: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'invalid_contract') throw error
    const faults = (error.facts.faults ?? []) as readonly Fault[] // of refuseFaults
    const lines = linesOfPaths(
      yaml,
      faults.map(({ path }) => path),
    )
    const placed = faults.map((fault, i) => ({ ...fault, line: lines[i] }))
    throw new Refusal(error.code, error.message, { ...error.facts, faults: placed })
  }
}

/** The contract in a file.
 *  @throws Refusal `invalid_yaml` or `invalid_contract`, naming the file, and those of reading a text */
export async function readContractFile(
  path: string,
  programmes: ReadonlyMap<string, Programme>,
): Promise<ContractFile> {
  return contractFileOf(await readText(path), path, programmes)
}

/** A contract for every year of its term, in order: the same document with another period, and so another hash. Without a term: itself. */
export function yearsOfContract(
  { contract, yaml, ...file }: ContractFile,
  programmes: ReadonlyMap<string, Programme>,
): ContractFile[] {
  const { term, period } = contract
  if (term === undefined) return [{ contract, yaml, ...file }]
  return (yearsOf(term) ?? []).map(({ start, end }) => {
    if (start === period.start) return { contract, yaml, ...file }
    const document = parseDocument(yaml)
    document.setIn(['period', 'start'], start)
    document.setIn(['period', 'end'], end)
    return contractFileOf(String(document), `${contract.contract}, ${start} to ${end}`, programmes)
  })
}

/** Runs `read`, and lets a refusal of it begin with the file's name. */
export function inFile<T>(file: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof Refusal) throw new Refusal(error.code, `${file}: ${error.message}`, { file, ...error.facts })
    throw error
  }
}
