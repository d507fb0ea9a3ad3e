/** Rows of the interface as resources of FHIR R4: plain R4, with our own names only where no code of the world fits. */
import { createHash } from 'node:crypto'
import type { Programme } from '../../../engine/contract/programme.ts'
import type { Codes } from '../../vocabulary/codes.ts'
import { OUR_EXPORT, OWN_ID } from '../../interchange/mapping/own-export.ts'
import { ucumOf } from '../../vocabulary/ucum.ts'
import type { FactName, FactRow } from '../facts/facts.ts'
import { asWritten } from '../facts/json-decimals.ts'

export type Resource = { readonly resourceType: string; readonly [name: string]: unknown }
export type Make = (row: FactRow, count: number) => Resource | null

const terminology = 'http://terminology.hl7.org/CodeSystem'

/** A maker of resources for each table, its cells in the order of `factColumns`; and the coverage of a patient.
 *  @param insured the patients with a Coverage, known when the first claim is written */
export function resourcesOf(
  codes: Codes,
  programmes: ReadonlyMap<string, Programme>,
  insured: ReadonlySet<string>,
): Record<Exclude<FactName, 'quality'> | 'coverage', Make> {
  const coding = (system: string, code: string) => ({ system: codes.uriOf(system), code })
  const measures = measureConcepts(codes, programmes)
  return {
    partners: ([id, name, kind, agb, memberOf]) =>
      resource('Organization', id!, {
        identifier: [{ system: OWN_ID, value: id }, ...(agb ? [{ system: codes.uriOf('AGB'), value: agb }] : [])],
        active: true,
        type: [{ coding: [coding('partner_kind', kind!)] }],
        name,
        partOf: memberOf ? reference('Organization', memberOf) : undefined,
      }),
    patients: ([id, birthYear, sex, postcode4, , diedOn]) =>
      resource('Patient', id!, {
        identifier: [{ system: OWN_ID, value: id }],
        gender: { m: 'male', f: 'female' }[sex!] ?? 'other',
        birthDate: birthYear || undefined,
        deceasedDateTime: diedOn || undefined,
        address: postcode4 ? [{ country: 'NL', postalCode: postcode4 }] : undefined,
      }),
    coverage: ([id, , , , insurer]) =>
      insurer
        ? resource('Coverage', coverageOf(id!), {
            status: 'active',
            beneficiary: reference('Patient', id!),
            payor: [{ identifier: { system: codes.uriOf('UZOVI'), value: insurer } }],
          })
        : null,
    enrolments: ([patient, programme, partner, since, until, endReason, mainPractitioner], count) =>
      resource('EpisodeOfCare', `enrolment-${count}`, {
        meta: { source: OUR_EXPORT },
        extension: [...extension('main-practitioner', mainPractitioner!), ...extension('end-reason', endReason!)],
        status: until ? 'finished' : 'active',
        type: [{ coding: [coding('programme', programme!)] }],
        patient: reference('Patient', patient!),
        managingOrganization: reference('Organization', partner!),
        period: { start: since, end: until || undefined },
      }),
    observations: ([patient, measure, on, value, unit, partner], count) =>
      resource('Observation', `observation-${count}`, {
        status: 'final',
        code: measures.get(measure!),
        subject: reference('Patient', patient!),
        effectiveDateTime: on,
        performer: partner ? [reference('Organization', partner)] : undefined,
        ...valueOf(codes, measure!, value!, unit!),
      }),
    conditions: ([patient, system, code, onset, resolved], count) =>
      resource('Condition', `condition-${count}`, {
        clinicalStatus: concept('condition-clinical', resolved ? 'resolved' : 'active'),
        code: { coding: [coding(system!, code!)] },
        subject: reference('Patient', patient!),
        onsetDateTime: onset,
        abatementDateTime: resolved || undefined,
      }),
    medications: ([patient, atc, since, until], count) =>
      resource('MedicationStatement', `medication-${count}`, {
        status: until ? 'completed' : 'active',
        medicationCodeableConcept: { coding: [coding('ATC', atc!)] },
        subject: reference('Patient', patient!),
        effectivePeriod: { start: since, end: until || undefined },
      }),
    claims: ([id, patient, partner, on, code, count, euros, setting]) =>
      resource('Claim', id!, {
        meta: { source: OUR_EXPORT },
        identifier: [{ system: OWN_ID, value: id }],
        status: 'active',
        type: concept('claim-type', 'professional'),
        subType: setting ? { coding: [coding('setting', setting)] } : undefined,
        use: 'claim',
        patient: reference('Patient', patient!),
        created: on,
        provider: reference('Organization', partner!),
        priority: concept('processpriority', 'normal'),
        insurance: [{ sequence: 1, focal: true, coverage: insurance(patient!, insured) }],
        item: [
          {
            sequence: 1,
            productOrService: { coding: [coding('activity', code!)] },
            servicedDate: on,
            quantity: { value: asWritten(count!) },
            net: { value: asWritten(euros!), currency: 'EUR' },
          },
        ],
      }),
  }
}

/** A concept of one of HL7's own code systems. */
const concept = (system: string, code: string) => ({ coding: [{ system: `${terminology}/${system}`, code }] })

const coverageOf = (patient: string): string => `${patient}-insurer`

/** A claim needs an insurance; of a patient without a known insurer it says that none is known. */
const insurance = (patient: string, insured: ReadonlySet<string>) =>
  insured.has(patient)
    ? reference('Coverage', coverageOf(patient))
    : { extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'unknown' }] }

/** The code of each measure: our own key first, then the one of each system of the world that means it in its unit. */
function measureConcepts(codes: Codes, programmes: ReadonlyMap<string, Programme>): ReadonlyMap<string, unknown> {
  const concepts = new Map<string, unknown>()
  for (const { measures } of programmes.values())
    for (const { key, title, codes: own } of measures) {
      const world = Object.keys(own).flatMap((system) => {
        const code = codes.codeInUnit(key, system)
        return code === undefined ? [] : [{ system: codes.uriOf(system), code }]
      })
      concepts.set(key, { coding: [{ system: codes.uriOf('measure'), code: key, display: title.en }, ...world] })
    }
  return concepts
}

/** A number with its unit; of a measure whose numbers stand for answers (a class), the answer. */
function valueOf(codes: Codes, measure: string, value: string, unit: string): Readonly<Record<string, unknown>> {
  const answer = codes.answerCode(measure, 'LOINC', Number(value))
  if (answer === undefined) return { valueQuantity: quantity(codes, Number(value), unit) }
  return { valueCodeableConcept: { coding: [{ system: codes.uriOf('LOINC'), code: answer }], text: value } }
}

function quantity(codes: Codes, value: number, unit: string): unknown {
  const code = ucumOf(unit, codes.units.spellingsOf(unit))
  return { value, unit, ...(code === null ? {} : { system: 'http://unitsofmeasure.org', code }) }
}

const resource = (resourceType: string, id: string, elements: Readonly<Record<string, unknown>>): Resource => ({
  resourceType,
  id: fhirId(id),
  ...Object.fromEntries(
    Object.entries(elements).filter(
      ([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0),
    ),
  ),
})

const reference = (type: string, id: string) => ({ reference: `${type}/${fhirId(id)}` })

const extension = (name: string, valueCode: string) =>
  valueCode ? [{ url: `urn:gezondheidswinst:${name}`, valueCode }] : []

/** An id as FHIR allows it: letters, digits, - and ., at most 64; of another the hash. The id itself is among the identifiers. */
function fhirId(id: string): string {
  return /^[A-Za-z0-9.-]{1,64}$/.test(id) ? id : createHash('sha256').update(id).digest('hex').slice(0, 40)
}
