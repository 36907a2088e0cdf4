"""The log as a transparency log: its Merkle tree, signed checkpoints and proofs (C2SP formats)."""
