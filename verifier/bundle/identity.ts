/** The hashes that a settlement goes by are those of what is here. */
import { canonical, type Contract, sha256 } from '../method/contract.ts'
import type { Findings } from './findings.ts'
import type { Head } from '../method/inputs.ts'
import type { Version } from '../method/version.ts'

/** A contract's hash is over its canonical text, a settlement's id over its inputs and the engine's version. */
export function checkIdentity(head: Head, contract: Contract, findings: Findings): void {
  const contractSha256 = sha256(canonical(contract))
  const inputs = {
    region: head.region,
    contractSha256,
    asOf: head.as_of,
    datasetSha256: head.dataset_sha256,
    engineVersion: head.engine_version,
    ...(head.corrects === undefined ? {} : { corrects: head.corrects }),
  }
  const check = (part: string, field: string, found: string, recomputed: string) => {
    if (found !== recomputed) findings.add({ part, partner: null, field, found, recomputed })
  }
  check('contract.json', 'contract_sha256', head.contract_sha256, contractSha256)
  check('bundle.json', 'settlement_id', head.settlement_id, sha256(canonical(inputs)))
}

/** Clauses that version 2 brought. */
const SINCE_VERSION_2 = ['term', 'index', 'inclusion', 'excessMissing'] as const

/** A contract says nothing that the version of its settlement does not know. */
export function checkClauses(contract: Contract, { number }: Version, findings: Findings): void {
  checkPrices(contract, findings)
  if (number > 1) return
  for (const clause of SINCE_VERSION_2) {
    if (!(clause in contract)) continue
    const [found, recomputed] = [contract[clause], `no clause of version ${number}`]
    findings.add({ part: 'contract.json', partner: null, field: clause, found, recomputed })
  }
}

/** A price in QALY is what a QALY costs times what a unit is worth. */
function checkPrices(contract: Contract, findings: Findings): void {
  for (const { measure, priceEur, exchange } of contract.outcomes ?? []) {
    const recomputed = exchange === undefined ? priceEur : exchange.qalyEur * exchange.rate
    if (!(Math.abs(priceEur - recomputed) <= 1e-9 * Math.abs(recomputed)))
      findings.add({ part: 'contract.json', partner: null, field: `${measure}.priceEur`, found: priceEur, recomputed })
  }
}
