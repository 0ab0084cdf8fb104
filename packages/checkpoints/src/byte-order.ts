/** True where numbers lie in memory as safetensors stores them: all but a few servers (s390x). */
export const HOST_IS_LITTLE_ENDIAN: boolean = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1

/** Reverses the bytes of each element of `elementBytes` bytes, in place. */
export function swapByteOrder(bytes: Uint8Array, elementBytes: number): void {
  for (let start = 0; start < bytes.length; start += elementBytes) {
    bytes.subarray(start, start + elementBytes).reverse()
  }
}
