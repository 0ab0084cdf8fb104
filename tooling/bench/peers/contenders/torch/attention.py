# Attention of the models here; torch's own where it has one.
import math

import torch
from torch.nn import functional


def attend(query, key, value, causal):
    if hasattr(functional, "scaled_dot_product_attention"):
        return functional.scaled_dot_product_attention(query, key, value, is_causal=causal)
    scores = query @ key.transpose(-2, -1) / math.sqrt(query.shape[-1])
    if causal:
        forbidden = torch.ones(query.shape[-2], key.shape[-2], dtype=torch.bool).triu(1)
        scores = scores.masked_fill(forbidden, -math.inf)
    return functional.softmax(scores, -1) @ value
