/** ENTRY: checks the bundle of a settlement, offline: needs this folder and Node.js (22.18 or later runs it as it is), no package,
 *  no database, no network. It was written from the page that describes the method and shares no code with what it checks.
 *
 *  `node verifier/verify.ts FILE` exits with 0 if every hash, statistic and cent agrees, 1 if not, naming what differs. */
import { pathToFileURL } from 'node:url'
import { compareDocuments, type Compared } from './compare.ts'
import { readContainer } from './bundle/container.ts'
import { type Finding, Findings } from './bundle/findings.ts'
import type { VersionedBundle } from './method/version.ts'
import { checkLedger, type PaidPartner } from './ledger.ts'
import type { TakeLine } from './bundle/container.ts'
import { InsurerReader } from './insurer.ts'
import { BundleReader } from './bundle/read-bundle.ts'
import { settlementOf } from './method/settlement.ts'

export interface Verdict {
  readonly agrees: boolean
  readonly settlementId: string | null
  /** of the bundle of one insurer: whose amounts they are; null: of the whole settlement */
  readonly insurer: string | null
  /** the version of the method that it was held to; null: none that is known, or the bundle of one insurer */
  readonly method: number | null
  /** of what the bundle says; to be compared with the one printed when the bundle was made */
  readonly contentSha256: string
  readonly patients: number
  readonly partners: number
  readonly paymentCents: number | null
  /** numbers of settlement.json */
  readonly numbers: Compared
  /** the settlement's place in the ledger: the hashes before its first and of its last entry */
  readonly chain: { readonly from: string; readonly to: string } | null
  /** those kept, and how many there are */
  readonly findings: readonly Finding[]
  readonly findingsInAll: number
}

export async function verifyBundle(path: string): Promise<Verdict> {
  const findings = new Findings()
  const reader = new BundleReader(findings)
  const insurerReader = new InsurerReader(findings)
  let isInsurers = false
  // Which of the two bundles it is, its second part says; the first, of the same name in both, is kept for either.
  const open = (name: string): TakeLine => {
    if (name === 'bundle.json') {
      const takes = [reader.open(name), insurerReader.open(name)]
      return (line) => takes.forEach((take) => take(line))
    }
    isInsurers ||= name === 'amounts.json'
    return (isInsurers ? insurerReader : reader).open(name)
  }
  const contentSha256 = await readContainer(path, open, findings)
  if (isInsurers) return insurersVerdict(insurerReader, contentSha256, findings)
  const bundle = attempt(findings, 'bundle', () => reader.bundle())
  const numbers = bundle && attempt(findings, 'settlement.json', () => checkSettlement(bundle, findings))
  if (!numbers && findings.total === 0)
    findings.add({ part: 'bundle', partner: null, field: 'parts', found: 'none', recomputed: 'a settlement' })
  const ledger = bundle?.ledger ?? []
  return {
    agrees: findings.total === 0,
    settlementId: bundle?.head.settlement_id ?? null,
    insurer: null,
    method: bundle?.version.number ?? null,
    contentSha256,
    patients: bundle?.year.patients ?? 0,
    partners: bundle?.partners.filter(({ role }) => role === 'contract').length ?? 0,
    paymentCents: numbers?.paymentCents ?? null,
    numbers: numbers?.compared ?? { numbers: 0, identical: 0, furthest: 0 },
    chain: ledger.length === 0 ? null : { from: ledger[0]!.previous_hash, to: ledger.at(-1)!.hash },
    findings: findings.kept,
    findingsInAll: findings.total,
  }
}

function insurersVerdict(reader: InsurerReader, contentSha256: string, findings: Findings): Verdict {
  const found = attempt(findings, 'bundle', () => reader.verdict())
  if (!found && findings.total === 0)
    findings.add({ part: 'bundle', partner: null, field: 'parts', found: 'none', recomputed: 'amounts of an insurer' })
  return {
    agrees: findings.total === 0,
    settlementId: found?.settlementId ?? null,
    insurer: found?.insurer ?? null,
    method: null,
    contentSha256,
    patients: 0,
    partners: found?.partners ?? 0,
    paymentCents: found?.paymentCents ?? null,
    numbers: { numbers: found?.numbers ?? 0, identical: 0, furthest: 0 },
    chain: null,
    findings: findings.kept,
    findingsInAll: findings.total,
  }
}

function checkSettlement(bundle: VersionedBundle, findings: Findings): { compared: Compared; paymentCents: number } {
  const recomputed = settlementOf(bundle)
  const found: unknown = JSON.parse(bundle.settlement)
  const text = `${JSON.stringify(found, null, 2)}\n`
  if (text !== bundle.settlement)
    findings.add({
      part: 'settlement.json',
      partner: null,
      field: 'text',
      found: 'another layout',
      recomputed: 'two spaces',
    })
  const compared = compareDocuments(found, recomputed, findings)
  checkLedger(bundle, recomputed.partners as readonly PaidPartner[], findings)
  return { compared, paymentCents: (recomputed.totals as { payment_cents: number }).payment_cents }
}

/** Whatever a part says that cannot even be read is a finding, not an accident. */
function attempt<T>(findings: Findings, part: string, work: () => T): T | null {
  try {
    return work()
  } catch (error) {
    findings.add({ part, partner: null, field: 'reading', found: String(error), recomputed: 'what can be read' })
    return null
  }
}

/** The verdict in lines that a person reads. */
export function verdictText(verdict: Verdict): string {
  const { agrees, settlementId, insurer, method, contentSha256, patients, partners, paymentCents, numbers, chain } =
    verdict
  const of = insurer === null ? '' : `, the amounts of insurer ${insurer}`
  const by = method === null ? '' : `, by version ${method} of the method`
  const lines = [
    `${agrees ? 'AGREES' : 'DIFFERS'}: settlement ${settlementId ?? '(none)'}${of}${by}`,
    `content ${contentSha256 || '(not read to its end)'}`,
    insurer === null
      ? `${patients} patients, ${partners} partners; ${numbers.numbers} numbers recomputed, ${numbers.identical} of them the same to the last bit, the furthest ${numbers.furthest.toExponential(1)} apart`
      : `${partners} partners that can be shown; ${numbers.numbers} numbers looked at`,
  ]
  if (paymentCents !== null) lines.push(`payments recomputed: ${(paymentCents / 100).toFixed(2)} EUR in all`)
  if (chain) lines.push(`ledger: continues ${chain.from}, ends at ${chain.to}`)
  for (const { part, partner, field, found, recomputed } of verdict.findings)
    lines.push(
      `  ${part}${partner === null ? '' : `, ${partner}`}, ${field}: found ${shown(found)}, recomputed ${shown(recomputed)}`,
    )
  if (verdict.findingsInAll > verdict.findings.length)
    lines.push(`  and ${verdict.findingsInAll - verdict.findings.length} more of the same kinds`)
  return `${lines.join('\n')}\n`
}

const shown = (value: unknown): string => {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing')
  return text === '' ? "''" : text.length > 200 ? `${text.slice(0, 200)} …` : text
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [, , path] = process.argv
  if (path === undefined) {
    process.stderr.write('usage: verify FILE\n')
    process.exitCode = 2
  } else {
    const verdict = await verifyBundle(path)
    process.stdout.write(verdictText(verdict))
    process.exitCode = verdict.agrees ? 0 : 1
  }
}
