/** OMOP concepts as codes of their vocabularies: from CONCEPT where it is there, else from what stands in the source values. */
import type { Coding, Codes } from '../../vocabulary/codes.ts'

interface Concept {
  readonly system: string
  readonly code: string
  readonly display: string
}

export class Concepts {
  private readonly concepts = new Map<string, Concept>()

  /** what a code of a diagnosis is that could be of ICPC-1 and of ICD-10 */
  private eitherIs: 'ICPC-1' | 'ICD-10' = 'ICPC-1'

  constructor(private readonly codes: Codes) {}

  /** Settles, by how many of the source's codes are of ICD-10 alone, what those are that could be of either. @returns which */
  settleDiagnoses({ either, icd10 }: { readonly either: number; readonly icd10: number }): string {
    this.eitherIs = icd10 * 10 >= either && icd10 > 0 ? 'ICD-10' : 'ICPC-1'
    return this.eitherIs
  }

  /** SNOMED, ICPC-1 or ICD-10, by the shape of a code. */
  guessDiagnosisSystem = (code: string): string => {
    const shape = shapeOfDiagnosis(code)
    return shape === 'either' ? this.eitherIs : shape
  }

  /** Remembers a concept; of a vocabulary too large to keep whole only what may bear on the tables.
   *  @param all whether there is room for every concept */
  add(id: string, vocabulary: string, code: string, display: string, domain: string, all: boolean): void {
    const system = this.codes.systemOf(vocabulary)
    const concept = { system, code, display }
    const wanted =
      all ||
      system === 'UCUM' ||
      vocabulary === 'Currency' ||
      (this.codes.isDiagnosisSystem(system) && domain === 'Condition') ||
      this.codes.measureOf([concept]) !== undefined ||
      this.codes.atcOf([concept]) !== undefined
    if (wanted) this.concepts.set(id, concept)
  }

  /** All that a row says about what it is, the source's own code first.
   *  @param guess the system of a code, by its shape and by whether a concept says what the row is */
  codingsOf(
    concept: string,
    sourceConcept: string,
    sourceValue: string,
    guess: (code: string, known: boolean) => string,
  ): Coding[] {
    const codings: Coding[] = []
    if (sourceValue !== '')
      codings.push({ system: 'measure', code: sourceValue }, { system: 'programme', code: sourceValue })
    for (const id of [sourceConcept, concept]) {
      const found = this.concepts.get(id)
      if (found) codings.push(found)
      if (id !== '' && id !== '0') codings.push({ system: 'OMOP', code: id })
    }
    // the system of a known code is not guessed
    const isKnown = [sourceConcept, concept].some((id) => this.concepts.get(id)?.code === sourceValue)
    const known = [sourceConcept, concept].some((id) => id !== '' && id !== '0')
    const system = isKnown ? '' : guess(sourceValue, known)
    if (system !== '') codings.push({ system, code: sourceValue })
    return codings
  }

  /** How a row without a mapping is reported: by its concept, with the concept's name or the source's. */
  named(concept: string, sourceValue: string): Coding {
    const known = this.concepts.get(concept)
    if (known) return known
    return {
      system: concept === '' || concept === '0' ? 'source value' : 'OMOP',
      code: concept === '0' || concept === '' ? sourceValue : concept,
      display: sourceValue,
    }
  }

  /** The UCUM code of a unit concept. */
  unitOf(concept: string): string {
    return this.concepts.get(concept)?.code ?? ''
  }
}

/** LOINC by its check digit, SNOMED by its length; a few digits are of the NHG's table where no concept says what they are. */
export function guessMeasureSystem(code: string, known: boolean): string {
  if (/^\d{1,7}-\d$/.test(code)) return 'LOINC'
  if (/^\d{6,18}$/.test(code)) return 'SNOMED'
  return /^\d{2,4}$/.test(code) && !known ? 'NHG' : ''
}

const icpcChapters = 'ABDFHKLNPRSTUWXYZ'

/** SNOMED; of ICPC-1 or ICD-10 where the chapters and numbers of ICPC-1 allow it (symptoms 01-29, diagnoses 70-99); else ICD-10. */
export function shapeOfDiagnosis(code: string): 'SNOMED' | 'ICD-10' | 'either' | '' {
  if (/^\d{6,18}$/.test(code)) return 'SNOMED'
  const found = /^([A-Z])(\d{2})(\.\d{1,4})?$/.exec(code)
  if (!found) return ''
  const number = Number(found[2])
  const icpc = icpcChapters.includes(found[1] ?? '') && (number <= 29 || number >= 70) && (found[3] ?? '').length !== 2
  return icpc ? 'either' : 'ICD-10'
}

export const guessMedicineSystem = (code: string): string =>
  /^[A-Z]\d{2}[A-Z]{2}\d{2}$/.test(code) ? 'ATC' : /^\d{3,8}$/.test(code) ? 'RxNorm' : ''
