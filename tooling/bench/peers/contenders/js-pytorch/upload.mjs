import { torch } from 'js-pytorch'

/** A tensor without gradient. */
export const upload = ({ data, shape }) => torch.tensor(nested(data, shape, 0, data.length), false)

function nested(data, [axis, ...rest], start, length) {
  if (rest.length === 0) return [...data.subarray(start, start + length)]
  const part = length / axis
  return Array.from({ length: axis }, (_, index) => nested(data, rest, start + index * part, part))
}
