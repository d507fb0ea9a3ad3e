/** Who signed an act: `role:party`, or `role:party/person` for one person of an insurer or a partner. */

export interface Signer {
  readonly role: string
  /** UZOVI code, partner_id, or the name of a person */
  readonly party: string
}

/** The share of those insured by nobody that is known: an analyst signs for it. */
export const NOBODYS_SHARE = 'unknown'

/** The role and party of a signature; of a signature of before there were roles the party is empty. */
export function signerOf(signature: string): Signer {
  const [role = '', ...rest] = signature.split(':')
  return { role, party: rest.join(':').split('/')[0] ?? '' }
}

/** Whether a text is an insurer's code. */
const isInsurer = (text: string): boolean => /^\d{4}$/.test(text)

/** Whether somebody may approve an insurer's share: the insurer itself; an analyst where no insurer is known. */
export function signsFor(signature: string, insurer: string): boolean {
  const { role, party } = signerOf(signature)
  return isInsurer(insurer) ? role === 'insurer' && party === insurer : role === 'analyst'
}

/** Whether somebody may pay an insurer's share once it is approved: the insurer, or an analyst on its order. */
export const paysFor = (signature: string, insurer: string): boolean =>
  signsFor(signature, insurer) || signerOf(signature).role === 'analyst'
