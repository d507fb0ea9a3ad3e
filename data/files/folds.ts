/** Folds by patient, as a researcher hands them in: patient_id and fold. */
import { Refusal } from '../../engine/kernel/refusal.ts'
import { readCsv } from './csv.ts'

/** @throws Refusal `invalid_folds`, naming file and line, and those of reading a file */
export async function readFolds(path: string): Promise<Map<string, number>> {
  const folds = new Map<string, number>()
  await readCsv(path, path, { table: 'folds', columns: ['patient_id', 'fold'] }, ({ columns }) => {
    const [patientAt, foldAt] = [columns.indexOf('patient_id'), columns.indexOf('fold')]
    return {
      record(fields, count, line, malformed) {
        if (count === 1 && fields[0] === '') return
        // of a short row, what lies beyond its end is of the row before
        const cell = (at: number): string => (at >= 0 && at < count ? (fields[at] ?? '') : '')
        const [patient, fold] = [cell(patientAt), cell(foldAt)]
        const number = fold === '' ? NaN : Number(fold)
        if (malformed || patient === '' || !Number.isInteger(number) || number < 0)
          throw invalid(path, line, patient, fold)
        folds.set(patient, number)
      },
      flush: async () => {},
    }
  })
  return folds
}

const invalid = (path: string, line: number, patient: string, fold: string): Refusal =>
  new Refusal(
    'invalid_folds',
    `${path}, line ${line}: a row names a patient_id and its fold, a whole number from 0 up; found "${patient},${fold}".`,
    { file: path, line },
  )
