/** By linear interpolation between the ordered values. */
export function quantile(values: readonly number[], share: number): number {
  const ordered = values.toSorted((left, right) => left - right)
  const place = (ordered.length - 1) * share
  const below = ordered[Math.floor(place)]!
  const above = ordered[Math.ceil(place)]!
  return below + (above - below) * (place - Math.floor(place))
}
