/** The claims of a verified token as an identity of ours: region, role, and in whose name. */
import type { JWTPayload } from 'jose'
import { ROLES, type Claims, type Role } from '../../data/access/keys.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import type { ClaimNames } from './provider.ts'

/** Whom the claims name.
 *  @throws Refusal `unknown_claims` */
export function claimsOf(payload: JWTPayload, names: ClaimNames, issuer: string): Claims {
  const region = textOf(payload, names.region)
  const role = roleOf(payload, names.role)
  const person = textOf(payload, names.person)
  if (role !== 'insurer' && role !== 'partner') return { region, role, subject: person, person: null, issuer }
  const subject = textOf(payload, names.organisation)
  if (role === 'insurer' && !/^\d{4}$/.test(subject))
    throw unknown(names.organisation, 'is not the UZOVI code of an insurer, four digits')
  return { region, role, subject, person, issuer }
}

/** The one role of ours among those that the token names: a provider has others too. */
function roleOf(payload: JWTPayload, name: string): Role {
  const named = [valueAt(payload, name)].flat()
  const [role, ...others] = ROLES.filter((each) => named.includes(each))
  if (role && others.length === 0) return role
  throw unknown(
    name,
    role ? `names ${[role, ...others].join(' and ')}, and one is wanted` : `is none of ${ROLES.join(', ')}`,
  )
}

function textOf(payload: JWTPayload, name: string): string {
  const value = valueAt(payload, name)
  if (typeof value === 'string' && /^\P{C}{1,200}$/u.test(value) && value.trim() === value) return value
  throw unknown(name, 'is missing, or no text of 1 to 200 characters')
}

function valueAt(payload: JWTPayload, path: string): unknown {
  if (Object.hasOwn(payload, path)) return payload[path]
  return path
    .split('.')
    .reduce<unknown>(
      (inside, name) =>
        typeof inside === 'object' && inside !== null && Object.hasOwn(inside, name)
          ? (inside as Record<string, unknown>)[name]
          : undefined,
      payload,
    )
}

const unknown = (claim: string, what: string): Refusal =>
  new Refusal(
    'unknown_claims',
    `The claim ${claim} of the token ${what}; its issuer should say who may do what here.`,
    {
      claim,
    },
  )
