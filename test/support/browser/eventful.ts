/** A site on which everything happened that pages tell of: a faulty delivery, a release, a dispute, a question, a correction and what it changed,
 *  and a trial of another year. All of it is asked of the API, as people do. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import type { Role } from '../../../data/access/keys.ts'
import { tokenFor } from '../services/keys.ts'
import { releasedByHand, reviewedByHand } from '../settlements/released.ts'
import { REGION, PEOPLE, type Site } from './site.ts'

export interface Eventful {
  /** addresses of pages that a form leads to, and no link, by who sent the form */
  readonly byForm: Readonly<Partial<Record<Role, readonly string[]>>>
}

/** Of analysts: whoever looks at the site may still act on what this one prepared. */
const PREPARES = 'ann'

/** What of answers of the API is asked further: each answer has what its route tells. */
interface Answer {
  readonly job_id: string
  readonly preview_id: string
  readonly question_id: string
  readonly state: string
  readonly result: string
  readonly patients: readonly { readonly patient_id: string }[]
}

export async function everythingHappens(site: Site): Promise<Eventful> {
  const { store, settlementId } = site
  const ask = asker(site)
  await releasedByHand(store, settlementId)
  const receipt = await ask('partner', `/v1/settlements/${settlementId}/partners/p01/receipt?limit=20`)
  const patients = [...new Set(receipt.patients.map(({ patient_id }) => patient_id))]
  const previews: string[] = []
  for (const patient_id of patients.slice(0, 2)) {
    const body = { kind: 'not_our_patient', partner_id: 'p01', patient_id }
    const preview = await ask('partner', `/v1/settlements/${settlementId}/dispute-previews`, body)
    previews.push(preview.preview_id)
    await untilCompleted(ask, 'partner', `/v1/dispute-previews/${preview.preview_id}`)
  }
  await ask('partner', `/v1/dispute-previews/${previews[0]}/file`, { evidence: 'moved in June' })
  await question(ask, (await contractOf(site)).contract)
  const trial = await contractFor(site, ask, 2024)
  await contractFor(site, ask, 2026)
  const before = await settled(ask, trial)
  await faultyDelivery(site, ask)
  const after = await settled(ask, trial)
  const difference = await ask('analyst', `/v1/settlements/${after}/differences`, { from: before })
  await untilCompleted(ask, 'analyst', `/v1/jobs/${difference.job_id}`)
  await reviewedByHand(store, before)
  await releasedByHand(store, after)
  return { byForm: { partner: previews.map((id) => `/dispute-previews/${id}`) } }
}

type Asker = (role: Role, url: string, body?: object | string | FormData) => Promise<Answer>

/** Asks the API in the name of whoever has the role. */
function asker({ store, address }: Site): Asker {
  const tokens = new Map<Role, Promise<string>>()
  return async (role, url, body) => {
    const token = tokens.get(role) ?? tokenFor(store, role, role === 'analyst' ? PREPARES : PEOPLE[role], REGION)
    tokens.set(role, token)
    const isForm = body instanceof FormData
    const type = typeof body === 'string' ? 'application/yaml' : 'application/json'
    const answer = await fetch(address + url, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        authorization: `Bearer ${await token}`,
        ...(body === undefined || isForm ? {} : { 'content-type': type }),
      },
      ...(body === undefined ? {} : { body: isForm || typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const told = (await answer.json()) as Answer
    if (!answer.ok) throw new Error(`${role} ${url}: ${answer.status} ${JSON.stringify(told)}`)
    return told
  }
}

async function untilCompleted(ask: Asker, role: Role, url: string): Promise<Answer> {
  for (let tries = 0; tries < 600; tries++) {
    const told = await ask(role, url)
    if (told.state === 'completed') return told
    if (told.state !== 'waiting' && told.state !== 'running') throw new Error(`${url}: ${JSON.stringify(told)}`)
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  throw new Error(`${url} does not end`)
}

interface Contract {
  readonly contract: string
  readonly reference: object
}
const contractOf = async ({ contract }: Site): Promise<Contract> => parse(await readFile(contract, 'utf8')) as Contract

/** The contract for another year. */
async function contractFor(site: Site, ask: Asker, year: number): Promise<string> {
  const signed = await contractOf(site)
  const contract = {
    ...signed,
    contract: `synthetic-dm2-${year}`,
    title: `Gezondheidswinst DM2 ${year}`,
    period: { start: `${year}-01-01`, end: `${year}-12-31` },
    reference: { ...signed.reference, end: `${year - 1}-12-31` },
  }
  await ask('analyst', '/v1/contracts', stringify(contract))
  return contract.contract
}

/** @returns the settlement */
async function settled(ask: Asker, contract: string): Promise<string> {
  const job = await ask('analyst', `/v1/contracts/${contract}/runs`, {})
  const { result } = await untilCompleted(ask, 'analyst', `/v1/jobs/${job.job_id}`)
  return result
}

/** Registered and answered. */
async function question(ask: Asker, contract: string): Promise<void> {
  const { question_id: id } = await ask('researcher', '/v1/questions', {
    contract,
    title: 'HbA1c by age',
    hypothesis: 'gain is the same at every age',
    outcome: 'gain_mean of hba1c',
    groups: 'ages within the contract',
    analysis: 'intervals of 95%',
    by: ['group', 'age_band'],
  })
  await ask('researcher', `/v1/questions/${id}/answer`)
}

/** The region's files once more, with two rows that cannot be taken. */
async function faultyDelivery({ data }: Site, ask: Asker): Promise<void> {
  const files = new FormData()
  const names = ['partners', 'patients', 'enrolments', 'observations', 'conditions', 'medications', 'claims', 'quality']
  for (const name of names) {
    const text = await readFile(join(data, `${name}.csv`), 'utf8')
    const [, first = ''] = text.split('\n')
    const [patient = '', , , , , practice = ''] = first.split(',')
    const faults = [
      `${patient},hba1c,2025-02-30,55,mmol/mol,${practice}`,
      `${patient},hba1c,2025-03-03,5500,mmol/mol,${practice}`,
    ]
    const more = name === 'observations' ? `${faults.join('\n')}\n` : ''
    files.append('files', new Blob([text + more]), `${name}.csv`)
  }
  const { job_id: id } = await ask('analyst', '/v1/deliveries?delivered=2027-01-15', files)
  await untilCompleted(ask, 'analyst', `/v1/jobs/${id}`)
}
