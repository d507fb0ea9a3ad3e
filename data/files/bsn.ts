/** Citizen numbers must never enter the store. One number says little (1 in 11 passes the test by chance), a column of them much. */

const weights = [9, 8, 7, 6, 5, 4, 3, 2, -1]
/** How unlikely chance must be before we call ids citizen numbers. A false alarm costs a pseudonym, a miss a citizen. */
const chance = 1e-3

/** The 11-test: 9a + 8b + 7c + 6d + 5e + 4f + 3g + 2h - i is a multiple of 11, and not all digits are 0.
 *  @param text nine digits, or eight whose leading zero a spreadsheet took
 *  @see domain.md 4.1 */
export function passesElevenTest(text: string): boolean {
  const digits = text.padStart(9, '0')
  let sum = 0
  for (let i = 0; i < 9; i++) sum += (weights[i] as number) * (digits.charCodeAt(i) - 48)
  return sum % 11 === 0 && digits !== '000000000'
}

/** Counts ids, and says whether they look like citizen numbers. */
export class BsnDetector {
  private candidates = 0
  private passed = 0

  count(id: string): void {
    if ((id.length !== 9 && id.length !== 8) || !/^\d+$/.test(id)) return
    this.candidates++
    if (passesElevenTest(id)) this.passed++
  }

  get likely(): boolean {
    return binomialTail(this.candidates, this.passed, 1 / 11) < chance
  }

  get counts(): { readonly candidates: number; readonly passed: number } {
    return { candidates: this.candidates, passed: this.passed }
  }
}

/** P(X >= k) for X binomial(n, p), summed from its smallest exponent; 1 for k = 0. */
export function binomialTail(n: number, k: number, p: number): number {
  if (k === 0) return 1
  let logTerm = 0 // ln C(n, k) p^k (1 - p)^(n - k)
  for (let i = 1; i <= k; i++) logTerm += Math.log((n - k + i) / i)
  logTerm += k * Math.log(p) + (n - k) * Math.log1p(-p)
  let tail = 0
  for (let i = k; i <= n; i++) {
    const term = Math.exp(logTerm)
    tail += term
    if (i > n * p && term < tail * 1e-12) break
    logTerm += Math.log(((n - i) / (i + 1)) * (p / (1 - p)))
  }
  return Math.min(1, tail)
}
