import type { Direction } from './directions.ts'

/** What was in the folder of each model when the page was built. */
declare const modelVersions: Readonly<Record<Direction, string>>

/** Where the model of a direction lies: beside the page. */
export function modelAddress(direction: Direction): string {
  return new URL(`models/${direction}/?version=${modelVersions[direction]}`, document.baseURI).href
}
