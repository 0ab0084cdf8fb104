/** Columns of a panel, whose sums are as many as a processor adds up at once. */
export const panelColumns: i32 = 16

/** Numbers of a row or column, each of whose blocks is filled up with a zero to whole pairs. */
@inline
export function pairedLength(inner: i32, blocks: i32): i32 {
  return blocks * ((inner / blocks + 1) & ~1)
}

/** Bytes of a panel. */
export function quantizedPanelBytes(inner: i32, blocks: i32): i32 {
  return panelColumns * pairedLength(inner, blocks)
}

/**
 * Writes an int8 weight `[columns, inner]` as panels: two neighbours of each of 16 columns, the next two of each, and so on, with
 * zeros for columns that are not there. A unit is a panel.
 */
export function packQuantized(
  first: i32,
  end: i32,
  inner: i32,
  columns: i32,
  blocks: i32,
  weight: usize,
  panels: usize,
): void {
  const blockSize = inner / blocks
  const columnBytes = <usize>inner
  panels += <usize>first * <usize>quantizedPanelBytes(inner, blocks)
  for (let panel = first; panel < end; ++panel) {
    const count = min(panelColumns, columns - panel * panelColumns)
    let pairs = weight + <usize>panel * panelColumns * columnBytes
    for (let block = blocks; block > 0; --block) {
      for (let rest = blockSize; rest > 0; rest -= 2) {
        let from = pairs
        for (let column = 0; column < panelColumns; ++column) {
          let pair: u16 = 0
          if (column < count) pair = rest > 1 ? load<u16>(from) : load<u8>(from)
          store<u16>(panels, pair)
          panels += 2
          from += columnBytes
        }
        pairs += min(rest, 2)
      }
    }
  }
}
