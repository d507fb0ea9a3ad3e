/** Amounts of money by their unit: cents, which are whole and paid, and euros, which are reckoned with and rounded once (`centsOf`). */

declare const unit: unique symbol

/** A whole number of cents. The unit is for the compiler alone: one amount where the other is wanted does not compile; a number without
 *  a unit, as arithmetic gives it, is taken for either. */
export type Cents = number & { readonly [unit]?: 'cents' }

/** Euros, with as many decimals as they have. */
export type Eur = number & { readonly [unit]?: 'EUR' }
