/** As the vocabulary of every model here spells the end of a sentence. */
export const endToken = '<eos>'
