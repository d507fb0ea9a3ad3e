/** Characters that XML has no place for, as workbooks write them: _x000D_ is a carriage return (ECMA-376 part 1, 22.9.2.19). */

export const unescaped = (text: string): string =>
  text.includes('_x')
    ? text.replaceAll(/_x([\dA-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    : text
