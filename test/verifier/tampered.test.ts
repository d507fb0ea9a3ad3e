import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32, gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { randomOf } from '../../engine/kernel/random.ts'
import { type PartnerStatement, type Settlement, settlementText } from '../../engine/settlement/statement.ts'
import { writeBundleFile } from '../../data/files/bundle-file.ts'
import { verdictText, verifyBundle } from '../../verifier/verify.ts'
import {
  bundleParts,
  simulatedSettlement,
  type SimulatedSettlement,
} from '../support/settlements/simulated-settlement.ts'

// `npm run test:verify` asks for all of them
const tampered = Number(process.env.VERIFY_TAMPERED ?? 16)

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'winst-tampered-'))
})
afterAll(async () => await rm(folder, { recursive: true, force: true }))

type Parts = ReadonlyMap<string, string>

const bundled = async (parts: Parts): Promise<string> => {
  const path = join(folder, 'bundle.gz')
  await writeBundleFile(path, bundleParts(parts))
  return path
}

/** Changes the first row of a CSV part for which `change` gives another one. */
function inRows(
  parts: Parts,
  part: string,
  change: (row: Record<string, string>) => Record<string, string> | null,
): Parts | null {
  const [header = '', ...lines] = parts.get(part)!.trimEnd().split('\n')
  const columns = header.split(',')
  for (const [at, line] of lines.entries()) {
    // ids with a comma in quotes are left alone
    if (line.includes('"')) continue
    const row = Object.fromEntries(line.split(',').map((value, place) => [columns[place]!, value]))
    const changed = change(row)
    if (!changed) continue
    const told = columns.map((column) => changed[column] ?? row[column]!).join(',')
    return new Map([...parts, [part, `${[header, ...lines.with(at, told)].join('\n')}\n`]])
  }
  return null
}

function inSettlement(parts: Parts, change: (document: Settlement) => Settlement | null): Parts | null {
  const changed = change(JSON.parse(parts.get('settlement.json')!) as Settlement)
  return changed && new Map([...parts, ['settlement.json', settlementText(changed)]])
}

function inFirstPartner(parts: Parts, change: (partner: PartnerStatement) => PartnerStatement | null): Parts | null {
  return inSettlement(parts, ({ partners, ...rest }) => {
    const changed = partners.map(change)
    const at = changed.findIndex((each) => each !== null)
    return at < 0 ? null : { ...rest, partners: partners.with(at, changed[at]!) }
  })
}

const more = (text: string, by: number) => (Number(text) + by).toFixed(6)
const isEligible = ({ status }: Record<string, string>) => status === 'measured' || status === 'missing'

/** What somebody changes who then writes every hash and the seal anew; and what the verifier names. */
interface Forgery {
  readonly what: string
  readonly part: string
  readonly field: RegExp
  readonly forge: (parts: Parts, of: SimulatedSettlement) => Parts | null
}

const inExpectations = (
  what: string,
  field: RegExp,
  change: (row: Record<string, string>) => Record<string, string> | null,
): Forgery => ({ what, part: 'expectations.csv', field, forge: (parts) => inRows(parts, 'expectations.csv', change) })

const inStatement = (
  what: string,
  field: RegExp,
  change: (partner: PartnerStatement) => PartnerStatement | null,
): Forgery => ({ what, part: 'settlement.json', field, forge: (parts) => inFirstPartner(parts, change) })

const inLedger = (
  what: string,
  field: RegExp,
  change: (row: Record<string, string>) => Record<string, string> | null,
): Forgery => ({ what, part: 'ledger.csv', field, forge: (parts) => inRows(parts, 'ledger.csv', change) })

const forgeries: readonly Forgery[] = [
  inExpectations('a better contribution', /^contribution of u/, (row) =>
    row.contribution ? { ...row, contribution: more(row.contribution, 0.5) } : null,
  ),
  inExpectations('the last decimal of a contribution', /^contribution of u/, (row) =>
    row.contribution ? { ...row, contribution: more(row.contribution, 0.000001) } : null,
  ),
  inExpectations('a better gain', /^gain of u/, (row) => (row.gain ? { ...row, gain: more(row.gain, 1) } : null)),
  inExpectations('a lower expectation', /^gain of u/, (row) =>
    row.gain ? { ...row, expected_value: more(row.expected_value!, -1) } : null,
  ),
  inExpectations('a better result', /^realised_value of u/, (row) =>
    row.realised ? { ...row, realised_value: more(row.realised_value!, 1) } : null,
  ),
  inExpectations('a bad result gone missing', /^realised_on of u/, (row) =>
    row.status === 'measured' ? { ...row, status: 'missing' } : null,
  ),
  inExpectations('a result from another day', /^realised_on of u/, (row) =>
    row.realised_on ? { ...row, realised_on: '2031-01-01' } : null,
  ),
  inExpectations('a surer measurement', /^(contribution|measured_probability) of u/, (row) =>
    isEligible(row) ? { ...row, measured_probability: '0.050000' } : null,
  ),
  inExpectations('another model', /^model_id of u/, (row) => ({ ...row, model_id: 'f'.repeat(64) })),
  inExpectations('an index date before the contract', /^index_on of u/, (row) => ({ ...row, index_on: '2019-01-01' })),
  inExpectations('a patient of another practice', /^practice_id of u/, (row) =>
    row.partner_id === 'p1' ? { ...row, practice_id: 'r1' } : null,
  ),
  {
    what: 'a worse year before the contract',
    part: 'placebo.csv',
    field: /^contribution of u/,
    forge: (parts) =>
      inRows(parts, 'placebo.csv', (row) =>
        row.contribution ? { ...row, contribution: more(row.contribution, -1) } : null,
      ),
  },
  {
    what: 'a patient fewer',
    part: 'exposure.csv',
    field: /^patient/,
    forge: (parts) => {
      const lines = parts.get('exposure.csv')!.split('\n')
      return lines.length < 5 ? null : new Map([...parts, ['exposure.csv', lines.toSpliced(2, 1).join('\n')]])
    },
  },
  {
    what: 'a patient counted for two index dates',
    part: 'expectations.csv',
    field: /^(index_on|outcomes) of u/,
    forge: (parts, { input: { contract } }) => {
      if (contract.term || contract.index || contract.outcomes.length > 1) return null
      const lines = parts.get('expectations.csv')!.split('\n')
      if (lines.length < 6 || lines[2]!.includes('"')) return null
      const again = lines[2]!.replace(/\d{4}-\d\d-\d\d/, '2025-03-03')
      return new Map([...parts, ['expectations.csv', lines.toSpliced(3, 0, again).join('\n')]])
    },
  },
  {
    what: 'a death less',
    part: 'settlement.json',
    field: /^gates\.max_excess_deaths\.evidence$/,
    forge: (parts, { input: { contract } }) =>
      contract.gates.some(({ gate }) => gate === 'max_excess_deaths')
        ? inRows(parts, 'exposure.csv', (row) =>
            row.died === '1' && row.partner_id === 'p1' ? { ...row, died: '0' } : null,
          )
        : null,
  },
  {
    what: 'a day fewer',
    part: 'settlement.json',
    field: /patient_years$/,
    forge: (parts, { settlement }) => {
      const paid = settlement.partners.find(
        ({ eligible, patients }) => eligible > 0 && eligible === patients,
      )?.partner_id
      const own = new Set(
        parts
          .get('expectations.csv')!
          .split('\n')
          .filter((line) => line.split(',')[1] === paid)
          .map((line) => line.split(',')[0]),
      )
      return inRows(parts, 'exposure.csv', (row) =>
        own.has(row.patient_id) ? { ...row, exposure_days: String(Number(row.exposure_days) + 1) } : null,
      )
    },
  },
  {
    what: 'a better price',
    part: 'contract.json',
    field: /^contract_sha256$/,
    forge: (parts) =>
      new Map([...parts, ['contract.json', parts.get('contract.json')!.replace('"priceEur":', '"priceEur":1')]]),
  },
  {
    what: 'a later day of knowledge',
    part: 'bundle.json',
    field: /^settlement_id$/,
    forge: (parts) =>
      new Map([
        ...parts,
        ['bundle.json', parts.get('bundle.json')!.replace('"as_of": "2026-03-01"', '"as_of": "2026-03-02"')],
      ]),
  },
  {
    what: 'a partner that the contract does not have',
    part: 'partners.csv',
    field: /^role$/,
    forge: (parts) => inRows(parts, 'partners.csv', (row) => (row.role === '' ? { ...row, role: 'contract' } : null)),
  },
  {
    what: 'more claims beside it',
    part: 'settlement.json',
    field: /per_procedure_cents$/,
    forge: (parts) =>
      inRows(parts, 'partners.csv', (row) =>
        row.role === 'contract' ? { ...row, per_procedure_cents: `1${row.per_procedure_cents}` } : null,
      ),
  },
  {
    what: 'one more barred',
    part: 'settlement.json',
    field: /^excluded\.other_insurer\.patients$/,
    forge: (parts) =>
      inRows(parts, 'barred.csv', (row) =>
        row.reason === 'other_insurer' ? { ...row, patients: String(Number(row.patients) + 1) } : null,
      ),
  },
  inStatement('a cent more', /^payment_cents$/, (partner) => ({
    ...partner,
    payment_cents: partner.payment_cents + 1,
  })),
  inStatement('a smaller error', /\.se$/, (partner) =>
    partner.outcomes[0]?.se
      ? {
          ...partner,
          outcomes: [{ ...partner.outcomes[0], se: partner.outcomes[0].se * 0.999999 }, ...partner.outcomes.slice(1)],
        }
      : null,
  ),
  inStatement('a smaller variance of what is paid', /^outcomes\.\w+\.credible_variance$/, (partner) =>
    partner.outcomes[0]?.credible_variance
      ? {
          ...partner,
          outcomes: [
            { ...partner.outcomes[0], credible_variance: partner.outcomes[0].credible_variance * 0.999999 },
            ...partner.outcomes.slice(1),
          ],
        }
      : null,
  ),
  inStatement('a narrower interval', /^interval90_cents/, (partner) => ({
    ...partner,
    interval90_cents: [partner.interval90_cents[0] + 1, partner.interval90_cents[1]],
  })),
  inStatement('a gate passed', /^gates\..*passed$/, (partner) =>
    partner.gates[0]
      ? { ...partner, gates: [{ ...partner.gates[0], passed: !partner.gates[0].passed }, ...partner.gates.slice(1)] }
      : null,
  ),
  inStatement('a cent to another insurer', /^insurers\./, (partner) =>
    partner.insurers.length > 1
      ? {
          ...partner,
          insurers: partner.insurers.map((share, at) => ({ ...share, cents: share.cents + [1, -1, 0][at]! })),
        }
      : null,
  ),
  inStatement('another reason', /^reason$/, (partner) => (partner.reason ? { ...partner, reason: null } : null)),
  {
    what: 'another trend',
    part: 'settlement.json',
    field: /^outcomes\.\w+\.tau2$/,
    forge: (parts) =>
      inSettlement(parts, (document) => ({
        ...document,
        outcomes: document.outcomes.map((outcome) => ({ ...outcome, tau2: outcome.tau2 + 0.01 })),
      })),
  },
  {
    what: 'no year out of the ordinary',
    part: 'settlement.json',
    field: /^outcomes\.\w+\.kappa2$/,
    forge: (parts) =>
      inSettlement(parts, (document) =>
        document.outcomes.some(({ kappa2 }) => (kappa2 ?? 0) > 0)
          ? { ...document, outcomes: document.outcomes.map((outcome) => ({ ...outcome, kappa2: 0 })) }
          : null,
      ),
  },
  {
    what: 'an older version of the method',
    part: 'bundle.json',
    field: /^settlement_id$/,
    forge: (parts) =>
      new Map([
        ...parts,
        ['bundle.json', parts.get('bundle.json')!.replace(/"engine_version": "[^"]+"/, '"engine_version": "0.1.0"')],
      ]),
  },
  inLedger('a larger debit', /^(entries|hash of|balance)/, (row) =>
    row.reverses === '' && row.debit_cents !== '0' ? { ...row, debit_cents: `${row.debit_cents}0` } : null,
  ),
  inLedger('another account', /^(entries|hash of)/, (row) =>
    row.reverses === '' ? { ...row, partner_id: 'p9' } : null,
  ),
  inLedger('another past', /^hash of/, (row) => ({ ...row, previous_hash: '1'.repeat(64) })),
  inLedger('a reversal of something else', /^(reverses|hash) of/, (row) =>
    row.reverses ? { ...row, reverses: `${row.reverses}x` } : null,
  ),
  {
    what: 'an entry less',
    part: 'ledger.csv',
    field: /^(entries|seq of|balance)/,
    forge: (parts) => {
      const lines = parts.get('ledger.csv')!.split('\n')
      return lines.length < 4 ? null : new Map([...parts, ['ledger.csv', lines.toSpliced(2, 1).join('\n')]])
    },
  },
]

describe('a forgery under new hashes and a new seal', () => {
  test.each(forgeries)('$what is named: $part', async ({ part, field, forge }) => {
    for (let seed = 1; ; seed++) {
      const simulated = simulatedSettlement(seed)
      const parts = forge(simulated.parts, simulated)
      if (!parts) continue
      const verdict = await verifyBundle(await bundled(parts))
      expect(verdict.agrees).toBe(false)
      expect(verdict.findings.filter((each) => each.part === part && field.test(each.field)).length).toBeGreaterThan(0)
      expect(verdictText(verdict)).toMatch(/^DIFFERS/)
      return
    }
  })
})

describe('a change in the file as it lies there', () => {
  const { parts } = simulatedSettlement(7)

  test('of any one byte is seen, and where it can be read it is named', async () => {
    const dice = randomOf(0xb17e, tampered)
    const whole = await readFile(await bundled(parts))
    const path = join(folder, 'flipped.gz')
    // the gzip header and the seal have bytes that nobody reads: all of those, and as many anywhere
    const places = [...Array.from({ length: 10 }, (_, at) => at), 162, 161, 100, 20, 10, 1].map((at, place) =>
      place < 10 ? at : whole.length - at,
    )
    while (places.length < 16 + tampered) places.push(dice.below(whole.length))
    for (const at of places) {
      const flipped = Buffer.from(whole)
      flipped[at]! ^= 1 << dice.below(8)
      await writeFile(path, flipped)
      const { agrees, findings } = await verifyBundle(path)
      expect(agrees, `byte ${at} of ${whole.length}`).toBe(false)
      expect(findings.length).toBeGreaterThan(0)
    }
  })

  test('of any part under the old hash is seen, and the part is named', async () => {
    const whole = await readFile(await bundled(parts))
    const text = gunzipSync(whole).toString('utf8')
    const path = join(folder, 'edited.gz')
    for (const name of parts.keys()) {
      const from = text.indexOf(`+${name}\n`) + name.length + 2
      const edited = `${text.slice(0, from + 3)}~${text.slice(from + 4)}`
      await writeFile(path, resealed(edited))
      const { agrees, findings } = await verifyBundle(path)
      expect(agrees).toBe(false)
      expect(findings.filter(({ part, field }) => part === name && field === 'sha256')).toHaveLength(1)
    }
  })
})

/** The text of a bundle as a file, with its last line right about the bytes before it. */
function resealed(text: string): Buffer {
  const at = text.lastIndexOf('=')
  const body = gzipSync(text.slice(0, at))
  const sha256 = createHash('sha256').update(body).digest('hex')
  const seal = Buffer.from(`${text.slice(at).trimEnd().split(' ').slice(0, 2).join(' ')} ${sha256}\n`)
  const [head, tail] = [Buffer.from('1f8b08000000000000ff0100000000', 'hex'), Buffer.alloc(8)]
  head.writeUInt16LE(seal.length, 11)
  head.writeUInt16LE(0xffff - seal.length, 13)
  tail.writeUInt32LE(crc32(seal), 0)
  tail.writeUInt32LE(seal.length, 4)
  return Buffer.concat([body, head, seal, tail])
}
